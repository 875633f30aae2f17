"""What the pipeline page reads: stages with their totals, and cards a portion at a time.

Everything obeys what the user may see. The number of queries does not depend on the number of opportunities.
"""

from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Count, Sum
from frappe.utils import add_days, cint, flt, getdate, now_datetime
from pypika import Case, Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from crm_pipeline.board.cards import cards_of
from crm_pipeline.follow_ups.mails import pending, pending_in_lists
from crm_pipeline.history.rotting import rotting_on
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.processes.sales_processes import process_for, process_to_read
from crm_pipeline.rules import money, stages, status
from crm_pipeline.utils.paging import portion
from crm_pipeline.utils.time_zones import zones_of

RECENT_DAYS = 30
MOST_CARDS = 200
# What is added up for a stage: the figure, and the field.
FIGURES = {
	"amount": "base_opportunity_amount",
	"weighted": "weighted_amount",
	"revenue": "base_close_revenue",
}
ROTTING = "Rotting Opportunities"  # the report


class Column(NamedTuple):
	"""A stage on the board: its type, default probability (percent) and after how many days opportunities rot."""

	stage: str
	type: str
	probability: float
	rotting_days: int


@frappe.whitelist(methods=["GET"])
def get_board(sales_process: str | None = None, limit_per_stage: int = 50) -> dict:
	"""Return the board of a sales process (the default one if left out).

	Args:
		limit_per_stage: how many cards of each open stage to include, 1 to 200.

	Returns:
		`sales_process`, `currency` (base), `now` (site time), `time_zones` of the `site` and the user's `own`,
		`recent_days`, `totals` of the open stages, how many next contacts are `overdue`,
		`stages` in order, each with its translated `label`, `count`, `amount` and `weighted` (base currency) and its
		first `cards`,
		and what the cards need: `people` (full names by user) and `decimals` (by currency). Won and lost
		stages count what was closed in the last 30 days and come without cards. Amounts that the user's permission
		levels do not let them read are None, and left out of cards.
	"""
	require_reading()
	process = process_to_read(sales_process or process_for(None))
	sums = _sums_by_stage(process.name)
	columns = _columns(process, sums)
	names = [
		name
		for column in columns
		if column.type == stages.OPEN_STAGE and column.stage in sums
		for name in _names(process.name, column.stage, 0, _between(limit_per_stage))
	]
	cards, legend = cards_of(names)
	summaries = [_summary(column, sums, cards) for column in columns]
	return {
		"sales_process": process.name,
		"currency": base_currency(),
		"now": str(now_datetime()),
		"time_zones": dict(zip(("site", "own"), zones_of(frappe.session.user), strict=True)),
		"recent_days": RECENT_DAYS,
		"totals": _totals(summaries),
		"overdue": sum(cint(row.overdue) for row in sums.values()),
		"stages": summaries,
		**legend,
	}


@frappe.whitelist(methods=["GET"])
def get_cards(sales_process: str, stage: str, start: int = 0, limit: int = 50) -> dict:
	"""Return the next cards of one stage: `cards`, with `people` and `decimals` as `get_board` gives them.

	Args:
		start: how many cards to skip.
		limit: how many to return, 1 to 200.
	"""
	require_reading()
	cards, legend = cards_of(_names(sales_process, stage, *portion(start, limit, MOST_CARDS)))
	return {"cards": cards, **legend}


@frappe.whitelist(methods=["GET", "POST"])
def count_rotting() -> dict:
	"""Return what the number card of rotting opportunities shows: `value`, of those the user may see, and where it leads.

	That is the report, for whoever has a role for it.
	"""
	require_reading()
	opportunity = frappe.qb.DocType("Opportunity")
	query = frappe.qb.from_(opportunity).select(Count(opportunity.name)).where(visible("Opportunity"))
	count = query.where(rotting_on(getdate())).run()[0][0]
	shown = {"value": count, "fieldtype": "Int"}
	readers = {row.role for row in frappe.get_cached_doc("Report", ROTTING).roles}
	if readers.isdisjoint(frappe.get_roles()):  # a card without a route leads nowhere
		return shown
	return {**shown, "route": ["query-report", ROTTING]}


@frappe.whitelist(methods=["GET", "POST"])
def count_overdue() -> dict:
	"""Return what the number card of overdue follow-ups shows: `value`, of those the user may see, and where it leads."""
	require_reading()
	opportunity, now = frappe.qb.DocType("Opportunity"), now_datetime()
	query = frappe.qb.from_(opportunity).select(Count(opportunity.name)).where(visible("Opportunity"))
	count = query.where(pending(opportunity, now)).run()[0][0]
	route = ["List", "Opportunity"]
	return {"value": count, "fieldtype": "Int", "route": route, "route_options": pending_in_lists(now)}


