"""What moved in the pipeline between two days, from the history of the opportunities that the user may see now.

Whatever happens to an opportunity on one day is one step, from its last state before to its last state of that day. Each
step is told apart into movements that add up to the difference, so that the movements of any period lead from
what was in the pipeline before to what is in it afterwards, to the cent, and those of adjoining periods add up.
"""

from datetime import date, timedelta
from typing import NamedTuple

import frappe
from frappe.query_builder.functions import Coalesce, Count, Date, Round, Sum
from pypika import Case, Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.history.as_of import change, of_visible, weighted
from crm_pipeline.rules import status
from crm_pipeline.utils.bulk_sql import rounded, worked_out_once

NEW, REOPENED, TRANSFERRED_IN, PULLED_IN = "New", "Reopened", "Transferred In", "Pulled In"
RAISED, LOWERED, CURRENCY, PROBABILITY = "Raised", "Lowered", "Currency", "Probability"
SLIPPED, TRANSFERRED_OUT, WON, LOST, CLOSED = "Slipped", "Transferred Out", "Won", "Lost", "Closed"
ENTRIES = (NEW, REOPENED, TRANSFERRED_IN, PULLED_IN)
EXITS = (SLIPPED, TRANSFERRED_OUT, WON, LOST, CLOSED)
CHANGES = (RAISED, LOWERED, CURRENCY, PROBABILITY)
STAYED = "Stayed"  # in the pipeline before and after
OUTCOMES = {status.CONVERTED: WON, status.LOST: LOST, status.CLOSED: CLOSED}

before, after = change.as_("before_step"), change.as_("after_step")
step = Table("step")
# What tells steps apart.
TELLING = {
	"opportunity": after.opportunity,
	"day": Date(after.at),
	"number_before": before.idx,
	"number_after": after.idx,
}


class Scope(NamedTuple):
	"""Which part of the pipeline is looked at: by owners and processes, if any are named, and days of the expected closing."""

	owners: tuple[str, ...] = ()
	processes: tuple[str, ...] = ()
	closing_from: date | None = None
	closing_to: date | None = None

	@property
	def is_of_some(self) -> bool:
		"""Tell whether opportunities can be transferred into and out of it."""
		return bool(self.owners or self.processes)

	@property
	def has_window(self) -> bool:
		"""Tell whether opportunities can move into and out of it by their expected closing."""
		return bool(self.closing_from or self.closing_to)

	def holds(self, state: Table) -> Criterion:
		"""Return whether a state is in play and in this part of the pipeline."""
		window = {"gte": self.closing_from, "lte": self.closing_to}
		return Criterion.all(
			[
				state.status.isin(sorted(status.IN_PLAY)),
				*self.belongs(state),
				*(getattr(state.expected_closing, compare)(day) for compare, day in window.items() if day),
			]
		)

	def belongs(self, state: Table) -> list[Criterion]:
		"""Return what is asked of owner and process of a state."""
		asked = {"opportunity_owner": self.owners, "sales_process": self.processes}
		return [state[field].isin(values) for field, values in asked.items() if values]


def sums(first: date, last: date, scope: Scope, places: int) -> dict[str, frappe._dict]:
	"""Return `count`, `amount` and `weighted` of each movement from a first to a last day, with one statement.

	Args:
		places: decimals of the base currency, in which amounts are. They have the sign of what the movement does.
	"""
	rows = _summing(steps(first, last, scope, places, ())).run(as_dict=True)
	found = {
		row.cause: frappe._dict(
			count=row.steps, amount=_signed(row.cause, row.amount), weighted=_signed(row.cause, row.weighted)
		)
		for row in rows
		if row.cause != STAYED
	}
	for movement in CHANGES:
		figures = {
			figure: sum(row[_name(movement, figure)] or 0 for row in rows)
			for figure in ("count", "amount", "weighted")
		}
		found[movement] = frappe._dict(figures)
	return found


def steps_of(movement: str, first: date, last: date, scope: Scope, places: int) -> QueryBuilder:
	"""Return a query on the steps in which one movement happened.

	It has `opportunity`, `day`, the `amount` and `weighted` that the movement stands for, and of the changes in the
	history that were the last ones before and after it `number_before` and `number_after`.
	"""
	query = frappe.qb.from_(steps(first, last, scope, places))
	if movement in CHANGES:
		happened, amount, weight = _changes()[movement]
	else:
		sign = 1 if movement in ENTRIES else -1
		happened, amount, weight = step.cause == movement, sign * step.base_after, sign * step.weighted_after
	return query.where(happened).select(
		step.opportunity,
		step.day,
		step.number_before,
		step.number_after,
		amount.as_("amount"),
		weight.as_("weighted"),
	)


