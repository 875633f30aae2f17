"""The patch for opportunities that were closed by a version which left a missed next contact on them."""

import frappe

from crm_pipeline.auto_close.undo import undo
from crm_pipeline.patches import clear_missed_of_auto_closed
from crm_pipeline.tests.factories import in_days, make_opportunity, make_user
from crm_pipeline.tests.inactive_opportunities import AutoCloseCase

ROW = "Auto Closed Opportunity"


class TestLeftovers(AutoCloseCase):
	def left_over(self) -> tuple:
		"""An opportunity as it was left, and when its next contact was due."""
		opportunity = self.inactive_opportunity(
			40, next_contact_date=in_days(-2), next_contact_by=make_user("Sales User")
		)
		due, event = opportunity.next_contact_date, opportunity.follow_up_event
		self.run_job()
		left = {"next_contact_date": due, "follow_up_event": event}
		frappe.db.set_value("Opportunity", opportunity.name, left, update_modified=False)
		frappe.db.set_value(ROW, {"opportunity": opportunity.name}, "next_contact_before", None)
		return opportunity.reload(), due

	def test_what_is_closed_has_no_next_contact(self):
		opportunity, _due = self.left_over()
		closed_by_hand, coming = make_opportunity(), make_opportunity(next_contact_date=in_days(2))
		closed_by_hand.status = "Closed"
		closed_by_hand.save()
		modified = opportunity.modified
		clear_missed_of_auto_closed.execute()
		opportunity.reload()
		self.assertEqual((opportunity.next_contact_date, opportunity.follow_up_event), (None, None))
		self.assertEqual((opportunity.status, opportunity.modified), ("Closed", modified))
		self.assertEqual(closed_by_hand.reload().status, "Closed")
		self.assertTrue(coming.reload().next_contact_date)
		self.assertTrue(coming.follow_up_event)
		clear_missed_of_auto_closed.execute()
		self.assertEqual(opportunity.reload().modified, modified)

	def test_its_calendar_entry_goes(self):
		opportunity, _due = self.left_over()
		event = frappe.get_doc({"doctype": "Event", "subject": "Call", "starts_on": in_days(-2)}).insert()
		frappe.db.set_value("Opportunity", opportunity.name, "follow_up_event", event.name)
		clear_missed_of_auto_closed.execute()
		self.assertFalse(frappe.db.exists("Event", event.name))

	def test_undoing_brings_it_back(self):
		opportunity, due = self.left_over()
		clear_missed_of_auto_closed.execute()
		undo(self.row(opportunity).batch)
		opportunity.reload()
		self.assertEqual((opportunity.status, opportunity.next_contact_date), ("Replied", due))
		self.assertTrue(opportunity.follow_up_event)
