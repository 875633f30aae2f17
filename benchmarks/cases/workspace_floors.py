"""The bare statement beside each number card and chart of the workspaces: what it shows, read by the best index that there is.

Those of reports are beside the report's floor.
"""

from collections.abc import Callable
from datetime import date, timedelta

import frappe
from frappe.query_builder.functions import Count, Sum
from frappe.utils import get_first_day, get_first_day_of_week, get_last_day, now_datetime
from pypika import Case, Table
from pypika.terms import Criterion, Term

from benchmarks.cases import report_floors
from benchmarks.cases.report_floors import IN_PLAY, MONTH, ago, change, opportunity, today, weighted

AT_WORK = ("Open", "Replied", "Quotation")
WEEKS = 26
in_play = opportunity.status.isin(IN_PLAY)


def count(criterion: Criterion, table: Table = opportunity) -> None:
	frappe.qb.from_(table).where(criterion).select(Count("*")).run()


def add_up(field: Term, criterion: Criterion) -> None:
	frappe.qb.from_(opportunity).where(criterion).select(Sum(field)).run()


def of_this_month(status: str) -> Criterion:
	first, last = get_first_day(today()), get_last_day(today())
	return (opportunity.status == status) & opportunity.closed_on[first:last]


def moved_this_week() -> None:
	begin = get_first_day_of_week(today())
	count(opportunity.last_change_on[str(begin) : str(begin + timedelta(days=7))])


def supplier_quotations() -> None:
	table = Table("tabSupplier Quotation")
	count(table.status == "Submitted", table)


def due_to(user: str) -> Criterion:
	end = str(today() + timedelta(days=1))
	return in_play & (opportunity.next_contact_by == user) & (opportunity.next_contact_date < end)


def by_stage() -> None:
	stage = opportunity.sales_stage
	query = frappe.qb.from_(opportunity).where(in_play).groupby(opportunity.status, opportunity.sales_process)
	query.groupby(stage).select(stage, Count("*")).run()


def by_week() -> None:
	"""What was in play at the end of each week, from the changes once: each counts from when it came to when it was replaced."""
	days = [today() - timedelta(weeks=weeks) for weeks in range(WEEKS, -1, -1)]
	query = frappe.qb.from_(change).where(change.status.isin(IN_PLAY))
	query = query.where(change.replaced_at.isnull() | (change.replaced_at >= _end(days[0])))
	query.select(*(Sum(Case().when(_stood_on(day), weighted(change))) for day in days)).run()


def _stood_on(day: date) -> Criterion:
	replaced = change.replaced_at
	return (change.at < _end(day)) & (replaced.isnull() | (replaced >= _end(day)))


def _end(day: date) -> str:
	return str(day + timedelta(days=1))


CARDS: dict[str, Callable[[], None]] = {
	"My Open Opportunities": lambda: count(in_play & (opportunity.opportunity_owner == frappe.session.user)),
	"My Follow-ups": lambda: count(due_to(frappe.session.user)),
	"Supplier Quotations to Use": supplier_quotations,
	"Open Opportunities": lambda: count(in_play),
	"Open Pipeline Value": lambda: add_up(opportunity.base_opportunity_amount, in_play),
	"Weighted Pipeline Value": lambda: add_up(opportunity.weighted_amount, in_play),
	"Overdue Follow-ups": lambda: count(in_play & (opportunity.next_contact_date < str(now_datetime()))),
	"Rotting Opportunities": lambda: count(
		opportunity.status.isin(AT_WORK)
		& (opportunity.last_change_on < ago(MONTH))
		& (opportunity.last_contacted_on.isnull() | (opportunity.last_contacted_on < ago(MONTH)))
		& (opportunity.last_response_on.isnull() | (opportunity.last_response_on < ago(MONTH)))
	),
	"Won This Month": lambda: add_up(opportunity.base_close_revenue, of_this_month("Converted")),
	"Moved This Week": moved_this_week,
	"Waiting for Us": lambda: count(opportunity.status.isin(AT_WORK) & (opportunity.waiting_for == "Us")),
	"Without Next Step": lambda: count(
		opportunity.status.isin(AT_WORK) & opportunity.next_contact_date.isnull()
	),
	"Lost This Month": lambda: count(of_this_month("Lost")),
	"Past Expected Closing": lambda: count(in_play & (opportunity.expected_closing < today())),
	"Without Owner": lambda: count(in_play & opportunity.opportunity_owner.isnull()),
}
CHARTS: dict[str, Callable[[], None]] = {
	"Pipeline by Stage": by_stage,
	"Weighted Value by Week": by_week,
	"Forecast by Month": report_floors.forecast,
	"Conversion by Stage": report_floors.conversion,
	"What Moved in 30 Days": report_floors.what_moved,
	"Won and Lost by Owner": report_floors.owner_performance,
	"Postponed by Owner": report_floors.slipping,
}
