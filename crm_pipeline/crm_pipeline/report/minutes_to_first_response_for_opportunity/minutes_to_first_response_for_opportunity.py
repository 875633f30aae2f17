from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Avg, Coalesce, Max, Min, Round
from frappe.utils import format_date, formatdate, getdate
from pypika import Case, analytics
from pypika.queries import QueryBuilder
from pypika.terms import Term

from crm_pipeline.crm_pipeline.report import opportunity_list
from crm_pipeline.crm_pipeline.report.minutes_to_first_response_for_opportunity import working_minutes
from crm_pipeline.crm_pipeline.report.opportunity_list import Figure, Heading, figure_asked_for, refuse_figure
from crm_pipeline.crm_pipeline.report.utils import (
	BLUE,
	GREEN,
	ORANGE,
	choice,
	column,
	period,
	read,
	visible_opportunities,
)
from crm_pipeline.history.as_of import opportunity
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.utils.people import full_names
from crm_pipeline.utils.validation import read_date

GROUPS = {"Day": "transaction_date", "Owner": "opportunity_owner"}


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return the minutes to the first response, by the day on which opportunities came in or by owner; or one figure's list.

	They come as average, median and 90th percentile, which is the time within which nine of ten were answered. Minutes are those of the clock, nights and
	weekends included; where Selling Settings has working hours, those within them stand beside.

	Filters: group_by (Day), from_date, to_date (the last 30 days), opportunity_owner, sales_team, source,
	show: a figure, to list what is behind it.

	Raises:
		FieldOutOfReach, ImpossibleDate, TeamUnknown, UnreadableFilters
	"""
	filters = read(filters)
	by = choice(filters, "group_by", GROUPS)
	refuse_hidden_fields("Opportunity", by, "mins_to_first_response", "first_responded_on")
	if figure := figure_asked_for(filters):
		return get_list(filters, by, figure)
	data = get_data(filters, by)
	return get_columns(by), data, None, get_chart(data)


def get_columns(by: str) -> list[dict]:
	day, owner = column("transaction_date", _("Date"), "Date", 160), column("group", _("Owner"), "Data", 200)
	return [
		day if by == "transaction_date" else owner,
		column("responded", _("Responded Opportunities"), "Int", 200),
		column("mins_to_first_response", _("Minutes on Average"), "Float", 170, precision=2),
		column("median", _("Median"), "Float", 120, precision=2),
		column("slowest_tenth", _("Nine of Ten Within"), "Float", 160, precision=2),
		*(working_minutes.get_columns() if working_minutes.hours() else []),
	]


def get_data(filters: dict, by: str) -> list[dict]:
	ranked = get_ranked(filters, by)
	# Of an even number, the median is the mean of the two in the middle.
	middle = (ranked.place * 2 >= ranked.responded) & (ranked.place * 2 <= ranked.responded + 2)
	late = ranked.place * 10 >= ranked.responded * 9
	query = frappe.qb.from_(ranked).groupby(ranked.group).orderby(ranked.group)
	rows: list[dict] = query.select(
		ranked.group,
		Max(ranked.responded).as_("responded"),
		Round(Avg(ranked.minutes), 2).as_("mins_to_first_response"),
		Round(Avg(Case().when(middle, ranked.minutes)), 2).as_("median"),
		Min(Case().when(late, ranked.minutes)).as_("slowest_tenth"),
	).run(as_dict=True)
	names = full_names(row["group"] for row in rows) if by == "opportunity_owner" else {}
	hours = working_minutes.hours()
	working = working_minutes.by_group(in_scope(filters), group_of(by), hours) if hours else {}
	for row in rows:
		row.update(working.get(str(row["group"]), {}) if working else {})
		row.update(labels(row["group"], names, by))
	return rows


def in_scope(filters: dict) -> QueryBuilder:
	"""Return the query on what came in within the period and was responded to, nothing selected yet."""
	first, last = period(filters, 30)
	query = visible_opportunities(filters, "opportunity_owner", "source")
	query = query.where(opportunity.first_responded_on.isnotnull())
	return query.where(opportunity.transaction_date[first:last])


def get_list(filters: dict, by: str, figure: Figure) -> opportunity_list.List:
	"""Return the opportunities of a row, with their minutes.

	Raises:
		ImpossibleDate: the row of a day names none.
		UnreadableFilters: there is no such figure.
	"""
	if figure.column not in {each["fieldname"] for each in get_columns(by)}:
		refuse_figure(figure.column)
	if by == "transaction_date" and figure.row:
		read_date(figure.row, "Date", _("Date"))
	query = opportunity_list.of_row(in_scope(filters), figure, opportunity[by])
	minutes = column("minutes", _("Minutes to First Response"), "Float", 130, precision=2)
	terms = {"minutes": opportunity.mins_to_first_response}
	words = opportunity_list.person if by == "opportunity_owner" else format_date
	heading, hours = Heading(figure, get_columns(by), words), working_minutes.hours()
	if not hours:
		return opportunity_list.list_of(query, minutes, of=heading, **terms)
	working = column("working_minutes", _("In Working Hours"), "Float", 130, precision=2)
	terms.update({field: opportunity[field] for field in working_minutes.MOMENTS})
	columns, rows, message, chart = opportunity_list.list_of(query, minutes, working, of=heading, **terms)
	for row, each in zip(rows, working_minutes.of_rows(rows, hours), strict=True):
		row["working_minutes"] = each
		for field in working_minutes.MOMENTS:
			del row[field]
	return columns, rows, message, chart


def group_of(by: str) -> Term:
	"""Return what the rows are told apart by: what nobody owns is one."""
	return Coalesce(opportunity[by], "") if by == "opportunity_owner" else opportunity[by]


def get_ranked(filters: dict, by: str) -> QueryBuilder:
	"""Return the query of each responded opportunity's group and minutes, its place in the group, and how many there are."""
	group, minutes = group_of(by), opportunity.mins_to_first_response

	def within(function: Any) -> Term:
		return function.over(group)

	return (
		in_scope(filters)
		.select(
			group.as_("group"),
			minutes.as_("minutes"),
			# Which of two equal ones comes first changes no figure; with their names, MariaDB sorts several times as long.
			within(analytics.RowNumber()).orderby(minutes).as_("place"),
			within(analytics.Count("*")).as_("responded"),
		)
		.as_("ranked")
	)


def labels(group: Any, names: dict[str, str], by: str) -> dict:
	if by == "transaction_date":
		return {"transaction_date": group, "row": str(group)}
	return {"row": group, "group": names.get(group, group) or _("Not Set"), "opportunity_owner": group}


def get_chart(data: list[dict]) -> dict:
	values = {_("Average"): "mins_to_first_response", _("Median"): "median"}
	if data and working_minutes.MEDIAN in data[0]:
		values[_("Median in Working Hours")] = working_minutes.MEDIAN
	by_day = bool(data) and "transaction_date" in data[0]
	return {
		"type": "line" if by_day else "bar",
		"over_time": int(by_day),
		"colors": [BLUE, ORANGE, GREEN][: len(values)],
		"data": {
			"labels": get_labels(data, by_day),
			"datasets": [
				{"name": name, "values": [row[key] for row in data]} for name, key in values.items()
			],
		},
	}


def get_labels(data: list[dict], by_day: bool) -> list[str]:
	"""Return what a chart has room for: of days their month, each of which is put into words once."""
	if not by_day:
		return [row["group"] for row in data]
	days = [getdate(row["transaction_date"]) for row in data]
	months = {day.month: formatdate(day, "MMM") for day in {day.month: day for day in days}.values()}
	return [f"{day.day} {months[day.month]}" for day in days]
