"""Mails that make opportunities and leads, and those that answer what is there."""

import frappe
import pytest
from frappe.email.receive import InboundMail

from crm_pipeline.mail.intake import as_pipeline_mail
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make_contact,
	make_customer,
	make_lead,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_user,
)
from crm_pipeline.tests.mail import address, deliver, make_mailbox, write


class TestNewOpportunity(TestCase):
	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox()

	def opportunity_of(self, mail, mailbox=None):
		communication = deliver(mail, mailbox or self.mailbox)
		self.assertEqual(communication.reference_doctype, "Opportunity")
		return frappe.get_doc("Opportunity", communication.reference_name)

	def test_a_stranger_becomes_a_lead_with_an_opportunity(self):
		sender = address()
		opportunity = self.opportunity_of(write(f"Eve Stone <{sender}>", self.mailbox, "Need 40 printers"))
		self.assertEqual((opportunity.title, opportunity.contact_email), ("Need 40 printers", sender))
		self.assertEqual(
			(opportunity.status, opportunity.waiting_for, opportunity.contacted_in), ("Open", "Us", 1)
		)
		lead = frappe.get_doc("Lead", opportunity.party_name)
		self.assertEqual((lead.lead_name, lead.email_id, lead.status), ("Eve Stone", sender, "Opportunity"))

	def test_the_same_stranger_stays_one_lead(self):
		"""frappe/erpnext 6242: every mail of a known sender made another lead."""
		sender = address()
		first = self.opportunity_of(write(sender, self.mailbox, "Printers"))
		second = self.opportunity_of(write(sender.upper(), self.mailbox, "Something else entirely"))
		self.assertNotEqual(first.name, second.name)
		self.assertEqual(first.party_name, second.party_name)
		self.assertEqual(frappe.db.count("Lead", {"email_id": sender}), 1)

	def test_a_customers_contact_is_recognized_in_any_letter_case(self):
		"""frappe/erpnext 12665: a customer who wrote became a lead beside the customer."""
		customer, sender = make_customer(), address()
		contact = make_contact(customer, email_id=sender.title())
		opportunity = self.opportunity_of(write(sender.upper(), self.mailbox))
		self.assertEqual((opportunity.opportunity_from, opportunity.party_name), ("Customer", customer.name))
		self.assertEqual(opportunity.contact_person, contact.name)
		self.assertFalse(frappe.db.exists("Lead", {"email_id": sender}))

	def test_a_known_lead_gets_the_opportunity(self):
		"""frappe/erpnext 7708: a new lead for an address that a lead already had."""
		sender = address()
		lead = make_lead(email_id=sender.upper())
		opportunity = self.opportunity_of(write(f"Somebody Else <{sender}>", self.mailbox))
		self.assertEqual((opportunity.opportunity_from, opportunity.party_name), ("Lead", lead.name))

	def test_a_contact_of_a_lead_writes_for_the_lead(self):
		lead, sender = make_lead(), address()
		make_contact(lead, email_id=sender)
		self.assertEqual(self.opportunity_of(write(sender, self.mailbox)).party_name, lead.name)

	def test_a_lead_that_became_a_customer_writes_as_the_customer(self):
		sender = address()
		lead = make_lead(email_id=sender)
		customer = make_customer(lead_name=lead.name)
		opportunity = self.opportunity_of(write(sender, self.mailbox))
		self.assertEqual((opportunity.opportunity_from, opportunity.party_name), ("Customer", customer.name))

	def test_one_of_us_is_no_lead(self):
		colleague = make_user("Sales User")
		opportunity = self.opportunity_of(write(colleague, self.mailbox, "Fwd: Printers"))
		self.assertFalse(opportunity.party_name)
		self.assertFalse(frappe.db.exists("Lead", {"email_id": colleague}))

	def test_an_opportunity_entered_otherwise_makes_no_lead(self):
		sender = address()
		self.assertFalse(make_opportunity(contact_email=sender).party_name)
		self.assertFalse(frappe.db.exists("Lead", {"email_id": sender}))
		lead = make_lead(email_id=sender)
		self.assertNotEqual(make_lead(email_id=sender).name, lead.name)

	def test_without_leads_among_the_party_types_there_is_no_party(self):
		settings = frappe.get_doc("Selling Settings")
		settings.set("party_types", [{"party_type": "Customer"}])
		settings.save()
		sender = address()
		make_lead(email_id=sender)
		self.assertFalse(self.opportunity_of(write(sender, self.mailbox)).party_name)
		self.assertFalse(self.opportunity_of(write(address(), self.mailbox)).party_name)

	def test_a_mail_without_subject(self):
		opportunity = self.opportunity_of(write(address(), self.mailbox, subject=None))
		self.assertEqual(opportunity.title, "No Subject")

	def test_two_hundred_recipients_make_one_opportunity_and_one_lead(self):
		leads = frappe.db.count("Lead")
		crowd = ", ".join(address() for _ in range(200))
		opportunity = self.opportunity_of(
			write(address(), self.mailbox, To=f"{crowd}, {self.mailbox.email_id}")
		)
		self.assertEqual(opportunity.contacted_in, 1)
		self.assertEqual(frappe.db.count("Lead"), leads + 1)

	def test_an_endless_sender_name_is_cut(self):
		sender = address()
		forged = f"Boss {'x' * 200} <{sender}>"
		opportunity = self.opportunity_of(write(forged, self.mailbox))
		lead = frappe.get_doc("Lead", opportunity.party_name)
		self.assertTrue(lead.lead_name.startswith("Boss"))
		self.assertLessEqual(len(lead.lead_name), 140)

	@pytest.mark.bench_only("The embedded host stores no files.")
	def test_an_attachment_is_kept_with_the_mail(self):
		mail = write(address(), self.mailbox)
		mail.add_attachment(b"1;2", maintype="text", subtype="csv", filename="plan.csv")
		communication = deliver(mail, self.mailbox)
		files = frappe.get_all(
			"File",
			{"attached_to_doctype": "Communication", "attached_to_name": communication.name},
			pluck="file_name",
		)
		self.assertEqual(len(files), 1)

	def test_the_same_mail_twice_is_one(self):
		mail = write(address(), self.mailbox)
		first = self.opportunity_of(mail)
		self.assertEqual(self.opportunity_of(mail).name, first.name)
		self.assertEqual(first.reload().contacted_in, 1)


