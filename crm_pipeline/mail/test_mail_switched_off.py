"""Mails that come in while opportunities are switched off."""

import frappe

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make_mail,
	make_opportunity,
)
from crm_pipeline.tests.mail import address, deliver, make_mailbox, write


class TestSwitchedOff(TestCase):
	"""It is kept, and makes no opportunity."""

	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox()
		self.opportunity = make_opportunity()
		self.before = [frappe.db.count(doctype) for doctype in ("Opportunity", "Lead")]
		self.switch(1)

	def switch(self, off: int):
		settings = frappe.get_doc("Selling Settings")
		settings.disable_opportunities = off
		settings.save()

	def assertPlain(self, communication):
		self.assertFalse(communication.reload().reference_name)
		self.assertFalse(communication.reference_doctype)
		self.assertEqual([frappe.db.count(doctype) for doctype in ("Opportunity", "Lead")], self.before)

	def test_a_mail_is_kept_without_an_opportunity(self):
		sender = address()
		communication = deliver(write(sender, self.mailbox, "Need 40 printers"), self.mailbox)
		self.assertPlain(communication)
		self.assertEqual((communication.sender, communication.subject), (sender, "Need 40 printers"))
		self.assertEqual(communication.email_account, self.mailbox.name)
		self.assertEqual(self.mailbox.append_to, "Opportunity")

	def test_an_imap_folder_is_no_way_round(self):
		self.mailbox.update({"use_imap": 1, "append_to": None})
		self.assertPlain(
			deliver(write(address(), self.mailbox), self.mailbox, folder_append_to="Opportunity")
		)

	def test_an_answer_still_goes_to_its_opportunity(self):
		ours = make_mail(self.opportunity, message_id=f"{frappe.generate_hash(length=12)}@sales.example")
		answer = write(address(), self.mailbox, "Other words", In_Reply_To=f"<{ours.message_id}>")
		self.assertEqual(deliver(answer, self.mailbox).reference_name, self.opportunity.name)
		self.assertEqual((self.opportunity.reload().contacted_in, self.opportunity.waiting_for), (1, "Us"))

	def test_an_answer_to_a_mail_kept_plainly_is_kept_plainly(self):
		first = write(address(), self.mailbox)
		deliver(first, self.mailbox)
		second = write(address(), self.mailbox, "More", In_Reply_To=first["Message-ID"])
		self.assertPlain(deliver(second, self.mailbox))

	def test_a_mailbox_of_leads_goes_on(self):
		leads = make_mailbox(append_to="Lead")
		self.assertEqual(deliver(write(address(), leads), leads).reference_doctype, "Lead")

	def test_switched_on_again_mails_make_opportunities(self):
		self.switch(0)
		self.assertEqual(
			deliver(write(address(), self.mailbox), self.mailbox).reference_doctype, "Opportunity"
		)
