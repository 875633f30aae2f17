"""Mails and calls on a quotation move its opportunities as if they stood on them."""

from unittest.mock import patch

import frappe
from frappe.utils import add_to_date, get_datetime, now_datetime

from crm_pipeline.api.activities import timeline_content
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import Opportunity
from crm_pipeline.mail.judging import save_opportunity
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_lost_reason,
	make_mail,
	make_party_opportunity,
	make_quotation,
)
from crm_pipeline.tests.invariants import contradictions


class TestMailsOnQuotations(TestCase):
	def setUp(self):
		super().setUp()
		self.opportunity = make_party_opportunity()
		self.quotation = make_quotation(self.opportunity)
		self.now = now_datetime().replace(microsecond=0)

	def mail(self, direction: str, minutes: int = 0, **fields):
		at = add_to_date(self.now, minutes=minutes)
		values = {"reference_doctype": "Quotation", "communication_date": at, **fields}
		return make_mail(self.quotation, direction, **values)

	def at(self, minutes: int):
		return add_to_date(self.now, minutes=minutes)

	def assertMoved(self, **values):
		self.opportunity.reload()
		for field, value in values.items():
			stored = self.opportunity.get(field)
			moment = field.endswith(("_on", "_since")) and stored
			self.assertEqual(get_datetime(stored) if moment else stored, value, field)
		self.assertEqual(contradictions(self.opportunity.name), [])

	def test_what_we_send_and_what_they_answer(self):
		self.mail("Sent", 1)
		self.assertMoved(
			status="Quotation",
			own_status="Replied",
			first_responded_on=self.at(1),
			last_contacted_on=self.at(1),
			last_response_on=None,
			waiting_for="Them",
			waiting_since=self.at(1),
			contacted_out=1,
		)
		self.mail("Received", 2)
		self.assertMoved(
			own_status="Open",
			last_response_on=self.at(2),
			waiting_for="Us",
			waiting_since=self.at(2),
			contacted_in=1,
		)
		self.assertEqual(self.quotation.reload().status, "Replied")

	def test_a_late_one_counts_by_its_own_time(self):
		make_mail(self.opportunity, "Sent", communication_date=self.at(5))
		self.mail("Received", 2)
		self.assertMoved(
			waiting_for="Them",
			waiting_since=self.at(5),
			last_response_on=self.at(2),
			last_contacted_on=self.at(5),
		)
		self.mail("Sent", 4)
		self.assertMoved(
			waiting_for="Them", waiting_since=self.at(4), first_responded_on=self.at(4), contacted_out=2
		)

	def test_the_answer_wakes_a_paused_one(self):
		self.opportunity.reload().pause(in_days(3))
		self.mail("Sent", 1)
		self.assertMoved(status="Paused")
		self.mail("Received", 2)
		self.assertMoved(status="Quotation", own_status="Open", paused_until=None, waiting_for="Us")

	def test_a_lost_one_stays_and_its_owner_hears_of_it(self):
		self.quotation.declare_lost([make_lost_reason().name])
		self.mail("Received", 1)
		self.assertMoved(status="Lost", waiting_for="Us", last_response_on=self.at(1))

	def test_each_of_two_opportunities_once(self):
		other = make_party_opportunity()
		self.quotation.cancel()
		items = [
			{"item_name": "A", "qty": 1, "rate": 5},
			{"item_name": "B", "qty": 1, "rate": 5, "opportunity": other.name},
			{"item_name": "C", "qty": 1, "rate": 5, "opportunity": other.name},
		]
		self.quotation = make_quotation(self.opportunity, items=items)
		self.mail("Received", 1)
		values = {"contacted_in": 1, "waiting_for": "Us", "last_response_on": self.at(1)}
		self.assertMoved(**values)
		self.opportunity = other
		self.assertMoved(**values)

	def test_a_call_counts_and_answers_nothing(self):
		self.mail("Received", 1, communication_medium="Phone")
		self.assertMoved(contacted_in=1, waiting_for="Us", first_responded_on=None)
		self.assertEqual(self.quotation.reload().status, "Open")

	def test_automatic_ones_and_those_among_us_do_not_count(self):
		self.mail("Received", 1, communication_type="Automated Message")
		self.assertMoved(contacted_in=0, waiting_for="Nobody", last_response_on=None)

	def test_one_that_is_moved_between_the_two_counts_once(self):
		mail = self.mail("Received", 1)
		mail.update({"reference_doctype": "Opportunity", "reference_name": self.opportunity.name}).save()
		mail.update({"reference_doctype": "Quotation", "reference_name": self.quotation.name}).save()
		self.assertMoved(contacted_in=1, waiting_for="Us")

	def test_a_sender_who_may_not_write_the_opportunity(self):
		mail = frappe.copy_doc(self.mail("Sent", 1))
		mail.update(
			{"sent_or_received": "Received", "sender": "c@example.org", "recipients": "s@example.com"}
		)
		mail.communication_date = self.at(2)
		with self.as_user("Purchase User"):
			self.assertFalse(frappe.has_permission("Opportunity", "write", self.opportunity.name))
			mail.insert(ignore_permissions=True)  # as a mailbox or a form does it
		self.assertMoved(waiting_for="Us")

	def test_where_the_opportunity_cannot_be_saved_the_times_are_kept(self):
		with patch.object(Opportunity, "validate", side_effect=ValueError("a broken app")):
			mail = self.mail("Received", 1)
		self.assertTrue(frappe.db.exists("Communication", mail.name))
		stored = frappe.db.get_value(
			"Opportunity", self.opportunity.name, ["waiting_for", "contacted_in"], as_dict=True
		)
		self.assertEqual((stored.waiting_for, stored.contacted_in), ("Us", 1))
		self.assertEqual(self.quotation.reload().status, "Open")
		save_opportunity(mail)
		self.assertEqual(self.quotation.reload().status, "Replied")
		self.assertMoved(contacted_in=1, waiting_for="Us")

	def test_the_opportunity_s_timeline_shows_it(self):
		self.mail("Received", 1, subject="We take it")
		shown = [row["content"] for row in timeline_content("Opportunity", self.opportunity.name)]
		self.assertTrue([each for each in shown if "We take it" in each])
