"""What hangs on a calendar entry neither stops whoever ends its opportunity nor is lost with it."""

import frappe

from crm_pipeline.follow_ups.calendar_bulk import remove_events
from crm_pipeline.tests.factories import make_contact, make_customer, make_lost_reason
from crm_pipeline.tests.following_up import FollowUpCase
from crm_pipeline.utils.session import impersonate


class TestEventCommunications(FollowUpCase):
	def noted(self):
		"""An opportunity of the user with a next contact, on whose entry a note of Frappe's and a mail hang."""
		customer = make_customer()
		contact = make_contact(customer)
		opportunity = self.opportunity(
			opportunity_from="Customer",
			party_name=customer.name,
			contact_person=contact.name,
			opportunity_owner=self.user,
		)
		self.note = self.communication(opportunity, communication_medium="Event")
		self.mail = self.communication(
			opportunity, communication_medium="Email", message_id=f"{self.user}@mails"
		)
		return opportunity

	def communication(self, opportunity, **fields) -> str:
		doc = frappe.get_doc(
			{
				"doctype": "Communication",
				"subject": "About the appointment",
				"reference_doctype": "Event",
				"reference_name": opportunity.follow_up_event,
				**fields,
			}
		)
		doc.append("timeline_links", {"link_doctype": "Contact", "link_name": opportunity.contact_person})
		return doc.insert(ignore_permissions=True).name

	def assert_released(self, opportunity, event: str):
		self.assertFalse(frappe.db.exists("Event", event))
		self.assertFalse(frappe.db.exists("Communication", self.note))
		self.assertFalse(frappe.db.exists("Communication Link", {"parent": self.note}))
		about = frappe.db.get_value("Communication", self.mail, ["reference_doctype", "reference_name"])
		self.assertEqual(about, ("Opportunity", opportunity.name))

	def test_a_salesperson_ends_it_in_every_way(self):
		reason = make_lost_reason().name
		for end in (
			lambda doc: doc.declare_lost([reason]),
			lambda doc: doc.mark_won(),
			lambda doc: doc.update({"status": "Closed"}).save(),
			lambda doc: doc.update({"next_contact_date": None}).save(),
		):
			opportunity = self.noted()
			event = opportunity.follow_up_event
			with self.subTest(end=end), impersonate(self.user):
				end(frappe.get_doc("Opportunity", opportunity.name))
			self.assert_released(opportunity, event)

	def test_what_is_done_stays_in_the_calendar_with_all_that_hangs_on_it(self):
		opportunity = self.noted()
		event = opportunity.follow_up_event
		with impersonate(self.user):
			frappe.get_doc("Opportunity", opportunity.name).complete_follow_up("They will think about it")
		self.assertEqual(frappe.db.get_value("Event", event, "status"), "Completed")
		self.assertEqual(frappe.db.get_value("Communication", self.mail, "reference_name"), event)

	def test_a_job_that_ends_many_leaves_the_mails_with_each(self):
		opportunity = self.noted()
		event = opportunity.follow_up_event
		remove_events([opportunity.name])
		self.assert_released(opportunity, event)
