from datetime import date

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count, Sum
from frappe.utils import flt, getdate
from pypika.queries import QueryBuilder
from pypika.terms import Term

from crm_pipeline.crm_pipeline.report import opportunity_list
from crm_pipeline.crm_pipeline.report.opportunity_list import Figure, Heading, figure_asked_for, refuse_figure
from crm_pipeline.crm_pipeline.report.periods import (
	key,
	keys_of_months,
	label,
	month_of,
	periods_between,
	spans_of,
)
from crm_pipeline.crm_pipeline.report.utils import (
	choice,
	column,
	in_order_of_index,
	period,
	read,
	several,
	stacked_bars,
	unit_of,
	visible_opportunities,
)
from crm_pipeline.history.as_of import opportunity
from crm_pipeline.money.exchange_rates import base_currency
from crm_pipeline.parties.country import with_country
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.rules.status import IN_PLAY

COUNTRY = "country"
ROWS = {"Owner": "opportunity_owner", "Sales Stage": "sales_stage", "Source": "source", "Country": COUNTRY}
MONTHS = {"Monthly": 1, "Quarterly": 3}
VALUES = {"Number": "name", "Amount": "base_opportunity_amount", "Weighted Amount": "weighted_amount"}


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return the opportunities by expected closing: a row per owner, stage, source or country, a column per month or quarter; or one figure's list.

	The country is that of the party or, where it has none, that of the opportunity.

	Filters: pipeline_by (Owner), range (Monthly), based_on (Number), from_date and to_date of the expected
	closing (a year ahead), status (all in play), opportunity_owner, sales_team, sales_process, opportunity_type, show: a figure, to list
	what is behind it. Months of different years are different columns.
	"""
	filters = read(filters)
	first, last = period(filters, 365, ahead=True)
	periods = periods_between(first, last, choice(filters, "range", MONTHS))
	field = choice(filters, "based_on", VALUES)
	refuse_hidden_fields("Opportunity", field, choice(filters, "pipeline_by", ROWS))
	if figure := figure_asked_for(filters):
		return get_list(filters, getdate(first), getdate(last), periods, figure)
	rows = get_rows(get_cells(filters, first, last, field), periods, choice(filters, "pipeline_by", ROWS))
	columns = get_columns(filters, periods, field == "name")
	return columns, opportunity_list.with_total(rows, "pipeline_by"), None, get_chart(filters, rows, columns)


def in_scope(filters: dict, first: date, last: date) -> tuple[QueryBuilder, Term]:
	"""Return the query on what is to close within these days, nothing selected yet, and what its rows are told apart by."""
	filters = {**filters, "status": filters.get("status") or sorted(IN_PLAY)}
	query = visible_opportunities(filters, "status", "opportunity_owner", "sales_process", "opportunity_type")
	query = query.where(opportunity.expected_closing[first:last])
	field = choice(filters, "pipeline_by", ROWS)
	return with_country(query) if field == COUNTRY else (query, opportunity[field])


def get_cells(filters: dict, first: date, last: date, value_field: str) -> list[tuple]:
	"""Return row, month of the expected closing and value, added up by the database: of days first, in the order of an index if one fits."""
	query, field = in_scope(filters, first, last)
	closing = opportunity.expected_closing
	value = Count("*") if value_field == "name" else Sum(opportunity[value_field])
	fits = choice(filters, "pipeline_by", ROWS) == "opportunity_owner" and are_in_play(filters)
	groups = in_order_of_index() if fits else [field, closing]
	day = (
		query.select(field.as_("row"), closing.as_("closing"), value.as_("value")).groupby(*groups).as_("day")
	)
	row, month = Coalesce(day.row, "").as_("row"), month_of(day.closing).as_("month")
	return frappe.qb.from_(day).select(row, month, Sum(day.value)).groupby(row, month).run()


def are_in_play(filters: dict) -> bool:
	"""Return whether nothing is asked for that has ended."""
	return IN_PLAY.issuperset(several(filters.get("status")))


def get_list(
	filters: dict, first: date, last: date, periods: list[date], figure: Figure
) -> opportunity_list.List:
	"""Return the opportunities of one figure.

	Raises:
		UnreadableFilters: there is no such figure.
	"""
	spans = spans_of(periods, first, last)
	spans |= dict.fromkeys(("pipeline_by", "total"), (first, last))
	if figure.column not in spans:
		refuse_figure(figure.column)
	query, field = in_scope(filters, *spans[figure.column])
	words = opportunity_list.words_of(choice(filters, "pipeline_by", ROWS))
	heading = Heading(
		figure, get_columns(filters, periods, choice(filters, "based_on", VALUES) == "name"), words
	)
	return opportunity_list.list_of(opportunity_list.of_row(query, figure, field), of=heading)


def get_rows(cells: list[tuple], periods: list[date], field: str) -> list[dict]:
	rows: dict[str, dict] = {}
	words = opportunity_list.all_words(field, {name for name, _month, _value in cells})
	columns = keys_of_months((month for _name, month, _value in cells), periods)
	empty = {"currency": base_currency(), "total": 0.0, **dict.fromkeys(map(key, periods), 0.0)}
	for name, month, value in cells:
		row = rows.setdefault(name, {"row": name, "pipeline_by": words[name], **empty})
		row[columns[month]] += flt(value)
		row["total"] += flt(value)
	found = [opportunity_list.rounded(row) for row in rows.values()]
	return sorted(found, key=lambda row: (-row["total"], row["pipeline_by"]))


def get_columns(filters: dict, periods: list[date], by_number: bool) -> list[dict]:
	title = _(filters.get("pipeline_by") or next(iter(ROWS)))
	kind = {"fieldtype": "Int"} if by_number else {"fieldtype": "Currency", "options": "currency"}
	pairs = [(key(start), label(start, choice(filters, "range", MONTHS))) for start in periods]
	pairs.append(("total", _("Total")))
	return [
		column("pipeline_by", title, "Data", 170),
		*(column(each, text, width=100 if by_number else 126, **kind) for each, text in pairs),
	]


def get_chart(filters: dict, rows: list[dict], columns: list[dict]) -> dict:
	_name, *periods, _total = columns
	names = [each["fieldname"] for each in periods]
	datasets = [{"name": row["pipeline_by"], "values": [row[name] for name in names]} for row in rows]
	unit = unit_of(choice(filters, "based_on", VALUES) != "name")
	return stacked_bars([each["label"] for each in periods], datasets, over_time=1, **unit)
