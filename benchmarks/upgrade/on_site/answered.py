"""What answers of the API hold, by the names that clients read."""

import frappe
from frappe.utils import add_days, today
from rest import USER, get


def run(_given: dict) -> dict:
	"""For each call the names in its answer, of rows too."""
	span = {"start": add_days(today(), -800), "end": add_days(today(), 400), "filters": "[]"}
	lead = frappe.db.get_value("Opportunity", {"opportunity_from": "Lead"}, "party_name")
	party = {"doctype": "Lead", "name": lead, "limit": 5}
	opportunity = frappe.db.get_value("Opportunity", {}, "name")
	stage = frappe.db.get_value("Opportunity", {"status": "Open"}, "sales_stage")
	process = frappe.db.get_value("Opportunity", {"status": "Open"}, "sales_process")
	calls = {
		"activities.activities": party,
		"assignment.get_rules": {},
		"auto_close.preview_auto_close": {"day": today()},
		"calendar.get_next_contacts": span,
		"handover.preview_handover": {"leaver": USER},
		"history.get_progress": {"opportunity": opportunity},
		"party_history.party_history": party,
		"pipeline.count_rotting": {},
		"pipeline.get_board": {"sales_process": process, "limit_per_stage": 2},
		"pipeline.get_cards": {"sales_process": process, "stage": stage, "start": 0},
	}
	return {
		"answers": {
			path: sorted(names(get(f"crm_pipeline.api.{path}", **query))) for path, query in calls.items()
		}
	}


def names(answer, within: str = "") -> set[str]:
	"""`rows.title` and the like, whatever row it is in."""
	if isinstance(answer, list):
		return {name for each in answer for name in names(each, within)}
	if not isinstance(answer, dict):
		return set()
	return {
		found for key, value in answer.items() for found in (within + key, *names(value, f"{within}{key}."))
	}
