from operator import itemgetter

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Term

from crm_pipeline.crm_pipeline.report import first_rows
from crm_pipeline.crm_pipeline.report.lost_opportunity import grouped
from crm_pipeline.crm_pipeline.report.opportunity_list import figure_asked_for
from crm_pipeline.crm_pipeline.report.periods import MONTHS, periods_between
from crm_pipeline.crm_pipeline.report.utils import (
	choice,
	column,
	period,
	read,
	several,
	visible_opportunities,
)
from crm_pipeline.permissions.field_levels import readable, readable_columns, refuse_hidden_fields
from crm_pipeline.rules.status import LOST
from crm_pipeline.utils.bulk_sql import Value, gathered, texts_in
from crm_pipeline.utils.people import full_names


def execute(
	filters: dict | None = None,
) -> tuple[list[dict], list[dict], str | None] | tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return lost opportunities with their reasons and competitors; or how many or how much was lost by these, over time; or one figure's list.

	Filters: group_by (Opportunity, which lists them; Lost Reason, Competitor, Owner, or Sales Stage, the last open one), rows (of the list
	First, or All), range
	(Monthly), based_on (Number), from_date, to_date (lost in the last 365 days), lost_reason, competitor, opportunity_owner,
	sales_team, opportunity_from, party_name, territory, source, show: a figure of a group, to list what is behind it.

	Raises:
		FieldOutOfReach, ImpossibleDate, TeamUnknown, TooManyPeriods, UnreadableFilters
	"""
	filters = read(filters)
	if field := choice(filters, "group_by", {"Opportunity": None, **grouped.GROUPS}):
		return get_grouped(filters, field)
	return readable_columns("Opportunity", get_columns()), *get_data(filters)


def get_grouped(filters: dict, field: str) -> tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return the figures by one field, or the list behind one of them."""
	first, last = period(filters, 365)
	value, months = choice(filters, "based_on", grouped.VALUES), choice(filters, "range", MONTHS)
	refuse_hidden_fields("Opportunity", "status", "closed_on", field, value)
	periods = periods_between(first, last, months)
	asked = grouped.Asked(field, value, months, periods, first, last, filters)
	if figure := figure_asked_for(filters):
		return grouped.get_list(lost(filters), asked, figure)
	return grouped.get_report(lost(filters), asked)


def get_columns() -> list[dict]:
	return [
		column("name", _("Opportunity"), "Link", 190, options="Opportunity"),
		column("title", _("Opportunity Name"), "Data", 200),
		column("customer_name", _("Party Name"), "Data", 170),
		column("closed_on", _("Lost On"), "Date", 110),
		column("lost_reasons", _("Lost Reasons"), "Data", 200),
		column("order_lost_reason", _("Detailed Reason"), "Data", 200),
		column("competitors", _("Competitors"), "Data", 160),
		column("opportunity_amount", _("Amount"), "Currency", 130, options="currency"),
		column(
			"base_opportunity_amount", _("Amount (Base Currency)"), "Currency", 196, options="base_currency"
		),
		column("owner_name", _("Owner"), "Data", 140),
		column("opportunity_type", _("Opportunity Type"), "Link", 130, options="Opportunity Type"),
		column("source", _("Source"), "Link", 130, options="Lead Source"),
		column("territory", _("Territory"), "Data", 120),
	]


def get_data(filters: dict) -> tuple[list[dict], str | None]:
	"""Return the rows, what was lost last first, and what is said if these are not all.

	They are read with one statement, since each row of another would take as long as one of these.
	"""
	opportunity = frappe.qb.DocType("Opportunity")
	fields = (
		"name title customer_name closed_on order_lost_reason opportunity_amount currency base_opportunity_amount "
		"base_currency opportunity_owner opportunity_type source territory"
	).split()
	shown, is_cut = readable("Opportunity", fields), first_rows.is_cut(filters)
	asked = query = grouped.narrowed(lost(filters), filters)
	if is_cut:
		in_order = asked.select(opportunity.name)
		if "closed_on" in shown:
			in_order = in_order.orderby(opportunity.closed_on, order=frappe.qb.desc)
		query, _first = first_rows.beginning_of(in_order.orderby(opportunity.name))
	query = query.select(
		*(opportunity[field] for field in shown), *(names_of(field).as_(field) for field in grouped.TABLES)
	)
	rows = query.run(as_dict=True)
	# Here: the database would sort what it gathers along.
	rows.sort(key=itemgetter("name"))
	if "closed_on" in shown:
		rows.sort(key=itemgetter("closed_on"), reverse=True)
	rows, message = first_rows.cut(rows, asked) if is_cut else (rows, None)
	put_into_words(rows)
	return rows if is_cut else first_rows.without_empty_columns(rows), message


def put_into_words(rows: list[dict]) -> None:
	"""Name owners, reasons and competitors."""
	reasons = {text: ", ".join(map(_, texts_in(text))) for text in {row["lost_reasons"] for row in rows}}
	competitors = {text: ", ".join(texts_in(text)) for text in {row["competitors"] for row in rows}}
	owners = full_names({row.get("opportunity_owner") for row in rows})
	for row in rows:
		row["owner_name"] = owners.get(row.get("opportunity_owner") or "")
		row["lost_reasons"] = reasons[row["lost_reasons"]]
		row["competitors"] = competitors[row["competitors"]]


def names_of(field: str) -> Term:
	"""Return what the rows of a table of the opportunity name, gathered, as a term: most have one or two."""
	doctype, column_of_rows, _filter = grouped.TABLES[field]
	row = Table(f"tab{doctype}")
	return Coalesce(Value(grouped.rows_of(doctype, gathered(row.idx, row[column_of_rows]))), "")


def lost(filters: dict) -> QueryBuilder:
	"""Return the query on lost opportunities that the filters ask for, but for reasons and competitors, nothing selected yet.

	Raises:
		FieldOutOfReach: of what is filtered on, reasons and competitors too.
		ImpossibleDate, TeamUnknown, UnreadableFilters
	"""
	tables = (field for field, (*_row, name) in grouped.TABLES.items() if several(filters.get(name)))
	refuse_hidden_fields("Opportunity", *tables)
	first, last = period(filters, 365)
	opportunity = frappe.qb.DocType("Opportunity")
	fields = ("opportunity_owner", "opportunity_from", "party_name", "territory", "source")
	return (
		visible_opportunities(filters, *fields)
		.where(opportunity.status == LOST)
		.where(opportunity.closed_on[first:last])
	)
