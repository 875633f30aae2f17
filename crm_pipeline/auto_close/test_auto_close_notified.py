"""What owners are told of a closing that was undone, and what its batch lists."""

import frappe

from crm_pipeline.api.auto_close import undo_auto_close
from crm_pipeline.tests.factories import make_user
from crm_pipeline.tests.inactive_opportunities import AutoCloseCase
from crm_pipeline.tests.limited import settings

BATCH = "Auto Close Batch"


class TestTold(AutoCloseCase):
	def told(self, owner: str) -> list[str]:
		filters = {"for_user": owner, "document_type": BATCH}
		return frappe.get_all("Notification Log", filters, pluck="subject", order_by="creation")

	def test_owners_hear_that_theirs_are_open_again_and_no_more_that_they_are_closed(self):
		owner, other = make_user("Sales User"), make_user("Sales User")
		for _each in range(2):
			self.inactive_opportunity(opportunity_owner=owner)
		touched = self.inactive_opportunity(opportunity_owner=other)
		(batch,) = self.run_job()
		self.assertIn("Closed", self.told(owner)[0])
		touched.reload().save()
		undo_auto_close(batch)
		(told,) = self.told(owner)
		self.assertIn("Reopened", told)
		self.assertIn("2 of your opportunities", told)
		(told,) = self.told(other)
		self.assertIn("Closed", told)
		undo_auto_close(batch)
		self.assertEqual(len(self.told(owner)), 1)

	def test_where_opportunities_are_off_the_batch_opens_without_them(self):
		self.inactive_opportunity()
		(batch,) = self.run_job()
		settings(disable_opportunities=1)
		with self.as_user("System Manager"):
			doc = frappe.get_doc("Auto Close Batch", batch)
			self.assertEqual(doc.first_opportunities(), [])

	def test_the_batch_lists_its_opportunities(self):
		owner = make_user("Sales User")
		opportunity = self.inactive_opportunity(opportunity_owner=owner)
		(batch,) = self.run_job()
		doc = frappe.get_doc(BATCH, batch)
		doc.run_method("onload")
		row = next(row for row in doc.get_onload("opportunities") if row.opportunity == opportunity.name)
		self.assertEqual(
			(row.title, row.result, row.owner_name, row.opportunity_owner),
			(opportunity.title, "Closed", "Test", owner),
		)
