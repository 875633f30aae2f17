"""The lists behind the figures of Owner Performance."""

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from pypika.queries import QueryBuilder

from crm_pipeline.crm_pipeline.report import opportunity_list
from crm_pipeline.crm_pipeline.report.opportunity_list import Heading, refuse_figure
from crm_pipeline.crm_pipeline.report.utils import column
from crm_pipeline.history.as_of import change, opportunity
from crm_pipeline.rules.status import CONVERTED, LOST
from crm_pipeline.utils.bulk_sql import days_between

BOTH = (CONVERTED, LOST)
# Of what each figure tells, by the status in which it ended.
ENDED_AS = {
	"owner_name": BOTH,
	"won": (CONVERTED,),
	"lost": (LOST,),
	"win_rate": BOTH,
	"rate_from": BOTH,
	"rate_to": BOTH,
	"revenue": (CONVERTED,),
	"days_to_win": (CONVERTED,),
}


def list_of(ended: QueryBuilder, followed_up: QueryBuilder, of: Heading) -> opportunity_list.List:
	"""Return the opportunities of one figure.

	Args:
		ended: the query on what was won or lost.
		followed_up: the query on follow-ups that were done, joined to their opportunities.

	Raises:
		UnreadableFilters: there is no such figure.
	"""
	if of.figure.column == "follow_ups":
		return _followed_up(followed_up, of)
	if of.figure.column not in ENDED_AS:
		refuse_figure(of.figure.column)
	query = ended.where(opportunity.status.isin(ENDED_AS[of.figure.column]))
	return opportunity_list.list_of(
		opportunity_list.of_row(query, of.figure, opportunity.opportunity_owner),
		column("closed_on", _("Closed On"), "Date", 110),
		column("revenue", _("Revenue"), "Currency", 120, options="currency"),
		column("days", _("Days"), "Int", 80),
		of=of,
		closed_on=opportunity.closed_on,
		revenue=opportunity.base_close_revenue,
		days=days_between(opportunity.transaction_date, opportunity.closed_on),
	)


def _followed_up(followed_up: QueryBuilder, of: Heading) -> opportunity_list.List:
	"""Return each opportunity once, with how many follow-ups there were."""
	query = opportunity_list.of_row(followed_up, of.figure, change.by).groupby(opportunity.name)
	done = query.select(opportunity.name, Count(change.name).as_("times")).as_("done")
	query = frappe.qb.from_(opportunity).join(done).on(done.name == opportunity.name)
	times = column("times", _("Follow-ups Done"), "Int", 150)
	return opportunity_list.list_of(query, times, of=of, times=done.times)
