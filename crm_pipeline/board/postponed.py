"""Who postponed the most of what the list shows."""

import frappe
from frappe.query_builder.functions import Count, Sum
from pypika.queries import QueryBuilder

from crm_pipeline.board.listing import listed
from crm_pipeline.history.as_of import change
from crm_pipeline.history.postponed import owner_then, postponed_lately
from crm_pipeline.history.rotting import opportunity
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.permissions.visibility import KEPT_FIELDS
from crm_pipeline.rules.view_filters import Filters
from crm_pipeline.utils.bulk_sql import days_between


def ranking(process: str | None, filters: Filters, limit: int) -> list[frappe._dict]:
	"""Return who postponed the expected closing of what the list shows lately, the most often first, of one statement.

	As in the report *Slipping* each time counts for who owned the opportunity then.

	Args:
		filters: who postponed it narrows nothing here, as that is what is told apart.
		limit: how many to return.

	Returns: `user`, empty for nobody; how many `times`, by how many `days` altogether, and of how many `opportunities`.

	Raises:
		FieldOutOfReach: they may not read what the history keeps of an opportunity.
	"""
	refuse_hidden_fields("Opportunity", *KEPT_FIELDS)
	each = _by_opportunity_and_owner().as_("each")
	query = listed(process, filters._replace(postponed=()))
	query = query.join(each).on(each.opportunity == opportunity.name)
	times, days = Sum(each.times), Sum(each.days)
	query = query.groupby(each.user).select(
		each.user, times.as_("times"), days.as_("days"), Count("*").as_("opportunities")
	)
	most = query.orderby(times, order=frappe.qb.desc).orderby(days, order=frappe.qb.desc)
	rows = most.orderby(each.user).limit(limit).run(as_dict=True)
	return [frappe._dict(row, times=int(row.times), days=int(row.days)) for row in rows]


def _by_opportunity_and_owner() -> QueryBuilder:
	"""Return the query of `times` and `days` by `opportunity` and `user`, so that each opportunity is looked up once for each owner."""
	query = frappe.qb.from_(change).where(postponed_lately()).groupby(change.opportunity, owner_then())
	return query.select(
		change.opportunity,
		owner_then().as_("user"),
		Count("*").as_("times"),
		Sum(days_between(change.old_value, change.new_value)).as_("days"),
	)
