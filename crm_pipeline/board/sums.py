"""Figures of many opportunities, each set of them one statement; amounts in base currency."""

import frappe
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cint, flt
from pypika import Case
from pypika.queries import QueryBuilder

from crm_pipeline.board.filters import narrowing
from crm_pipeline.board.opportunities import on_board, seen_in
from crm_pipeline.board.states import in_play, in_state, moments, of_those_in_play, readable_states
from crm_pipeline.history.rotting import opportunity
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.rules import money
from crm_pipeline.rules.view_filters import OVERDUE, STATES, Filters

# What is added up: the figure, and the field.
FIGURES = {
	"amount": "base_opportunity_amount",
	"weighted": "weighted_amount",
	"revenue": "base_close_revenue",
}
OF_STATES = ("amount", "weighted")


def sums_by_stage(process: str, filters: Filters) -> dict[str, frappe._dict]:
	"""Return `count`, the FIGURES and how many next contacts are `overdue`, by stage."""
	query = adding(on_board(process, filters).groupby(opportunity.sales_stage), *FIGURES)
	missed = Case().when(in_state(OVERDUE, moments()), 1).else_(0)
	rows = query.select(opportunity.sales_stage, Sum(missed).as_("overdue")).run(as_dict=True)
	return {row.sales_stage: row for row in rows}


def pulse(process: str, filters: Filters) -> dict[str, dict]:
	"""Return `count`, `amount` and `weighted` of each state, of what the filters leave but for theirs on the state.

	All are None for a state that follows from a field which the session's user may not read.
	"""
	states = readable_states()
	query = seen_in(process).where(in_play()).where(narrowing(filters._replace(state=None)))
	at = moments()
	for state in states:  # grouped by all of them, each is looked at once for each opportunity
		flag = Case().when(of_those_in_play(state, at, process), 1).else_(0).as_(f"is_{state}")
		query = query.select(flag).groupby(flag)
	rows = adding(query).run(as_dict=True) if states else []
	return {state: _of_state(rows, state) if state in states else _unknown() for state in STATES}


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
	query = query.select(Count(opportunity.name).as_("count"))
	return query.select(*(Sum(opportunity[FIGURES[name]]).as_(name) for name in figures))


def _of_state(rows: list[frappe._dict], state: str) -> dict:
	return summed([row for row in rows if row[f"is_{state}"]])


def _unknown() -> dict:
	return dict.fromkeys(("count", *OF_STATES))
