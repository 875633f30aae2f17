from collections import defaultdict
from itertools import chain

import frappe
from frappe import _
from pypika.queries import QueryBuilder

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
from crm_pipeline.utils.people import full_names


def execute(
	filters: dict | None = None,
) -> tuple[list[dict], list[dict]] | tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return lost opportunities with their reasons and competitors; or how many or how much was lost by these, over time; or one figure's list.

	Filters: group_by (Opportunity, which lists them; Lost Reason, Competitor, Owner, or Sales Stage, the last open one), range
	(Monthly), based_on (Number), from_date, to_date (lost in the last 365 days), lost_reason, competitor, opportunity_owner,
	sales_team, opportunity_from, party_name, territory, source, show: a figure of a group, to list what is behind it.

	Raises:
		FieldOutOfReach, ImpossibleDate, TeamUnknown, TooManyPeriods, UnreadableFilters
	"""
	filters = read(filters)
	if field := choice(filters, "group_by", {"Opportunity": None, **grouped.GROUPS}):
		return get_grouped(filters, field)
	return readable_columns("Opportunity", get_columns()), get_data(filters)


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


def get_data(filters: dict) -> list[dict]:
	opportunity = frappe.qb.DocType("Opportunity")
	fields = (
		"name title customer_name closed_on order_lost_reason opportunity_amount currency base_opportunity_amount "
		"base_currency opportunity_owner opportunity_type source territory"
	).split()
	query = lost(filters)
	rows = query.select(*(opportunity[field] for field in readable("Opportunity", fields))).orderby(
		opportunity.closed_on, order=frappe.qb.desc
	)
	reasons = names_by_parent(query, "Lost Reason Detail", "lost_reason")
	competitors = names_by_parent(query, "Competitor Detail", "competitor")
	wanted_reasons, wanted_competitors = (
		set(several(filters.get("lost_reason"))),
		set(several(filters.get("competitor"))),
	)
	words = {reason: _(reason) for reason in set(chain.from_iterable(reasons.values()))}
	found = rows.run(as_dict=True)
	names = full_names({row.get("opportunity_owner") for row in found})
	return [
		{
			**row,
			"owner_name": names.get(row.get("opportunity_owner")),
			"lost_reasons": ", ".join(words[reason] for reason in reasons[row.name]),
			"competitors": ", ".join(competitors[row.name]),
		}
		for row in found
		if (not wanted_reasons or wanted_reasons.intersection(reasons[row.name]))
		and (not wanted_competitors or wanted_competitors.intersection(competitors[row.name]))
	]


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


def names_by_parent(query: QueryBuilder, doctype: str, field: str) -> dict[str, list[str]]:
	"""Return what the rows of a child table name, by opportunity, in one query that sorts nothing: each has but a few."""
	opportunity, row = frappe.qb.DocType("Opportunity"), frappe.qb.DocType(doctype)
	found: dict[str, list] = defaultdict(list)
	pairs = (
		query.join(row)
		.on((row.parent == opportunity.name) & (row.parenttype == "Opportunity"))
		.select(row.parent, row.idx, row[field])
	).run()
	for parent, idx, name in pairs:
		found[parent].append((idx, name))
	names = {parent: [name for _idx, name in sorted(rows)] for parent, rows in found.items()}
	return defaultdict(list, names)
