"""What is in play by how old it is, for each owner or stage; every figure opens the list behind it."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count, Sum
from frappe.utils import flt, getdate
from pypika import Case
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.crm_pipeline.report import opportunity_list
from crm_pipeline.crm_pipeline.report.opportunity_list import Figure, Heading, figure_asked_for, refuse_figure
from crm_pipeline.crm_pipeline.report.utils import (
	BLUE,
	choice,
	column,
	read,
	several,
	unit_of,
	visible_opportunities,
)
from crm_pipeline.exceptions import AgeRangesImpossible
from crm_pipeline.history.ageing import days_in_stage, days_since_created, days_without_activity
from crm_pipeline.history.as_of import opportunity
from crm_pipeline.money.exchange_rates import base_currency
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.processes.sales_processes import in_order
from crm_pipeline.rules import age_ranges
from crm_pipeline.rules.status import IN_PLAY
from crm_pipeline.utils.bulk_sql import worked_out_once
from crm_pipeline.utils.markup import bold

IN_STAGE, SINCE_CREATED, WITHOUT_ACTIVITY = "In Stage", "Since Created", "Without Activity"
AGES = {each: each for each in (IN_STAGE, SINCE_CREATED, WITHOUT_ACTIVITY)}
ROWS = {"Owner": "opportunity_owner", "Sales Stage": "sales_stage"}
VALUES = {"Number": "opportunities", "Amount": "amount", "Weighted Amount": "weighted"}
AMOUNTS = ("amount", "weighted")
RANGES = "30, 60, 90, 120"
NARROWED_BY = ("opportunity_owner", "sales_process", "sales_stage")
NEEDED = ("status", "base_opportunity_amount", "weighted_amount")
NEEDED_FOR = {IN_STAGE: "sales_stage", SINCE_CREATED: "transaction_date", WITHOUT_ACTIVITY: "status"}


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return what is in play, paused too, by ranges of days: a row per owner or stage, and their total; or one figure's list.

	Days are calendar days. Those in the stage leave out what was paused, as `rules/aging.py` has it.

	Filters: age_of (In Stage), based_on (Owner), data_based_on of the ranges (Number), ranges (30, 60, 90, 120: the last day
	of each but the last), opportunity_owner, sales_team, sales_process, sales_stage, show: a figure, to list what is behind it.

	Raises:
		AgeRangesImpossible, FieldOutOfReach, frappe.PermissionError, TeamUnknown, UnreadableFilters
	"""
	filters = read(filters)
	ends = get_ends(filters)
	age, field = choice(filters, "age_of", AGES), choice(filters, "based_on", ROWS)
	value = choice(filters, "data_based_on", VALUES)
	refuse_hidden_fields("Opportunity", *NEEDED, NEEDED_FOR[age], field)
	figure = figure_asked_for(filters)
	if figure:
		return get_list(filters, age, field, ends, figure)
	rows = get_rows(filters, age, field, ends, value)
	data = [*rows, get_total(rows, ends)] if rows else []
	return get_columns(filters, ends, value), data, None, get_chart(rows, ends, value)


def get_ends(filters: dict) -> list[int]:
	"""Return the last days of the ranges that are asked for.

	Raises:
		AgeRangesImpossible
	"""
	asked = ", ".join(several(filters.get("ranges"))) or RANGES
	ends = age_ranges.read_ends(asked)
	if ends is None:
		frappe.throw(
			_(
				"Ranges cannot be {0}. Give at most {1} whole days, each more than the one before: {2}."
			).format(bold(asked[:140]), age_ranges.MOST_RANGES, RANGES),
			AgeRangesImpossible,
			title=_("Ranges Impossible"),
		)
	return ends


def get_columns(filters: dict, ends: list[int], value: str) -> list[dict]:
	kind = (
		{"fieldtype": "Int"} if value == "opportunities" else {"fieldtype": "Currency", "options": "currency"}
	)
	label = {"opportunity_owner": _("Owner"), "sales_stage": _("Sales Stage")}
	return [
		column("label", label[choice(filters, "based_on", ROWS)], "Data", 122),
		*(
			column(key, text, width=112, **kind)
			for key, text in zip(keys(ends), get_labels(ends), strict=True)
		),
		column("opportunities", _("Opportunities"), "Int", 120),
		column("amount", _("Amount"), "Currency", 126, options="currency"),
		column("weighted", _("Weighted"), "Currency", 126, options="currency"),
	]


def get_labels(ends: list[int]) -> list[str]:
	"""Return what the ranges are called, in days."""
	firsts = age_ranges.first_days(ends)
	within = [_("{0} to {1} Days").format(*span) for span in zip(firsts, ends, strict=False)]
	return [*within, _("Over {0} Days").format(ends[-1])]


def keys(ends: list[int]) -> list[str]:
	"""Return the columns of the ranges, by their days: a figure means the same whatever other ranges there are."""
	firsts = age_ranges.first_days(ends)
	return [
		*(f"days_{first}_{last}" for first, last in zip(firsts, ends, strict=False)),
		f"days_{firsts[-1]}",
	]


