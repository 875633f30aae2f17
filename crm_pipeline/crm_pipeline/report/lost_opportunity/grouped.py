"""Lost Opportunity by reason, competitor, owner or stage, over months, quarters or years; every figure opens the list behind it.

An opportunity with several reasons or competitors stands in the row of each, whole: that is what was lost by it. Another row takes
away what is counted more than once, so that the columns add up to the total, which has each opportunity once.
"""

from datetime import date
from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count, Sum
from frappe.utils import flt
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.crm_pipeline.report import opportunity_list
from crm_pipeline.crm_pipeline.report.opportunity_list import Figure, Heading, refuse_figure
from crm_pipeline.crm_pipeline.report.periods import key, keys_of_months, label, month_of, spans_of
from crm_pipeline.crm_pipeline.report.utils import column, several, stacked_bars
from crm_pipeline.history.as_of import change, opportunity
from crm_pipeline.money.exchange_rates import base_currency
from crm_pipeline.processes.sales_processes import in_order
from crm_pipeline.rules.aging import UNDONE
from crm_pipeline.rules.stages import OPEN_STAGE
from crm_pipeline.utils.bulk_sql import Exists, Value, in_list

REASON, COMPETITOR, OWNER, STAGE = "lost_reasons", "competitors", "opportunity_owner", "sales_stage"
GROUPS = {"Lost Reason": REASON, "Competitor": COMPETITOR, "Owner": OWNER, "Sales Stage": STAGE}
# Of tables of the opportunity: the DocType of the rows, their field, and the filter of the report on it.
TABLES = {
	REASON: ("Lost Reason Detail", "lost_reason", "lost_reason"),
	COMPETITOR: ("Competitor Detail", "competitor", "competitor"),
}
VALUES = {"Number": "name", "Amount": "base_opportunity_amount"}
TOTAL = "total"


class Asked(NamedTuple):
	"""What is asked for: the field by which rows are told apart, that which is counted or added up, and the periods."""

	field: str
	value: str
	months: int
	periods: list[date]
	first: date
	last: date
	filters: dict


