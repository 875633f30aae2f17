from datetime import date

import frappe
from frappe import _
from frappe.query_builder.functions import Cast_, Count, Substring, Sum
from frappe.utils import flt, formatdate

from crm_pipeline.crm_pipeline.report.utils import choice, period, read, visible_opportunities
from crm_pipeline.exceptions import TooManyPeriods
from crm_pipeline.money.exchange_rates import base_currency
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.rules.status import IN_PLAY

ROWS = {"Owner": "opportunity_owner", "Sales Stage": "sales_stage", "Source": "source"}
MONTHS = {"Monthly": 1, "Quarterly": 3}
MOST_PERIODS = 60  # columns that a person can read
MONTH_LENGTH = len("2026-01")  # of a date as the databases write it
VALUES = {"Number": "name", "Amount": "base_opportunity_amount", "Weighted Amount": "weighted_amount"}


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], None, dict]:
	"""Return the opportunities by expected closing: a row per owner, stage or source, a column per month or quarter.

	Filters: pipeline_by (Owner), range (Monthly), based_on (Number), from_date and to_date of the expected
	closing (a year ahead), status (all in play), opportunity_owner, sales_team, sales_process, opportunity_type. Months of
	different years are different columns.
	"""
	filters = read(filters)
	first, last = period(filters, 365, ahead=True)
	periods = periods_between(first, last, choice(filters, "range", MONTHS))
	field = choice(filters, "based_on", VALUES)
	refuse_hidden_fields("Opportunity", field, choice(filters, "pipeline_by", ROWS))
	data = get_rows(get_cells(filters, first, last, field), periods)
	return get_columns(filters, periods, field == "name"), data, None, get_chart(data, periods)


def periods_between(first: date, last: date, months: int) -> list[date]:
	"""Return the first days of the calendar months (1) or quarters (3) that the days from `first` to `last` touch.

	Raises:
		TooManyPeriods
	"""
	begin, end = ((day.year * 12 + day.month - 1) // months for day in (first, last))
	if end - begin >= MOST_PERIODS:
		frappe.throw(
			_("These are {0} periods. Choose at most {1}, or quarters instead of months.").format(
				end - begin + 1, MOST_PERIODS
			),
			TooManyPeriods,
			title=_("Too Many Periods"),
		)
	return [date(number * months // 12, number * months % 12 + 1, 1) for number in range(begin, end + 1)]


def get_cells(filters: dict, first: date, last: date, value_field: str) -> list[tuple]:
	"""Row, month of the expected closing and value, added up by the database."""
	opportunity = frappe.qb.DocType("Opportunity")
	field = opportunity[choice(filters, "pipeline_by", ROWS)]
	value = Count(opportunity.name) if value_field == "name" else Sum(opportunity[value_field])
	# Every database has its own way to take a date apart, but all write its year and month first.
	month = Substring(Cast_(opportunity.expected_closing, "varchar"), 1, MONTH_LENGTH)
	filters = {**filters, "status": filters.get("status") or sorted(IN_PLAY)}
	return (
		visible_opportunities(filters, "status", "opportunity_owner", "sales_process", "opportunity_type")
		.select(field, month, value)
		.where(opportunity.expected_closing[first:last])
		.groupby(field, month)
	).run()


def get_rows(cells: list[tuple], periods: list[date]) -> list[dict]:
	rows: dict[str, dict] = {}
	for name, month, value in cells:
		name = _(name) if name else _("Not Set")
		row = rows.setdefault(
			name,
			{
				"pipeline_by": name,
				"currency": base_currency(),
				"total": 0.0,
				**{key(start): 0.0 for start in periods},
			},
		)
		begin = date.fromisoformat(f"{month}-01")
		row[key(max(start for start in periods if start <= begin))] += flt(value)
		row["total"] += flt(value)
	return sorted(rows.values(), key=lambda row: (-row["total"], row["pipeline_by"]))


def key(start: date) -> str:
	return f"from_{start:%Y_%m}"


def get_columns(filters: dict, periods: list[date], by_number: bool) -> list[dict]:
	label = _(filters.get("pipeline_by") or next(iter(ROWS)))
	kind = {"fieldtype": "Int"} if by_number else {"fieldtype": "Currency", "options": "currency"}
	pairs = [(key(start), name(start, filters)) for start in periods]
	pairs.append(("total", _("Total")))
	return [
		{"fieldname": "pipeline_by", "label": label, "fieldtype": "Data", "width": 200},
		*({"fieldname": each, "label": text, "width": 130, **kind} for each, text in pairs),
	]


def name(start: date, filters: dict) -> str:
	if choice(filters, "range", MONTHS) == 3:
		return _("Q{0} {1}").format((start.month - 1) // 3 + 1, start.year)
	return formatdate(start, "MMM YYYY")


def get_chart(data: list[dict], periods: list[date]) -> dict:
	datasets = [
		{"name": row["pipeline_by"], "values": [row[key(start)] for start in periods]} for row in data
	]
	labels = [key(start)[5:].replace("_", "-") for start in periods]
	return {"type": "bar", "barOptions": {"stacked": 1}, "data": {"labels": labels, "datasets": datasets}}
