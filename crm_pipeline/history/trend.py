"""What was in the pipeline on each of many days, from the history of the opportunities that the user may see now.

It is what `as_of` tells of each of the days. All but the first follow from what moved until then, so that the number of
statements does not depend on that of the days.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import frappe
from frappe.query_builder.functions import Coalesce, Sum
from frappe.utils import flt, getdate
from pypika import Case
from pypika.terms import Term

from crm_pipeline.history.as_of import in_play_on, state, weighted
from crm_pipeline.history.movements import ENTRIES, EXITS, Scope, step, steps
from crm_pipeline.rules import money


class Point(NamedTuple):
	"""What was in the pipeline at the end of a day, in the base currency."""

	day: date
	amount: float
	weighted: float


def trend(days: Sequence[date], scope: Scope, places: int) -> list[Point]:
	"""Return a point for each day, with two statements.

	Args:
		days: at least one, the earliest first.
		scope: the part of the pipeline that is looked at, as it was on each day.
		places: decimals of the base currency.

	Raises:
		OpportunitiesSwitchedOff, frappe.PermissionError
	"""
	opening = _on(days[0], scope, places)
	moved = _moved_by_day(days[0] + timedelta(days=1), days[-1], scope, places)
	return [_added_up([opening, *moved], day, places) for day in days]


def _added_up(moved: list[Point], day: date, places: int) -> Point:
	"""Return the sum of what was there at first and of what moved up to a day, free of what adding up binary fractions leaves."""
	until = [each for each in moved if each.day <= day]
	amount, weight = sum(each.amount for each in until), sum(each.weighted for each in until)
	return Point(day, money.round_to(amount, places), money.round_to(weight, places))


def _on(day: date, scope: Scope, places: int) -> Point:
	amount = Coalesce(state.base_opportunity_amount, 0)
	query = in_play_on(day).where(scope.holds(state))
	((found, weight),) = query.select(Sum(amount), Sum(weighted(amount, state.probability, places))).run()
	return Point(day, flt(found), flt(weight))


def _moved_by_day(first: date, last: date, scope: Scope, places: int) -> list[Point]:
	"""Return by how much what is in the pipeline became more or less on each day on which anything moved."""
	moved = steps(first, last, scope, places, ("day",))
	rows = (
		frappe.qb.from_(moved)
		.groupby(step.day)
		.select(
			step.day,
			Sum(_change(step.base_before, step.base_after)),
			Sum(_change(step.weighted_before, step.weighted_after)),
		)
		.run()
	)
	return [Point(getdate(day), flt(amount), flt(weight)) for day, amount, weight in rows]


def _change(before: Term, after: Term) -> Term:
	"""Return what a step does to the sum of all: what enters was not in it before, what leaves is not afterwards."""
	return (
		Case()
		.when(step.cause.isin(ENTRIES), after)
		.when(step.cause.isin(EXITS), -before)
		.else_(after - before)
	)