def get_report(lost: QueryBuilder, asked: Asked) -> tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return the columns, rows, message and chart.

	Args:
		lost: the query on lost opportunities, nothing selected yet.
	"""
	query = narrowed(lost, asked.filters)
	rows = get_rows(asked, get_cells(query, asked))
	if not rows:
		return get_columns(asked), [], None, None
	total = get_total(asked, get_sums(query, asked))
	overlap = get_overlap(asked, rows, total)
	data = [*rows, *([overlap] if overlap else []), total]
	return get_columns(asked), data, get_message() if overlap else None, get_chart(asked, rows)


def get_columns(asked: Asked) -> list[dict]:
	labels = {
		REASON: _("Lost Reason"),
		COMPETITOR: _("Competitor"),
		OWNER: _("Owner"),
		STAGE: _("Stage at Loss"),
	}
	kind = {"fieldtype": "Int"} if asked.value == "name" else {"fieldtype": "Currency", "options": "currency"}
	pairs = [(key(start), label(start, asked.months)) for start in asked.periods]
	return [
		column("group", labels[asked.field], "Data", 200),
		*(column(name, text, width=130, **kind) for name, text in [*pairs, (TOTAL, _("Total"))]),
	]


def narrowed(lost: QueryBuilder, filters: dict) -> QueryBuilder:
	"""Return the query on those that have a reason and a competitor which are filtered on, if any are."""
	for doctype, field, name in TABLES.values():
		if wanted := several(filters.get(name)):
			lost = lost.where(Exists(rows_of(doctype).where(Table(f"tab{doctype}")[field].isin(wanted))))
	return lost


def rows_of(doctype: str, term: Term | None = None) -> QueryBuilder:
	"""Return the query of a term of the rows of a table that an opportunity has, for a statement that reads from theirs."""
	row = Table(f"tab{doctype}")
	query = frappe.qb.from_(row).select(term or row.idx)
	return query.where((row.parent == opportunity.name) & (row.parenttype == "Opportunity"))


def with_group(query: QueryBuilder, asked: Asked) -> tuple[QueryBuilder, Term]:
	"""Return the query, joined to what its rows are told apart by, and that; an opportunity is found once for each of its values."""
	if asked.field == OWNER:
		return query, Coalesce(opportunity.opportunity_owner, "")
	if asked.field == STAGE:
		return query, stage_at_loss()
	doctype, field, name = TABLES[asked.field]
	row = Table(f"tab{doctype}")
	pairs = frappe.qb.from_(row).where(row.parenttype == "Opportunity").distinct()
	named = pairs.select(row.parent, row[field].as_("value")).as_("named")
	query = query.left_join(named).on(named.parent == opportunity.name)
	if wanted := several(asked.filters.get(name)):
		query = query.where(named.value.isin(wanted))
	return query, Coalesce(named.value, "")


def stage_at_loss() -> Term:
	"""Return the last open stage in which an opportunity stood, as its history has it, as a term."""
	stages = frappe.get_all("Sales Stage", {"stage_type": OPEN_STAGE}, pluck="name")
	query = frappe.qb.from_(change).select(change.sales_stage)
	query = query.where((change.opportunity == opportunity.name) & (change.change != UNDONE))
	query = query.where(change.sales_stage.isin(in_list(stages)))
	return Coalesce(Value(query.orderby(change.idx, order=frappe.qb.desc).limit(1)), "")


def get_cells(query: QueryBuilder, asked: Asked) -> list[tuple[str, str, float]]:
	"""Return row, month of the loss and value, added up by the database."""
	query, group = with_group(query, asked)
	found = query.select(
		group.as_("row"), month_of(opportunity.closed_on).as_("month"), opportunity[asked.value].as_("value")
	).as_("found")
	value = Count(found.value) if asked.value == "name" else Sum(found.value)
	return frappe.qb.from_(found).select(found.row, found.month, value).groupby(found.row, found.month).run()


def get_sums(query: QueryBuilder, asked: Asked) -> list[tuple[str, float]]:
	"""Return month of the loss and value of all, each opportunity once."""
	month, of = month_of(opportunity.closed_on), opportunity[asked.value]
	return query.select(month, Count(of) if asked.value == "name" else Sum(of)).groupby(month).run()


def get_rows(asked: Asked, cells: list[tuple[str, str, float]]) -> list[dict]:
	"""Return a row for each reason, competitor, owner or stage: stages in their order, others by what they add up to."""
	rows: dict[str, dict] = {}
	columns = keys_of_months((month for _name, month, _value in cells), asked.periods)
	for name, month, value in cells:
		row = rows.setdefault(name, {"row": name, **empty(asked)})
		row[columns[month]] += flt(value)
		row[TOTAL] += flt(value)
	words = opportunity_list.all_words(asked.field, rows)
	for name, row in rows.items():
		row["group"] = words[name]
	found = {name: opportunity_list.rounded(row) for name, row in rows.items()}
	if asked.field == STAGE:
		return [found[stage] for stage in in_order(set(found))]
	return sorted(found.values(), key=lambda row: (-row[TOTAL], row["group"]))


def empty(asked: Asked) -> dict:
	return {"currency": base_currency(), **dict.fromkeys((*map(key, asked.periods), TOTAL), 0.0)}


def get_total(asked: Asked, sums: list[tuple[str, float]]) -> dict:
	row = {**empty(asked), "group": _("Total"), "bold": 1}
	columns = keys_of_months((month for month, _value in sums), asked.periods)
	for month, value in sums:
		row[columns[month]] += flt(value)
		row[TOTAL] += flt(value)
	return opportunity_list.rounded(row)


def get_overlap(asked: Asked, rows: list[dict], total: dict) -> dict | None:
	"""Return the row of what others have more than once, below 0; None if each opportunity is in one row."""
	row = {"group": _("In Several Rows"), "currency": base_currency()}
	for name in (*map(key, asked.periods), TOTAL):
		row[name] = total[name] - sum(each[name] for each in rows)
	row = opportunity_list.rounded(row)
	return row if any(row[name] for name in (*map(key, asked.periods), TOTAL)) else None


def get_message() -> str:
	return _(
		"An opportunity with several of these stands in the row of each. What is counted more than once so is taken away again: Total has each opportunity once."
	)


def get_chart(asked: Asked, rows: list[dict]) -> dict:
	labels = [label(start, asked.months) for start in asked.periods]
	largest = sorted(rows, key=lambda row: -row[TOTAL])
	chart = stacked_bars(
		labels,
		[{"name": row["group"], "values": [row[key(start)] for start in asked.periods]} for row in largest],
	)
	return chart if asked.value == "name" else {**chart, "fieldtype": "Currency", "options": base_currency()}


def get_list(lost: QueryBuilder, asked: Asked, figure: Figure) -> opportunity_list.List:
	"""Return the opportunities of one figure, with when they were lost.

	Raises:
		UnreadableFilters: there is no such figure.
	"""
	whole = (asked.first, asked.last)
	spans = {
		**spans_of(asked.periods, asked.first, asked.last),
		**dict.fromkeys(("group", TOTAL), whole),
	}
	if figure.column not in spans:
		refuse_figure(figure.column)
	begin, end = spans[figure.column]
	query = narrowed(lost, asked.filters).where(opportunity.closed_on[begin:end])
	if figure.row is not None:
		query = query.where(is_in_row(asked.field, figure.row))
	lost_on = column("lost_on", _("Lost On"), "Date", 110)
	heading = Heading(figure, get_columns(asked), opportunity_list.words_of(asked.field))
	return opportunity_list.list_of(query, lost_on, of=heading, lost_on=opportunity.closed_on)


def is_in_row(field: str, row: str) -> Criterion:
	"""Match what stands in a row, of one value or, of an empty one, without any."""
	if field == OWNER:
		return Coalesce(opportunity.opportunity_owner, "") == row
	if field == STAGE:
		return stage_at_loss() == row
	doctype, name, _filter = TABLES[field]
	if not row:
		return ~Exists(rows_of(doctype))
	return Exists(rows_of(doctype).where(Table(f"tab{doctype}")[name] == row))
