"""The lists behind the figures of Slipping by owner."""

import frappe
from frappe import _
from frappe.query_builder.functions import Count, Sum
from pypika.queries import QueryBuilder

from crm_pipeline.crm_pipeline.report import opportunity_list
from crm_pipeline.crm_pipeline.report.opportunity_list import Heading, refuse_figure
from crm_pipeline.crm_pipeline.report.utils import column
from crm_pipeline.history.as_of import change, opportunity
from crm_pipeline.rules.status import CLOSED, CONVERTED, IN_PLAY, LOST
from crm_pipeline.utils.bulk_sql import days_between

# Figures of what is in some status now; the others are of all that was postponed.
NOW = {
	"in_play": sorted(IN_PLAY),
	"amount": sorted(IN_PLAY),
	"won": [CONVERTED],
	"lost": [LOST],
	"closed": [CLOSED],
}
OF_ALL = ("owner_name", "opportunities", "times", "days_each")


def list_of(postponements: QueryBuilder, of: Heading) -> opportunity_list.List:
	"""Return each opportunity of one figure once, with how often it was postponed, and by how many days.

	Args:
		postponements: the query on these, joined to their opportunities.

	Raises:
		UnreadableFilters: there is no such figure.
	"""
	if of.figure.column not in (*OF_ALL, *NOW):
		refuse_figure(of.figure.column)
	query = opportunity_list.of_row(postponements, of.figure, change.opportunity_owner)
	postponed = (
		query.groupby(opportunity.name)
		.select(
			opportunity.name,
			Count(change.name).as_("times"),
			Sum(days_between(change.old_value, change.new_value)).as_("days"),
		)
		.as_("postponed")
	)
	query = frappe.qb.from_(opportunity).join(postponed).on(postponed.name == opportunity.name)
	if of.figure.column in NOW:
		query = query.where(opportunity.status.isin(NOW[of.figure.column]))
	return opportunity_list.list_of(
		query,
		column("times", _("Times Postponed"), "Int", 140),
		column("days", _("Days"), "Int", 80),
		of=of,
		times=postponed.times,
		days=postponed.days,
	)
