"""What the people of a site do with the app before it is upgraded, besides the demo data."""

import frappe
from frappe.core.doctype.user.user import generate_keys
from frappe.utils import add_days, today
from rest import ROLES, USER

STALE = "Replied Long Ago"


def run(given: dict) -> None:
	"""Make a user with a token, let an assignment rule run, customize the form, and keep an opportunity to close."""
	make_user()
	enable_rule()
	if given["customizes"]:
		customize()
	for values in records():
		frappe.get_doc(values).insert(ignore_permissions=True)


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
	"""What Customize Form leaves."""
	field = {"doctype": "Custom Field", "dt": "Opportunity", "fieldname": "budget_code", "fieldtype": "Data"}
	frappe.get_doc({**field, "label": "Budget Code", "insert_after": "campaign"}).insert()
	frappe.make_property_setter(
		{"doctype": "Opportunity", "fieldname": "campaign", "property": "label", "value": "Drive"}
	)


def records() -> list[dict]:
	long_ago = add_days(today(), -90)
	return [
		{
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
		},
		{
			"doctype": "Opportunity",
			"title": STALE,
			"status": "Replied",
			"budget_code": "B-7",
			"opportunity_owner": USER,
			"transaction_date": long_ago,
		},
	]