def steps(
	first: date, last: date, scope: Scope, places: int, told: tuple[str, ...] = tuple(TELLING)
) -> QueryBuilder:
	"""Return the query, as `step`, of what the days from a first to a last did to each opportunity in the pipeline.

	Args:
		told: which of TELLING it has, to tell steps apart; they make much of what the database keeps of each.

	It goes from `base_before` by `raised` and `currency` to `base_after`, all in base currency, and from `weighted_before`
	by `weighted_raised` and `weighted_revalued` to `weighted_after`.
	"""
	moved = _moved(first, last, scope, places, told)
	raised, probability = moved.base_before + moved.raised, moved.probability_before
	query = frappe.qb.from_(moved).select(
		moved.star,
		Round(moved.base_after - raised, places).as_("currency"),
		weighted(moved.base_before, probability, places).as_("weighted_before"),
		weighted(raised, probability, places).as_("weighted_raised"),
		weighted(moved.base_after, probability, places).as_("weighted_revalued"),
		weighted(moved.base_after, moved.probability_after, places).as_("weighted_after"),
	)
	return worked_out_once(query).as_("step")


def _moved(first: date, last: date, scope: Scope, places: int, told: tuple[str, ...]) -> QueryBuilder:
	"""Return the query, as `moved`, of steps with their cause, amounts and probabilities.

	A step ends with the last change of a day: one that was not replaced on it. Before it was the change that was not replaced
	until that day. What enters has been worth as much before; what leaves had, while it was in, the amount with which it left.
	An opportunity that is dated ahead and has changed before is replaced when it begins: it counts from the day of those that
	follow, and is no step on its own day, nor what there was before it.
	"""
	was_in, is_in = scope.holds(before), scope.holds(after)
	base_after, base_before = (Coalesce(state.base_opportunity_amount, 0) for state in (after, before))
	chances = {state: Coalesce(state.probability, 0) for state in (before, after)}
	day = TELLING["day"]
	is_last = after.replaced_at.isnull() | (Date(after.replaced_at) > day)
	is_before = (before.at < day) & (before.replaced_at >= day)
	query = frappe.qb.from_(after).left_join(before).on((before.opportunity == after.opportunity) & is_before)
	return worked_out_once(
		of_visible(query, after)
		.where((after.at >= first) & (after.at < last + timedelta(days=1)))
		.where(is_last & (was_in | is_in))
		.select(
			*(TELLING[name].as_(name) for name in told),
			_cause(scope, was_in, is_in).as_("cause"),
			Case().when(was_in, base_before).else_(base_after).as_("base_before"),
			Case().when(was_in, _raised(places)).else_(0).as_("raised"),
			base_after.as_("base_after"),
			Case().when(was_in, chances[before]).else_(chances[after]).as_("probability_before"),
			Case().when(is_in, chances[after]).else_(chances[before]).as_("probability_after"),
		)
	).as_("moved")


def _cause(scope: Scope, was_in: Criterion, is_in: Criterion) -> Term:
	"""Return how a step came into the pipeline or left it."""
	entered = Case().when(before.idx.isnull(), NEW).when(before.status.isin(sorted(status.ENDED)), REOPENED)
	left = Case()
	for ended, outcome in OUTCOMES.items():
		left = left.when(after.status == ended, outcome)
	if scope.is_of_some:
		entered = entered.when(Criterion.all(scope.belongs(before)), PULLED_IN).else_(TRANSFERRED_IN)
		left = left.when(Criterion.all(scope.belongs(after)), SLIPPED).else_(TRANSFERRED_OUT)
	else:
		entered, left = entered.else_(PULLED_IN), left.else_(SLIPPED)
	return Case().when(was_in & is_in, STAYED).when(is_in, entered).else_(left)


def _raised(places: int) -> Term:
	"""Return what a step did to the amount itself, at the rate of its end; the rest is done by currency and rate."""
	amounts = {state: Coalesce(state.opportunity_amount, 0) for state in (before, after)}
	bases = {state: Coalesce(state.base_opportunity_amount, 0) for state in (before, after)}
	rate = Coalesce(after.conversion_rate, 0)
	return (
		Case()
		.when((after.currency != before.currency) | (amounts[after] == amounts[before]), 0)
		.when(rate == Coalesce(before.conversion_rate, 0), Round(bases[after] - bases[before], places))
		.else_(rounded((amounts[after] - amounts[before]) * rate, places))
	)


def _changes() -> dict[str, tuple[Criterion, Term, Term]]:
	"""Return when a step has changed a value, by how much, and what that did to the weighted amount."""
	raised = (step.raised, step.weighted_raised - step.weighted_before)
	revalued = (step.currency, step.weighted_revalued - step.weighted_raised)
	chance = step.weighted_after - step.weighted_revalued
	return {
		RAISED: (step.raised > 0, *raised),
		LOWERED: (step.raised < 0, *raised),
		CURRENCY: (step.currency != 0, *revalued),
		PROBABILITY: (step.weighted_after != step.weighted_revalued, 0 * chance, chance),
	}


def _summing(of_steps: QueryBuilder) -> QueryBuilder:
	query = frappe.qb.from_(of_steps).groupby(step.cause)
	query = query.select(
		step.cause,
		Count("*").as_("steps"),
		Sum(step.base_after).as_("amount"),
		Sum(step.weighted_after).as_("weighted"),
	)
	for movement, (happened, amount, weight) in _changes().items():
		for figure, value in (("count", 1), ("amount", amount), ("weighted", weight)):
			query = query.select(Sum(Case().when(happened, value).else_(0)).as_(_name(movement, figure)))
	return query


def _name(movement: str, figure: str) -> str:
	return f"{movement.lower()}_{figure}"


def _signed(cause: str, value: float) -> float:
	return value if cause in ENTRIES else -value