class TestReply(TestCase):
	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox()

	def test_an_answer_goes_to_the_opportunity_it_answers(self):
		opportunity = make_opportunity()
		ours = make_mail(opportunity, message_id=f"{frappe.generate_hash(length=12)}@sales.example")
		before = frappe.db.count("Opportunity")
		answer = write(address(), self.mailbox, "Other words", In_Reply_To=f"<{ours.message_id}>")
		self.assertEqual(deliver(answer, self.mailbox).reference_name, opportunity.name)
		self.assertEqual((opportunity.reload().status, opportunity.waiting_for), ("Open", "Us"))
		self.assertEqual(frappe.db.count("Opportunity"), before)

	def test_an_answer_to_a_mail_unknown_here_makes_a_new_one(self):
		answer = write(address(), self.mailbox, In_Reply_To="<nobody@knows.example>")
		communication = deliver(answer, self.mailbox)
		self.assertEqual(
			frappe.db.get_value("Opportunity", communication.reference_name, "title"), "Printers"
		)

	def test_an_answer_on_an_ended_opportunity_stays_there_and_tells_its_owner(self):
		owner, opportunities = make_user("Sales User"), [make_opportunity() for _ in range(3)]
		for opportunity in opportunities:
			opportunity.opportunity_owner = owner
			opportunity.save()
		lost, won, closed = opportunities
		lost.declare_lost([make_lost_reason().name])
		won.mark_won()
		closed.status = "Closed"
		closed.save()
		for opportunity, status in ((lost, "Lost"), (won, "Converted"), (closed, "Closed")):
			make_mail(opportunity, "Received")
			self.assertEqual((opportunity.reload().status, opportunity.waiting_for), (status, "Us"))
			told = {"for_user": owner, "document_name": opportunity.name, "type": "Alert"}
			self.assertEqual(frappe.db.count("Notification Log", told), 1)
			make_mail(opportunity)
			self.assertEqual((opportunity.reload().status, opportunity.waiting_for), (status, "Nobody"))

	def test_an_answer_on_an_open_opportunity_tells_nobody(self):
		opportunity = make_opportunity(opportunity_owner=make_user("Sales User"))
		make_mail(opportunity, "Received")
		told = {"for_user": opportunity.opportunity_owner, "type": "Alert"}
		self.assertFalse(frappe.db.exists("Notification Log", told))

	def test_a_colleagues_mail_through_the_mailbox_is_ours(self):
		opportunity, colleague = make_opportunity(), make_user("Sales User")
		make_mail(opportunity, "Received", sender=colleague, recipients=self.mailbox.email_id)
		self.assertEqual((opportunity.reload().contacted_in, opportunity.contacted_out), (0, 0))
		make_mail(
			opportunity, "Received", sender=colleague, recipients=f"{address()}, {self.mailbox.email_id}"
		)
		self.assertEqual(
			(opportunity.reload().contacted_in, opportunity.contacted_out, opportunity.status),
			(0, 1, "Replied"),
		)


