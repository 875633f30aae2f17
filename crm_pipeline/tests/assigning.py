"""Assignment rules for tests, and who was assigned what by them."""

import frappe

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_opportunity,
	make_user,
	unique,
)

ENDED = 'status in ("Converted", "Lost", "Closed")'
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def make_rule(*users: str, **fields):
	"""A rule that is on, among these users, for the opportunities of a campaign of its own only."""
	campaign = unique("Campaign")
	values = {
		"name": unique("Rule"),
		"document_type": "Opportunity",
		"rule": "Round Robin",
		"priority": 100,
		"description": "Take on {{ title }}",
		"assign_condition": f"campaign == {campaign!r} and not opportunity_owner",
		"assignment_days": [{"day": day} for day in WEEK],
		"users": [{"user": user} for user in users],
	}
	rule = make("Assignment Rule", **{**values, **fields})
	rule.campaign = campaign
	return rule


def forget_rules():
	"""Frappe remembers the enabled rules of a DocType until one of them is saved, not until it is rolled back."""
	for doctype in ("Opportunity", "Lead", "Contact"):
		frappe.get_doc({"doctype": "Assignment Rule", "document_type": doctype}).clear_cache()
	for rule in frappe.get_all("Assignment Rule", pluck="name"):
		frappe.clear_document_cache("Assignment Rule", rule)


def value(doc, field: str):
	return frappe.db.get_value(doc.doctype, doc.name, field)


def owner(doc) -> str | None:
	return value(doc, "opportunity_owner")


def tasks(doc, **filters) -> list[dict]:
	on_doc = {"reference_type": doc.doctype, "reference_name": doc.name}
	fields = ["name", "allocated_to", "status", "assignment_rule", "description"]
	return frappe.get_all("ToDo", {**on_doc, **filters}, fields, order_by="creation")


def assigned(doc) -> list[str]:
	return sorted(task.allocated_to for task in tasks(doc, status="Open"))


def disable(user: str):
	doc = frappe.get_doc("User", user)
	doc.enabled = 0
	doc.save()


class AssignmentCase(TestCase):
	def setUp(self):
		super().setUp()
		self.anna, self.bob, self.carl = (make_user("Sales User") for _each in range(3))

	def undo(self):
		super().undo()
		forget_rules()

	def given_to(self, user: str, **fields):
		"""An opportunity that a manager enters for somebody."""
		with self.as_user("Sales Manager"):
			return make_opportunity(opportunity_owner=user, **fields)

	def owners_of_new_opportunities(self, rule, count: int, **fields) -> list[str | None]:
		return [
			make_opportunity(campaign=rule.campaign, **fields).opportunity_owner for _each in range(count)
		]
