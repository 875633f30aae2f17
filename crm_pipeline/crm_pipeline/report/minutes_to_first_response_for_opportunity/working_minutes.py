"""How long first responses took within the working hours of Selling Settings."""

from collections import defaultdict
from collections.abc import Iterable

import frappe
from frappe import _
from frappe.utils import get_datetime, get_system_timezone, getdate
from pypika.queries import QueryBuilder
from pypika.terms import Term

from crm_pipeline.crm_pipeline.report.utils import column
from crm_pipeline.history.as_of import opportunity
from crm_pipeline.history.changes import opening_moment
from crm_pipeline.rules.response import spread
from crm_pipeline.rules.working_hours import Span, WorkingHours, minutes_within

AVERAGE, MEDIAN, SLOWEST_TENTH = "working_average", "working_median", "working_slowest_tenth"
# Of what came in and was answered when.
MOMENTS = ("creation", "transaction_date", "first_responded_on")


def hours() -> WorkingHours | None:
	"""Return the working hours of the settings; None if there are none, and nothing is told of them."""
	return frappe.get_cached_doc("Selling Settings").working_hours()


def get_columns() -> list[dict]:
	return [
		column(AVERAGE, _("On Average in Working Hours"), "Float", 235, precision=2),
		column(MEDIAN, _("Median in Working Hours"), "Float", 190, precision=2),
		column(SLOWEST_TENTH, _("Nine of Ten in Working Hours"), "Float", 220, precision=2),
	]


def by_group(query: QueryBuilder, group: Term, working: WorkingHours) -> dict[str, dict]:
	"""Return the figures of each group of the responded opportunities that a query finds, by the group's text."""
	moments = (opportunity[field] for field in MOMENTS)
	rows = query.select(group.as_("group"), *moments).run(as_dict=True)
	minutes = defaultdict(list)
	for row, each in zip(rows, of_rows(rows, working), strict=True):
		minutes[str(row.group)].append(each)
	names = (AVERAGE, MEDIAN, SLOWEST_TENTH)
	return {name: dict(zip(names, spread(each), strict=True)) for name, each in minutes.items()}


def of_rows(rows: Iterable[dict], working: WorkingHours) -> list[float]:
	"""Return the working minutes until the first response of each row, which has the `MOMENTS`."""
	return minutes_within([_span(row) for row in rows], working, get_system_timezone())


def _span(row: dict) -> Span:
	begin = opening_moment(get_datetime(row["creation"]), getdate(row["transaction_date"]))
	return begin, get_datetime(row["first_responded_on"])
