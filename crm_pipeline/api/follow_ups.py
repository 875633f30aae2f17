"""What Desk's landing page shows each user of their own next contacts."""

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import now_datetime

from crm_pipeline.controllers.time_zones import zones_of
from crm_pipeline.follow_ups.mails import pending
from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules import status, zones

LONG_AGO = "2000-01-01"  # before any next contact


@frappe.whitelist(methods=["GET", "POST"])
def count_my_follow_ups() -> dict:
	"""Return what the number card shows: `value`, the user's own next contacts that are overdue or today, and its route.

	Today is that of the user's clock.
	"""
	require_reading()
	user, deal = frappe.session.user, frappe.qb.DocType("Opportunity")
	until = zones.end_of_day(now_datetime(), *zones_of(user))
	query = frappe.qb.from_(deal).select(Count(deal.name)).where(visible("Opportunity"))
	count = query.where(pending(deal, until) & (deal.next_contact_by == user)).run()[0][0]
	filters = {
		"next_contact_by": user,
		"status": ["in", sorted(status.IN_PLAY)],
		# Frappe's lists take a missing date for the earliest one, and PostgreSQL has no date that "is set".
		"next_contact_date": [frappe.as_json([">", LONG_AGO]), frappe.as_json(["<=", str(until)])],
	}
	return {"value": count, "fieldtype": "Int", "route": ["List", "Opportunity"], "route_options": filters}