class TestLeadMailbox(TestCase):
	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox(append_to="Lead")

	def test_a_stranger_becomes_one_lead(self):
		sender = address()
		first = deliver(write(f"Eve Stone <{sender}>", self.mailbox, "Need printers"), self.mailbox)
		lead = frappe.get_doc("Lead", first.reference_name)
		self.assertEqual((lead.lead_name, lead.email_id, lead.notes), ("Eve Stone", sender, "Need printers"))
		second = deliver(write(sender, self.mailbox, "Quite another subject"), self.mailbox)
		self.assertEqual(second.reference_name, lead.name)

	def test_a_customers_mail_makes_what_the_mailbox_says_and_somebody_is_notified(self):
		manager, sender = make_user("Sales User"), address()
		customer = make_customer(account_manager=manager)
		make_contact(customer, email_id=sender)
		communication = deliver(write(sender, self.mailbox), self.mailbox)
		lead = frappe.get_doc("Lead", communication.reference_name)
		self.assertEqual((communication.reference_doctype, lead.email_id), ("Lead", sender))
		links = [(row.link_doctype, row.link_name) for row in communication.timeline_links]
		self.assertIn(("Customer", customer.name), links)
		told = {"for_user": manager, "document_type": "Lead", "document_name": lead.name}
		self.assertEqual(frappe.db.count("Notification Log", told), 1)
		again = deliver(write(sender, self.mailbox, "Something else"), self.mailbox)
		self.assertEqual(again.reference_name, lead.name)
		self.assertEqual(frappe.db.count("Notification Log", told), 1)

	def test_one_of_us_becomes_none(self):
		colleague = make_user("Sales User")
		self.assertIsNone(deliver(write(colleague, self.mailbox), self.mailbox).reference_name)
		self.assertFalse(frappe.db.exists("Lead", {"email_id": colleague}))


class TestOpenOpportunity(TestCase):
	"""Whoever has an open opportunity writes on it, whichever mailbox of ours they write to."""

	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox(append_to="Lead")
		self.sender = address()
		self.lead = make_lead(email_id=self.sender)

	def make_opportunity(self, party=None, **fields):
		party = party or self.lead
		return make_opportunity(opportunity_from=party.doctype, party_name=party.name, **fields)

	def reached(self, mailbox=None, **headers) -> tuple:
		mailbox = mailbox or self.mailbox
		communication = deliver(write(self.sender, mailbox, "Order", **headers), mailbox)
		return communication.reference_doctype, communication.reference_name

	def test_a_lead_reaches_its_open_opportunity(self):
		opportunity = self.make_opportunity()
		make_mail(opportunity)
		self.assertEqual(self.reached(), ("Opportunity", opportunity.name))
		self.assertEqual((opportunity.reload().status, opportunity.waiting_for), ("Open", "Us"))

	def test_of_several_the_newest_that_waits_for_them(self):
		opportunities = [self.make_opportunity() for _ in range(4)]
		for opportunity in opportunities[1:3]:
			make_mail(opportunity)
		self.assertEqual(self.reached(), ("Opportunity", opportunities[2].name))

	def test_where_none_waits_for_them_the_newest(self):
		opportunities = [self.make_opportunity() for _ in range(2)]
		self.assertEqual(self.reached(), ("Opportunity", opportunities[1].name))

	def test_one_that_is_over_does_not_count(self):
		self.make_opportunity().declare_lost([make_lost_reason().name])
		self.assertEqual(self.reached(), ("Lead", self.lead.name))

	def test_a_customer_reaches_the_opportunity_of_the_lead_they_were(self):
		opportunity = self.make_opportunity()
		customer = make_customer(lead_name=self.lead.name)
		self.assertEqual(self.reached(), ("Opportunity", opportunity.name))
		other = self.make_opportunity(customer)
		self.assertEqual(self.reached(), ("Opportunity", other.name))

	def test_an_answer_to_a_mail_on_the_lead_reaches_it_through_any_mailbox(self):
		opportunity, message_id = self.make_opportunity(), f"{frappe.generate_hash(length=12)}@sales.example"
		make_mail(self.lead, reference_doctype="Lead", message_id=message_id)
		for append_to in ("Lead", "Opportunity", None):
			with self.subTest(append_to):
				answer = {"In_Reply_To": f"<{message_id}>"}
				self.assertEqual(
					self.reached(make_mailbox(append_to), **answer), ("Opportunity", opportunity.name)
				)

	def test_a_new_mail_to_a_mailbox_of_opportunities_makes_another(self):
		opportunity = self.make_opportunity()
		doctype, name = self.reached(make_mailbox())
		self.assertEqual(doctype, "Opportunity")
		self.assertNotEqual(name, opportunity.name)

	def test_two_mails_of_one_fetching_make_one_opportunity(self):
		mailbox = make_mailbox()
		mails = [
			as_pipeline_mail(InboundMail(write(address_of, mailbox, subject).as_bytes(), mailbox))
			for address_of, subject in ((self.sender, "Forty printers"), (self.sender, "Re: Forty printers"))
		]
		first, second = (mail.process() for mail in mails)
		self.assertEqual(first.reference_name, second.reference_name)
