"""What the people of a site do with the app before it is upgraded, besides the demo data."""

import frappe
from frappe.core.doctype.user.user import generate_keys
from frappe.utils import add_days, today
from functions import MODULE
from rest import ROLES, USER

STALE, CLOSED_BEFORE = "Replied Long Ago", "Closed Before the Upgrade"


def run(given: dict) -> None:
	"""Make a user with a token, customize the form, close an opportunity, and leave another to close."""
	make_user()
	enable_rule()
	if given["customizes"]:
		customize()
		show_cards()
	frappe.get_doc(notification()).insert()
	make_stale(CLOSED_BEFORE)
	frappe.get_attr("crm_pipeline.tasks.auto_close_opportunities")()
	make_stale(STALE)


def make_user() -> None:
	"""Sign somebody up; a site that was here before has them still."""
	if not frappe.db.exists("User", USER):
		user = {"doctype": "User", "email": USER, "first_name": "Ada", "send_welcome_email": 0}
		user["roles"] = [{"role": role} for role in ROLES]
		frappe.get_doc(user).insert(ignore_permissions=True)
	generate_keys(USER)


def enable_rule() -> None:
	"""Let leads go to the user."""
	rule = frappe.get_doc("Assignment Rule", "Leads in Turn")
	rule.update({"users": [{"user": USER}], "disabled": 0})
	rule.save()


def customize() -> None:
	"""Leave what Customize Form leaves."""
	field = {"doctype": "Custom Field", "dt": "Opportunity", "fieldname": "budget_code", "fieldtype": "Data"}
	frappe.get_doc({**field, "label": "Budget Code", "insert_after": "campaign"}).insert()
	frappe.make_property_setter(
		{"doctype": "Opportunity", "fieldname": "campaign", "property": "label", "value": "Drive"}
	)


def show_cards() -> None:
	"""Make a dashboard with every card of the app."""
	cards = [{"card": name} for name in frappe.get_all("Number Card", {"module": MODULE}, pluck="name")]
	charts = [{"chart": name} for name in frappe.get_all("Dashboard Chart", {"module": MODULE}, pluck="name")]
	if not frappe.db.exists("Dashboard", "My Cards"):
		dashboard = {"doctype": "Dashboard", "dashboard_name": "My Cards", "cards": cards, "charts": charts}
		frappe.get_doc(dashboard).insert()


def notification() -> dict:
	return {
		"doctype": "Notification",
		"name": "Big Opportunity",
		"subject": "Big: {{ doc.title }}",
		"document_type": "Opportunity",
		"event": "Value Change",
		"value_changed": "opportunity_amount",
		"channel": "System Notification",
		"condition": "doc.opportunity_amount > 1000000 and doc.sales_stage",
		"recipients": [{"receiver_by_document_field": "opportunity_owner"}],
		"message": "{{ doc.base_opportunity_amount }}",
	}


def make_stale(title: str) -> None:
	"""Make an opportunity that the next night closes."""
	values = {"title": title, "status": "Replied", "transaction_date": add_days(today(), -90)}
	frappe.get_doc({"doctype": "Opportunity", **values, "opportunity_owner": USER}).insert()
