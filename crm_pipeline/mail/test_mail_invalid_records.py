"""Mails on records that could not be saved today: what a site changed meanwhile is no reason to lose one."""

import email
from unittest.mock import patch

import frappe
import pytest
from frappe.core.doctype.file.file import File

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_customer,
	make_exchange_rate,
	make_mail,
	make_opportunity,
	make_user,
	unique,
)
from crm_pipeline.tests.mail import address, deliver, make_mailbox, write

LOG = "Mail Intake Log"


class TestInvalidRecords(TestCase):
	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox()

	def opportunity(self, **fields):
		return make_opportunity(opportunity_owner=make_user("Sales User"), **fields)

	def assertMoves(self, opportunity):
		"""Ours goes out and theirs comes in; both stay, and status and turn follow."""
		message_id = f"{frappe.generate_hash(length=12)}@sales.example"
		make_mail(opportunity, message_id=message_id)
		self.assertEqual((opportunity.reload().status, opportunity.waiting_for), ("Replied", "Them"))
		mail = write(address(), self.mailbox, In_Reply_To=f"<{message_id}>")
		self.assertEqual(deliver(mail, self.mailbox).reference_name, opportunity.name)
		self.assertEqual((opportunity.reload().status, opportunity.waiting_for), ("Open", "Us"))
		mails = {"reference_doctype": "Opportunity", "reference_name": opportunity.name}
		self.assertEqual(frappe.db.count("Communication", mails), 2)

	def test_the_rate_of_its_currency_is_gone(self):
		rate = make_exchange_rate("EUR", "USD", 1.1, "2020-01-01")
		opportunity = self.opportunity(currency="EUR", opportunity_amount=100)
		frappe.db.delete("Currency Exchange", {"name": rate.name})
		self.assertMoves(opportunity)
		self.assertEqual((opportunity.opportunity_amount, opportunity.conversion_rate), (100, 1.1))

	def test_its_party_type_has_left_selling_settings(self):
		opportunity = self.opportunity(opportunity_from="Customer", party_name=make_customer().name)
		settings = frappe.get_doc("Selling Settings")
		settings.set("party_types", [{"party_type": "Lead"}])
		settings.save()
		self.assertMoves(opportunity)

	def test_an_option_in_use_was_removed(self):
		opportunity = self.opportunity()
		self.set_property("status", "options", "Replied\nQuotation\nPaused\nConverted\nLost\nClosed")
		self.assertMoves(opportunity)

	def test_a_field_has_become_mandatory(self):
		opportunity = self.opportunity()
		self.set_property("territory", "reqd", 1, "Check")
		self.assertMoves(opportunity)

	def test_its_owner_and_contact_are_gone(self):
		opportunity = self.opportunity()
		gone = {"contact_person": unique("Gone"), "source": unique("Gone")}
		frappe.db.set_value("Opportunity", opportunity.name, gone)
		self.assertMoves(opportunity)

	def test_senders_that_are_new_where_leads_need_more(self):
		self.set_property("source", "reqd", 1, "Check", "Lead")
		self.set_property("territory", "reqd", 1, "Check")
		sender = address()
		opportunity = frappe.get_doc(
			"Opportunity", deliver(write(sender, self.mailbox), self.mailbox).reference_name
		)
		self.assertEqual(frappe.db.get_value("Lead", opportunity.party_name, "email_id"), sender)
		leads, sender = make_mailbox("Lead"), address()
		lead = deliver(write(sender, leads), leads).reference_name
		self.assertEqual(frappe.db.get_value("Lead", lead, "email_id"), sender)

	def set_property(self, field: str, name: str, value, kind: str = "Data", doctype: str = "Opportunity"):
		"""Change a property of a field for this test, as Customize Form does."""
		df = frappe.get_meta(doctype).get_field(field)
		self.addCleanup(setattr, df, name, df.get(name))
		setattr(df, name, value)


class TestAttachments(TestCase):
	PDF = b"%PDF-1.7\nThis is no PDF."

	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox()

	@pytest.mark.bench_only("The embedded host stores no files.")
	def test_one_that_frappe_refuses_does_not_take_the_mail_along(self):
		mail = write(address(), self.mailbox)
		mail.add_attachment(b"1;2", maintype="text", subtype="csv", filename="plan.csv")
		mail.add_attachment(self.PDF, maintype="application", subtype="pdf", filename="offer.pdf")
		with patch.object(File, "save", refuse_pdf):
			communication = deliver(mail, self.mailbox)
		self.assertEqual(communication.reference_doctype, "Opportunity")
		of_mail = {"attached_to_name": communication.name}
		self.assertEqual(frappe.get_all("File", of_mail, pluck="file_name"), ["plan.csv"])
		entry = frappe.get_last_doc(LOG, {"communication": communication.name})
		self.assertEqual((entry.result, entry.why), ("Incomplete", "offer.pdf: ValidationError: Broken"))
		kept = email.message_from_string(entry.message)
		self.assertIn(self.PDF, [part.get_payload(decode=True) for part in kept.walk()])

	@pytest.mark.bench_only("The embedded host stores no files.")
	def test_a_broken_pdf_leaves_the_mail(self):
		"""Frappe 16 reads what it attaches, and fails at what is no PDF."""
		mail = write(address(), self.mailbox)
		mail.add_attachment(self.PDF, maintype="application", subtype="pdf", filename="offer.pdf")
		self.assertEqual(deliver(mail, self.mailbox).reference_doctype, "Opportunity")


save_file = File.save


def refuse_pdf(file, *args):
	if file.file_name.endswith(".pdf"):
		raise frappe.ValidationError("Broken")
	return save_file(file, *args)


class TestOtherWaysIn(TestCase):
	def test_a_guests_web_form_makes_an_opportunity_of_its_sender(self):
		known, stranger = address(), address()
		lead = make("Lead", first_name="Ada", email_id=known)
		for sender in (known, stranger):
			with self.subTest(sender):
				opportunity = self.fill_in(title="From the website", contact_email=sender)
				self.assertEqual(opportunity.opportunity_from, "Lead")
				self.assertEqual(frappe.db.get_value("Lead", opportunity.party_name, "email_id"), sender)
				self.assertEqual(opportunity.party_name == lead.name, sender == known)

	def fill_in(self, **fields):
		"""Insert as Frappe's Web Forms do for guests."""
		frappe.set_user("Guest")
		frappe.flags.in_web_form = True
		try:
			return frappe.get_doc({"doctype": "Opportunity", **fields}).insert(ignore_permissions=True)
		finally:
			frappe.flags.in_web_form = False
			frappe.set_user("Administrator")
