"""The bare statement beside each report: what the database takes for its figures alone, without permissions, names and texts.

Each reads what the report reads of the same period, by the best index that there is.
"""

from collections.abc import Callable
from datetime import date, timedelta

import frappe
from frappe.query_builder.functions import Count, Date, Max, Sum
from frappe.utils import add_to_date, getdate
from pypika import Table
from pypika.queries import QueryBuilder

YEAR, MONTH = 365, 30
IN_PLAY = ("Open", "Replied", "Quotation", "Paused")
opportunity, change = Table("tabOpportunity"), Table("tabPipeline Change")


def today() -> date:
	return getdate()


def ago(days: int) -> date:
	return today() - timedelta(days=days)


def changes(days: int) -> QueryBuilder:
	"""The changes of so many days, nothing selected yet."""
	return frappe.qb.from_(change).where(change.at >= ago(days))


def forecast() -> None:
	"""What was won and what is in play by day, and what was in play a month ago."""
	closing, closed = opportunity.expected_closing, opportunity.closed_on
	won = frappe.qb.from_(opportunity).where(opportunity.status == "Converted").groupby(closed)
	won.where(closed >= ago(YEAR)).select(closed, Sum(opportunity.base_close_revenue)).run()
	now = frappe.qb.from_(opportunity).where(opportunity.status.isin(IN_PLAY)).groupby(closing)
	now.select(closing, Count("*"), Sum(opportunity.weighted_amount)).run()
	state_on(getdate(add_to_date(today(), months=-1)), (change.expected_closing,))


def what_moved() -> None:
	"""What was in play before and after 30 days, and the last change of each opportunity on each of these days."""
	day = Date(change.at)
	last = (
		changes(MONTH).groupby(change.opportunity, day).select(change.opportunity, Max(change.idx).as_("idx"))
	)
	last = last.as_("last")
	query = frappe.qb.from_(last).join(change)
	query = query.on((change.opportunity == last.opportunity) & (change.idx == last.idx))
	query.groupby(change.status).select(change.status, Sum(change.base_opportunity_amount)).run()
	state_on(ago(MONTH + 1), ())
	now = frappe.qb.from_(opportunity).where(opportunity.status.isin(IN_PLAY))
	now.select(Count("*"), Sum(opportunity.base_opportunity_amount)).run()


def state_on(day: date, groups: tuple) -> None:
	"""Add up the last change before the end of a day, of what is in play now or has changed since."""
	from crm_pipeline.utils.bulk_sql import Value, union_of

	end, earlier = day + timedelta(days=1), change.as_("earlier")
	now = frappe.qb.from_(opportunity).where(opportunity.status.isin(IN_PLAY)).select(opportunity.name)
	since = frappe.qb.from_(change).where(change.at >= end).select(change.opportunity.as_("name"))
	found = union_of(now, since).as_("found")
	last = frappe.qb.from_(earlier).where((earlier.opportunity == found.name) & (earlier.at < end))
	last = last.select(earlier.idx).orderby(earlier.idx, order=frappe.qb.desc).limit(1)
	query = frappe.qb.from_(found).join(change)
	query = query.on((change.opportunity == found.name) & (change.idx == Value(last)))
	query = query.where(change.status.isin(IN_PLAY)).groupby(*groups)
	query.select(*groups, Count("*"), Sum(change.base_opportunity_amount)).run()


def owner_performance() -> None:
	query = frappe.qb.from_(opportunity).where(opportunity.closed_on >= ago(YEAR))
	owner = opportunity.opportunity_owner
	query = query.groupby(owner, opportunity.status)
	query.select(owner, opportunity.status, Count("*"), Sum(opportunity.base_close_revenue)).run()
	done = changes(YEAR).where(change.change == "Follow-up").groupby(change.by)
	done.select(change.by, Count("*")).run()


def lost_opportunity() -> None:
	"""The rows that the report shows, and what they were lost for."""
	lost = frappe.qb.from_(opportunity).where(opportunity.status == "Lost")
	lost = lost.where(opportunity.closed_on >= ago(YEAR))
	fields = "name title customer_name closed_on opportunity_amount currency opportunity_owner source".split()
	lost.select(*(opportunity[field] for field in fields)).run()
	for doctype, field in (("Lost Reason Detail", "lost_reason"), ("Competitor Detail", "competitor")):
		row = Table(f"tab{doctype}")
		lost.join(row).on(row.parent == opportunity.name).select(row.parent, row[field]).run()


def summary_by_stage() -> None:
	query = frappe.qb.from_(opportunity).where(opportunity.transaction_date >= ago(YEAR))
	groups = (opportunity.opportunity_owner, opportunity.sales_stage)
	query.groupby(*groups).select(*groups, Count("*")).run()


def analytics() -> None:
	query = frappe.qb.from_(opportunity).where(opportunity.status.isin(IN_PLAY))
	query = query.where(opportunity.expected_closing >= today())
	groups = (opportunity.opportunity_owner, opportunity.expected_closing)
	query.groupby(*groups).select(*groups, Sum(opportunity.base_opportunity_amount)).run()


def conversion() -> None:
	"""Every change of stage and status once, in the order of the index: the report cannot read less."""
	kinds = ("Created", "Stage", "Process", "Status")
	last = frappe.qb.from_(change).where(change.change.isin(kinds)).groupby(change.opportunity)
	last = last.select(change.opportunity, Max(change.idx).as_("idx"), Max(change.at).as_("at")).as_("last")
	frappe.qb.from_(last).select(Sum(last.idx), Max(last.at)).run()


def slipping() -> None:
	query = changes(YEAR).where((change.change == "Expected Closing") & (change.new_value > change.old_value))
	query.groupby(change.opportunity_owner).select(change.opportunity_owner, Count("*")).run()


def probability_check() -> None:
	entered = changes(2 * YEAR).where(change.change.isin(("Created", "Stage", "Process")))
	stages = (change.sales_process, change.sales_stage)
	entered.groupby(*stages).select(*stages, Count(change.opportunity).distinct()).run()


def first_response() -> None:
	query = frappe.qb.from_(opportunity).where(opportunity.first_responded_on.isnotnull())
	query = query.where(opportunity.transaction_date >= ago(YEAR)).groupby(opportunity.transaction_date)
	query.select(opportunity.transaction_date, Sum(opportunity.mins_to_first_response), Count("*")).run()


def rotting() -> None:
	query = frappe.qb.from_(opportunity).where(opportunity.status.isin(("Open", "Replied", "Quotation")))
	query = query.where(opportunity.last_change_on < ago(MONTH))
	query.select(opportunity.name, opportunity.title, opportunity.last_change_on).run()


def last_year() -> dict:
	return {"from_date": str(ago(YEAR)), "to_date": str(today())}


# Each report with its floor, and filters where its own defaults are not of a year.
REPORTS: dict[str, tuple[Callable[[], None], Callable[[], dict]]] = {
	"Forecast": (forecast, dict),
	"What Moved": (what_moved, dict),
	"Owner Performance": (owner_performance, dict),
	"Lost Opportunity": (lost_opportunity, dict),
	"Opportunity Summary by Sales Stage": (summary_by_stage, dict),
	"Sales Pipeline Analytics": (analytics, lambda: {"based_on": "Amount"}),
	"Stage Conversion and Time in Stage": (conversion, dict),
	"Slipping": (slipping, dict),
	"Probability Check": (probability_check, dict),
	"Minutes to First Response for Opportunity": (first_response, last_year),
	"Rotting Opportunities": (rotting, dict),
}
