"""Assigning over HTTP: by several people at once, and by a rule."""

import json

import frappe

from crm_pipeline.tests.factories import make_user, unique
from crm_pipeline.tests.http import send_together
from crm_pipeline.tests.rest import RestTestCase

ADD = "/api/method/frappe.desk.form.assign_to.add"
RULES = "/api/method/crm_pipeline.api.assignment"


class TestTwoAssignments(RestTestCase):
	def setUp(self):
		super().setUp()
		self.users = [make_user("Sales User") for _each in range(2)]
		self.made.extend(("User", user) for user in self.users)
		# The site of the requests has nowhere to send from, and would log that.
		quiet = {"enable_email_notifications": 0}
		frappe.db.set_value("Notification Settings", {"name": ["in", self.users]}, quiet)
		self.name = self.create("Opportunity", title=unique("Wanted"), opportunity_amount=10)["name"]
		frappe.db.set_value("Opportunity", self.name, "opportunity_owner", None)
		frappe.db.commit()

	def assign_together(self, *users: str) -> list[int]:
		"""Status of each answer."""
		request = {"method": "POST", "path": ADD, "headers": self.api.headers}
		bodies = [
			{"doctype": "Opportunity", "name": self.name, "assign_to": json.dumps([user])} for user in users
		]
		answers = send_together(*({**request, "json": body} for body in bodies))
		return [answer.status_code for answer in answers]

	def test_one_of_them_is_the_owner_and_both_are_assigned(self):
		self.assertEqual(self.assign_together(*self.users), [200, 200])
		opportunity = frappe.db.get_value(
			"Opportunity", self.name, ["opportunity_owner", "_assign"], as_dict=True
		)
		self.assertIn(opportunity.opportunity_owner, self.users)
		self.assertEqual(sorted(json.loads(opportunity._assign)), sorted(self.users))
		changes = frappe.get_all(
			"Pipeline Change",
			{"opportunity": self.name},
			["change", "new_value"],
			order_by="idx desc",
			limit=1,
		)
		self.assertEqual(tuple(changes[0].values()), ("Owner", opportunity.opportunity_owner))


class TestRules(RestTestCase):
	roles = ("Sales User",)

	def test_a_salesperson_may_not_set_them_up(self):
		rule = {"rule": "Opportunities in Turn"}
		for answer in (
			self.api.get(f"{RULES}.get_rules"),
			self.api.post(f"{RULES}.enable_rule", **rule, users=[self.api.user]),
			self.api.post(f"{RULES}.disable_rule", **rule),
		):
			self.assertEqual((answer.status_code, answer.json["exc_type"]), (403, "PermissionError"))
		self.assertEqual(frappe.db.get_value("Assignment Rule", rule["rule"], "disabled"), 1)
