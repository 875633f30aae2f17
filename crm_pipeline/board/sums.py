"""Figures of many opportunities, each set of them one statement; amounts in base currency."""

import frappe
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cint, flt
from pypika import Case
from pypika.queries import QueryBuilder
from pypika.terms import Term, ValueWrapper

from crm_pipeline.board.opportunities import seen_in
from crm_pipeline.board.states import (
	ENDED,
	OF_THE_AWAKE,
	ended_lately,
	in_play,
	moments,
	of_those_that_ask,
	readable_states,
)
from crm_pipeline.history.rotting import opportunity
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.rules import money, status
from crm_pipeline.rules.view_filters import OVERDUE, PAUSED, STATES, Filters

# What is added up: the figure, and the field.
FIGURES = {
	"amount": "base_opportunity_amount",
	"weighted": "weighted_amount",
	"revenue": "base_close_revenue",
}
OF_STATES = ("amount", "weighted")
ASKING = tuple(state for state in STATES if state != PAUSED)


def parts_of_board(process: str | None, filters: Filters) -> list[frappe._dict]:
	"""Return `count` and the FIGURES of what filters leave of the board, but for theirs on the state, in parts.

	Everything is looked at once: what is in play with one statement, what ended lately with another, as each is found by an
	index of its own.

	Args:
		process: one, or None for all.

	Returns: parts with their `sales_stage`, `status` and `states`, the ones that all in it are in.
	"""
	query = adding(seen_in(process, filters._replace(state=None)), *FIGURES)
	query = query.select(opportunity.sales_stage, opportunity.status)
	query = query.groupby(opportunity.sales_stage, opportunity.status)
	standing = _standing(process).as_("standing")
	playing = query.where(in_play()).select(standing).groupby(standing).run(as_dict=True)
	ended = query.where(ended_lately(*ENDED.values())).run(as_dict=True)
	return [frappe._dict(part, states=_states_of(part)) for part in (*playing, *ended)]


def _standing(process: str | None) -> Term:
	"""Return the states that `of_those_that_ask` matches as one number, each a binary digit of it."""
	at = moments()
	flags = (Case().when(of_those_that_ask(state, at, process), 1).else_(0) for state in ASKING)
	return sum(((flag * 2**digit) for digit, flag in enumerate(flags)), start=ValueWrapper(0))


def _states_of(part: frappe._dict) -> list[str]:
	"""Return what `in_state` says of all in a part."""
	if "standing" not in part:
		return [state for state, end in ENDED.items() if part.status == end]
	asked = [state for digit, state in enumerate(ASKING) if part.standing >> digit & 1]
	if part.status != status.PAUSED:
		return asked
	return [PAUSED, *(state for state in asked if state not in OF_THE_AWAKE)]


def sums_by_stage(parts: list[frappe._dict], state: str | None) -> dict[str, frappe._dict]:
	"""Return `count`, the FIGURES and how many next contacts are `overdue`, by stage.

	Args:
		state: the one that the board is to show; all without.
	"""
	sums: dict[str, frappe._dict] = {}
	for part in parts:
		if _stands_on_board(part, state):
			row = sums.setdefault(
				part.sales_stage, frappe._dict(dict.fromkeys(("count", *FIGURES, "overdue"), 0))
			)
			for name in ("count", *FIGURES):
				row[name] += part[name] or 0
			row.overdue += part["count"] if OVERDUE in part.states else 0
	return sums


def sum_in_play(parts: list[frappe._dict], state: str | None) -> dict:
	"""Return `count`, `amount` and `weighted` of what is in play in parts, or of those of it in a state."""
	return summed([part for part in parts if part.status in status.IN_PLAY and _stands_on_board(part, state)])


def _stands_on_board(part: frappe._dict, state: str | None) -> bool:
	"""Return what `stands_on_board` says of all in a part."""
	if state is None or state in part.states:
		return True
	return state not in ENDED and part.status in ENDED.values()


def pulse(parts: list[frappe._dict]) -> dict[str, dict]:
	"""Return `count`, `amount` and `weighted` of each state.

	All are None for a state that follows from a field which the session's user may not read.
	"""
	states = readable_states()
	return {
		state: summed([part for part in parts if state in part.states]) if state in states else _unknown()
		for state in STATES
	}


def totals_of(query: QueryBuilder, amount: str = "amount") -> dict:
	"""Return `count`, `amount` (what was won counts with its `revenue`) and `weighted` of what a query finds."""
	return summed(adding(query, amount, "weighted").run(as_dict=True), amount)


def summed(rows: list[frappe._dict], amount: str = "amount") -> dict:
	"""Return `count`, `amount` and `weighted` of rows with such sums."""
	return {
		"count": sum(cint(row["count"]) for row in rows),
		"amount": figure(sum(flt(row[amount]) for row in rows), amount),
		"weighted": figure(sum(flt(row["weighted"]) for row in rows), "weighted"),
	}


def figure(value: float | None, name: str) -> float | None:
	"""Return a sum as it is shown; None where it is of a field that the session's user may not read."""
	if not is_readable("Opportunity", FIGURES[name]):
		return None
	return money.round_to(flt(value), decimals_of(base_currency()))


def adding(query: QueryBuilder, *figures: str) -> QueryBuilder:
	"""Let a query select `count` and sums, those of OF_STATES if none is named."""
	figures = figures or OF_STATES
	query = query.select(Count("*").as_("count"))
	return query.select(*(Sum(opportunity[FIGURES[name]]).as_(name) for name in figures))


def _unknown() -> dict:
	return dict.fromkeys(("count", *OF_STATES))
