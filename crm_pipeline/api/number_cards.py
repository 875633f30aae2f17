"""Numbers of Desk's workspaces that Frappe cannot count by itself as the list shows them that they open.

Frappe 15 leaves out from that list what depends on user or day. Those on follow-ups and rotting stand with what they are of.
"""

from typing import Any

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import add_days, getdate
from pypika.terms import Criterion

from crm_pipeline.follow_ups.mails import LONG_AGO
from crm_pipeline.history.as_of import opportunity
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules import status


@frappe.whitelist(methods=["GET", "POST"])
def count_my_open() -> dict:
	"""Return how many opportunities in play the session's user owns, as `value`, and the list of them.

	Raises:
		OpportunitiesSwitchedOff, frappe.PermissionError, FieldOutOfReach
	"""
	require_reading()
	user = frappe.session.user
	return _in_play("opportunity_owner", opportunity.opportunity_owner == user, user)


@frappe.whitelist(methods=["GET", "POST"])
def count_past_closing() -> dict:
	"""Return how many opportunities in play were to close before today, as `value`, and the list of them.

	Raises:
		OpportunitiesSwitchedOff, frappe.PermissionError, FieldOutOfReach
	"""
	require_reading()
	closing, days = opportunity.expected_closing, (LONG_AGO, str(add_days(getdate(), -1)))
	return _in_play("expected_closing", closing[slice(*days)], ["between", list(days)])


def _in_play(field: str, matches: Criterion, listed: Any) -> dict:
	"""Return the number of those in play that match, and the list of them.

	Args:
		listed: what the list is filtered by in the field, to show the same.
	"""
	refuse_hidden_fields("Opportunity", "status", field)
	playing = sorted(status.IN_PLAY)
	query = frappe.qb.from_(opportunity).select(Count("*")).where(visible("Opportunity"))
	return {
		"value": query.where(opportunity.status.isin(playing) & matches).run()[0][0],
		"fieldtype": "Int",
		"route": ["List", "Opportunity"],
		"route_options": {"status": ["in", playing], field: listed},
	}
