"""What Desk's landing page shows each user of their own next contacts."""

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import now_datetime

from crm_pipeline.follow_ups.mails import pending, pending_in_lists, whole_minute
from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules import time_zones
from crm_pipeline.utils.time_zones import zones_of


@frappe.whitelist(methods=["GET", "POST"])
def count_my_follow_ups() -> dict:
	"""Return what the number card shows: `value`, the user's own next contacts that are overdue or today, and its route.

	Today is that of the user's clock.
	"""
	require_reading()
	user, opportunity = frappe.session.user, frappe.qb.DocType("Opportunity")
	until = whole_minute(time_zones.end_of_day(now_datetime(), *zones_of(user)))
	mine = pending(opportunity, until) & (opportunity.next_contact_by == user)
	query = frappe.qb.from_(opportunity).select(Count("*")).where(visible("Opportunity"))
	return {
		"value": query.where(mine).run()[0][0],
		"fieldtype": "Int",
		"route": ["List", "Opportunity"],
		"route_options": {"next_contact_by": user, **pending_in_lists(until)},
	}