def get_aged(filters: dict, age: str, field: str) -> QueryBuilder:
	"""Return the query of what is in play: the `name`, the `row` by a field, the amounts, and how many `days` old it is."""
	days = {
		IN_STAGE: days_in_stage,
		SINCE_CREATED: days_since_created,
		WITHOUT_ACTIVITY: days_without_activity,
	}[age]
	query = visible_opportunities(filters, *NARROWED_BY).where(opportunity.status.isin(sorted(IN_PLAY)))
	query = query.select(
		opportunity.name,
		Coalesce(opportunity[field], "").as_("row"),
		opportunity.base_opportunity_amount.as_("amount"),
		opportunity.weighted_amount.as_("weighted"),
		days(getdate()).as_("days"),
	)
	return worked_out_once(query).as_("aged")


def get_range(days: Term, ends: list[int]) -> Case:
	"""Return the place of the range that days are in, as `age_ranges.range_of` does."""
	case = Case()
	for place, end in enumerate(ends):
		case = case.when(days <= end, place)
	return case.else_(len(ends))


def get_rows(filters: dict, age: str, field: str, ends: list[int], value: str) -> list[dict]:
	"""Return a row for each owner or stage that has something: stages in their order, owners by amount."""
	aged = get_aged(filters, age, field)
	place = get_range(aged.days, ends).as_("place")
	cells = (
		frappe.qb.from_(aged)
		.where(aged.days.isnotnull())
		.groupby(aged.row, place)
		.select(
			aged.row,
			place,
			Count(aged.name).as_("opportunities"),
			*(Sum(Coalesce(aged[name], 0)).as_(name) for name in AMOUNTS),
		)
		.run(as_dict=True)
	)
	by_row: dict[str, list] = defaultdict(list)
	for cell in cells:
		by_row[cell.row].append(cell)
	words = opportunity_list.all_words(field, by_row)
	rows = {name: get_row(name, words[name], found, ends, value) for name, found in by_row.items()}
	if field == "sales_stage":
		return [rows[stage] for stage in in_order(set(rows))]
	return sorted(rows.values(), key=lambda row: (-row["amount"], -row["opportunities"], row["label"]))


def get_row(name: str, label: str, cells: list[frappe._dict], ends: list[int], value: str) -> dict:
	row: dict = {
		"row": name,
		"label": label,
		"currency": base_currency(),
		**dict.fromkeys(keys(ends), 0),
		**dict.fromkeys(VALUES.values(), 0),
	}
	for cell in cells:
		row[keys(ends)[cell.place]] += flt(cell[value])
		for figure in VALUES.values():
			row[figure] += flt(cell[figure])
	return opportunity_list.rounded(row)


def get_total(rows: list[dict], ends: list[int]) -> dict:
	figures = [*keys(ends), *VALUES.values()]
	sums = {figure: sum(row[figure] for row in rows) for figure in figures}
	return opportunity_list.rounded({"label": _("Total"), "bold": 1, "currency": base_currency(), **sums})


def get_list(filters: dict, age: str, field: str, ends: list[int], figure: Figure) -> opportunity_list.List:
	"""Return the opportunities of one figure, with their age.

	Raises:
		UnreadableFilters: there is no such figure.
	"""
	aged = get_aged(filters, age, field)
	query = frappe.qb.from_(opportunity).join(aged).on(aged.name == opportunity.name)
	query = query.where(aged.days.isnotnull())
	if (criterion := in_column(figure, aged.days, ends)) is not None:
		query = query.where(criterion)
	query = opportunity_list.of_row(query, figure, aged.row)
	columns = get_columns(filters, ends, choice(filters, "data_based_on", VALUES))
	heading = Heading(figure, columns, opportunity_list.words_of(field))
	return opportunity_list.list_of(query, column("days", _("Days"), "Int", 80), of=heading, days=aged.days)


def in_column(figure: Figure, days: Term, ends: list[int]) -> Criterion | None:
	"""Return what is in a figure's range; None for all of the row.

	Raises:
		UnreadableFilters: there is no such column.
	"""
	if figure.column in ("label", *VALUES.values()):
		return None
	if figure.column not in keys(ends):
		refuse_figure(figure.column)
	return get_range(days, ends) == keys(ends).index(figure.column)


def get_chart(rows: list[dict], ends: list[int], value: str) -> dict | None:
	if not rows:
		return None
	names = {"opportunities": _("Opportunities"), "amount": _("Amount"), "weighted": _("Weighted Amount")}
	total = get_total(rows, ends)
	return {
		"type": "bar",
		"colors": [BLUE],
		**unit_of(value in AMOUNTS),
		"data": {
			"labels": get_labels(ends),
			"datasets": [{"name": names[value], "values": [total[key] for key in keys(ends)]}],
		},
	}