def _between(limit: int) -> int:
	return min(max(limit, 1), MOST_CARDS)


def _columns(process: Document, sums: dict) -> list[Column]:
	"""Return the stages of the process, then those it no longer has but opportunities still stand in."""
	rows = {row.sales_stage: row for row in process.stages}
	names = [*rows, *(stage for stage in sums if stage not in rows)]
	return [
		Column(
			name,
			frappe.get_cached_value("Sales Stage", name, "stage_type"),
			flt(rows[name].probability) if name in rows else 0.0,
			cint(rows[name].rotting_days) if name in rows else 0,
		)
		for name in names
	]


def _summary(column: Column, sums: dict, cards: list[frappe._dict]) -> dict:
	"""Return a column with its totals; what was won counts with its revenue."""
	row = sums.get(column.stage) or frappe._dict()
	amount = "revenue" if column.type == stages.WON_STAGE else "amount"
	return {
		**column._asdict(),
		"label": _(column.stage),
		"count": cint(row["count"]) if row else 0,
		"amount": _figure(row, amount),
		"weighted": _figure(row, "weighted"),
		"cards": [card for card in cards if card.sales_stage == column.stage],
	}


def _figure(row: dict, name: str) -> float | None:
	"""Return a sum of a column; None where it is of a field that the user may not read."""
	if not is_readable("Opportunity", FIGURES[name]):
		return None
	return money.round_to(flt(row.get(name)), decimals_of(base_currency()))


def _totals(summaries: list[dict]) -> dict:
	open_ones = [summary for summary in summaries if summary["type"] == stages.OPEN_STAGE]
	return {
		"count": sum(summary["count"] for summary in open_ones),
		"amount": _total(open_ones, "amount"),
		"weighted": _total(open_ones, "weighted"),
	}


def _total(summaries: list[dict], name: str) -> float | None:
	if not is_readable("Opportunity", FIGURES[name]):
		return None
	return money.total((summary[name] for summary in summaries), decimals_of(base_currency()))


def _sums_by_stage(process: str) -> dict:
	opportunity = frappe.qb.DocType("Opportunity")
	rows = (
		_on_board(process)
		.groupby(opportunity.sales_stage)
		.select(
			opportunity.sales_stage,
			Count(opportunity.name).as_("count"),
			*(Sum(opportunity[field]).as_(name) for name, field in FIGURES.items()),
			Sum(Case().when(_is_missed(opportunity), 1).else_(0)).as_("overdue"),
		)
	).run(as_dict=True)
	return {row.sales_stage: row for row in rows}


def _is_missed(opportunity: Table) -> Criterion:
	"""Match opportunities in play whose next contact is overdue."""
	moment = str(now_datetime())  # as SQLite keeps it; within a CASE it would be written with a T
	return opportunity.status.isin(sorted(status.IN_PLAY)) & (opportunity.next_contact_date < moment)


def _on_board(process: str) -> QueryBuilder:
	"""Return a query on the opportunities of a process that are in play or were won or lost lately, as far as visible."""
	opportunity = frappe.qb.DocType("Opportunity")
	ended = opportunity.status.isin([status.CONVERTED, status.LOST])
	lately = opportunity.closed_on >= add_days(getdate(), -RECENT_DAYS)
	return (
		frappe.qb.from_(opportunity)
		.where(opportunity.sales_process == process)
		.where(opportunity.status.isin(sorted(status.IN_PLAY)) | (ended & lately))
		.where(visible("Opportunity"))
	)


def _names(process: str, stage: str, start: int, limit: int) -> list[str]:
	"""Return the names in the order to work on them: missed contacts, then by closing date; other paused opportunities at the end."""
	opportunity = frappe.qb.DocType("Opportunity")
	query = _on_board(process).where(opportunity.sales_stage == stage).select(opportunity.name)
	if frappe.get_cached_value("Sales Stage", stage, "stage_type") == stages.OPEN_STAGE:
		urgency = Case().when(_is_missed(opportunity), 0)
		urgency = urgency.when(opportunity.status == status.PAUSED, 2).else_(1)
		undated = Case().when(opportunity.expected_closing.isnull(), 1).else_(0)
		query = query.orderby(urgency).orderby(undated).orderby(opportunity.expected_closing)
	else:
		query = query.orderby(opportunity.closed_on, order=frappe.qb.desc)
	return [row[0] for row in query.orderby(opportunity.name).limit(limit).offset(start).run()]
