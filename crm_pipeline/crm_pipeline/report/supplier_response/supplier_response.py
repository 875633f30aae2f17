from collections import defaultdict
from collections.abc import Callable
from datetime import date

import frappe
from frappe import _
from frappe.utils import add_days, getdate, today

from crm_pipeline.crm_pipeline.report.utils import choice, column, period, read, several
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules import supplier_response as rule
from crm_pipeline.rules.supplier_response import Response

PERIODS: dict[str, Callable[[date], str]] = {
	"Whole": lambda day: "",
	"Year": lambda day: f"{day:%Y}",
	"Quarter": lambda day: f"{day:%Y}-Q{(day.month + 2) // 3}",
	"Month": lambda day: f"{day:%Y-%m}",
}


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict]]:
	"""Return how suppliers answer requests for rates: a row per supplier and period in which they were asked.

	Filters: from_date and to_date of the request (the last 365 days), supplier, period (Whole, Year, Quarter, Month).
	Requests that the user may not see are not counted.
	"""
	filters = read(filters)
	period_of = choice(filters, "period", PERIODS)
	return get_columns(filters), get_data(filters, period_of)


def get_columns(filters: dict) -> list[dict]:
	by_period = filters.get("period") not in (None, "", "Whole")
	return [
		column("supplier", _("Supplier"), "Link", 200, options="Supplier"),
		*([column("period", _("Period"), "Data", 100)] if by_period else []),
		column("asked", _("Requests"), "Int", 100),
		column("answered", _("Answered"), "Int", 100),
		column("declined", _("Declined"), "Int", 100),
		column("waiting", _("Waiting"), "Int", 100),
		column("late", _("Late"), "Int", 100),
		column("answer_rate", _("Answer Rate"), "Percent", 120, precision=1),
		column("days_to_answer", _("Average Days to Answer"), "Float", 200, precision=1),
	]


def get_data(filters: dict, period_of: Callable[[date], str]) -> list[dict]:
	groups: dict[tuple[str, str], list[Response]] = defaultdict(list)
	for row in requests(filters):
		day = getdate(row.requested_on)
		groups[row.supplier, period_of(day)].append(
			Response(
				requested_on=day,
				answered_on=getdate(row.answered_on) if row.answered_on else None,
				declined=row.request_status == "Declined",
				answer_by=getdate(row.answer_by) if row.answer_by else None,
			)
		)
	on = getdate(today())
	return [
		{"supplier": supplier, "period": name, **rule.summary(responses, on)}
		for (supplier, name), responses in sorted(groups.items())
	]


def requests(filters: dict) -> list[frappe._dict]:
	"""Return the requests of the period that the user may see, cancelled documents left out."""
	request = frappe.qb.DocType("Supplier Quotation")
	first, last = period(filters, 365)
	query = (
		frappe.qb.from_(request)
		.select(
			request.supplier,
			request.requested_on,
			request.answered_on,
			request.answer_by,
			request.request_status,
		)
		.where(visible("Supplier Quotation"))
		.where(request.docstatus < 2)
		.where((request.requested_on >= first) & (request.requested_on < add_days(last, 1)))
	)
	if suppliers := several(filters.get("supplier")):
		query = query.where(request.supplier.isin(suppliers))
	return query.run(as_dict=True)
