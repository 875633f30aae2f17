"""Who hands a pipeline over to whom, and what is said when a user is disabled."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.api.handover import hand_over
from crm_pipeline.tests.factories import (
	make_opportunity,
	make_user,
)
from crm_pipeline.tests.handing_over import HandoverCase, value


class TestRefusals(HandoverCase):
	def test_only_managers_look_and_hand_over(self):
		opportunity = make_opportunity(opportunity_owner=self.leaver)
		for roles in (("Sales User",), ("Purchase User",), ()):
			with self.as_user(*roles):
				with self.assertRefused(frappe.PermissionError):
					self.counts()
				with self.assertRefused(frappe.PermissionError):
					self.moved()
		self.assertEqual(value(opportunity, "opportunity_owner"), self.leaver)

	def test_sales_and_system_managers_may(self):
		for role in ("Sales Manager", "System Manager"):
			opportunity = make_opportunity(opportunity_owner=self.leaver)
			with self.as_user(role):
				self.assertEqual(self.moved()["opportunities"], [opportunity.name])

	def test_a_successor_who_cannot_work_with_it_is_refused(self):
		opportunity = make_opportunity(opportunity_owner=self.leaver)
		disabled = make_user("Sales User")
		frappe.db.set_value("User", disabled, "enabled", 0)
		for successor, refusal, message in (
			(self.leaver, exceptions.SuccessorIsLeaver, "cannot take over from"),
			(disabled, exceptions.SuccessorDisabled, "is disabled"),
			(make_user("Purchase User"), exceptions.SuccessorNotInSales, "Give the role Sales User"),
			("nobody@example.com", frappe.DoesNotExistError, "nobody@example.com"),
		):
			with self.assertRefused(refusal, message):
				hand_over(self.leaver, successor)
		self.assertEqual(value(opportunity, "opportunity_owner"), self.leaver)

	def test_opportunities_that_are_switched_off_stay(self):
		opportunity = make_opportunity(opportunity_owner=self.leaver)
		frappe.db.set_single_value("Selling Settings", "disable_opportunities", 1)
		with self.as_user("Sales Manager"), self.assertRefused(exceptions.OpportunitiesSwitchedOff):
			self.moved()
		self.assertEqual(value(opportunity, "opportunity_owner"), self.leaver)


class TestDisabling(HandoverCase):
	def messages(self) -> str:
		return "\n".join(str(message) for message in frappe.get_message_log())

	def disable(self):
		frappe.clear_messages()
		frappe.get_doc("User", self.leaver).update({"enabled": 0}).save()

	def test_it_goes_on_and_names_what_is_left_and_the_call(self):
		opportunity = make_opportunity(opportunity_owner=self.leaver)
		self.disable()
		self.assertIn("Open opportunities: 1", self.messages())
		self.assertIn("crm_pipeline.api.handover.hand_over", self.messages())
		self.assertEqual(value(opportunity, "opportunity_owner"), self.leaver)
		with self.as_user("Sales User"):
			self.assertEqual(
				len(frappe.get_list("Opportunity", filters={"opportunity_owner": self.leaver})), 1
			)

	def test_with_nothing_left_nothing_is_said(self):
		make_opportunity(opportunity_owner=self.leaver)
		self.moved()
		self.disable()
		self.assertEqual(self.messages(), "")

	def test_a_disabled_leaver_can_still_be_handed_over(self):
		opportunity = make_opportunity(opportunity_owner=self.leaver)
		self.disable()
		self.assertEqual(self.moved()["opportunities"], [opportunity.name])
