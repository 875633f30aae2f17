"""What software writes by itself is kept and changes nothing; what people write through software counts."""

from unittest.mock import patch

import frappe
from frappe.email.doctype.email_account.email_account import EmailAccount as FrappesEmailAccount
from frappe.utils import get_url

from crm_pipeline.overrides.email_account import PipelineMailbox, wrote_lately
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_lead,
	make_mail,
	make_opportunity,
)
from crm_pipeline.tests.mail import address, deliver, make_mailbox, write
from crm_pipeline.tests.mode import outside_test_mode


class TestMachines(TestCase):
	AUTO_REPLIES = (
		{"Auto_Submitted": "auto-replied"},
		{
			"Auto_Submitted": "auto-generated",
			"X_Auto_Response_Suppress": "All",
			"References": "<any@seller.example>",
		},
		{"Precedence": "auto_reply"},
		{"Return_Path": "<>"},
		{"X_Autoreply": "yes"},
	)
	OF_PEOPLE = (
		{"Auto_Submitted": "no"},
		{"Auto_Submitted": "auto-generated"},
		{"Auto_Submitted": "auto-forwarded"},
		{"X_Auto_Response_Suppress": "OOF, DR, RN, NRN"},
		{"Precedence": "bulk"},
		{"Precedence": "list"},
		{"X_Autoreply": "no"},
		{"X_Loop": "buyers.example"},
		{"Return_Path": "<eve@outside.example>"},
		{"X_Frappe_Site": "https://another.example"},
	)

	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox()

	def counts(self) -> list[int]:
		return [frappe.db.count(doctype) for doctype in ("Opportunity", "Lead", "Communication")]

	def answered(self) -> tuple:
		"""An opportunity that waits for them, and the headers of a mail that answers ours on it."""
		opportunity = make_opportunity()
		ours = make_mail(opportunity, message_id=f"{frappe.generate_hash(length=12)}@sales.example")
		return opportunity, {"In_Reply_To": f"<{ours.message_id}>"}

	def test_what_nobody_misses_is_dropped_and_counted(self):
		before = self.counts()
		dropped = {"email_account": self.mailbox.name, "result": "Dropped"}
		mails = [
			write(address(), self.mailbox, X_Frappe_Site=get_url()),
			write("MAILER-DAEMON@outside.example", self.mailbox),
			write("Postmaster <postmaster@outside.example>", self.mailbox, "Undelivered"),
			write(self.mailbox.email_id, self.mailbox),
		]
		for count, mail in enumerate(mails, 1):
			with self.subTest(mail["From"]):
				self.assertIsNone(deliver(mail, self.mailbox))
				self.assertEqual(frappe.db.count("Mail Intake Log", dropped), count)
		self.assertEqual(self.counts(), before)
		entry = frappe.get_last_doc("Mail Intake Log", {**dropped, "subject": "Undelivered"})
		self.assertEqual((entry.sender, entry.append_to), ("postmaster@outside.example", "Opportunity"))
		self.assertTrue(entry.why)

	def test_an_automatic_answer_to_nothing_is_kept_and_makes_nothing(self):
		*before, _mails = self.counts()
		for headers in self.AUTO_REPLIES:
			with self.subTest(headers):
				kept = deliver(write(address(), self.mailbox, **headers), self.mailbox)
				self.assertEqual((kept.communication_type, kept.reference_name), ("Automated Message", None))
		self.assertEqual(self.counts()[:2], before)

	def test_an_automatic_answer_changes_nothing_on_its_opportunity(self):
		for headers in self.AUTO_REPLIES:
			opportunity, answer = self.answered()
			with self.subTest(headers):
				away = write(address(), self.mailbox, "Away", **{**answer, **headers})
				self.assertEqual(deliver(away, self.mailbox).reference_name, opportunity.name)
				self.assertEqual((opportunity.reload().status, opportunity.waiting_for), ("Replied", "Them"))
				self.assertEqual((opportunity.contacted_in, opportunity.last_response_on), (0, None))

	def test_a_bounce_of_our_mail_is_kept_on_its_opportunity(self):
		opportunity, answer = self.answered()
		general = make_mailbox(append_to=None)
		bounce = write("MAILER-DAEMON@outside.example", general, "Undelivered", **answer)
		self.assertEqual(deliver(bounce, general).reference_name, opportunity.name)
		self.assertEqual((opportunity.reload().status, opportunity.contacted_in), ("Replied", 0))

	def test_an_automatic_answer_does_not_open_a_lead(self):
		lead, mailbox = make_lead(email_id=address()), make_mailbox("Lead")
		for headers, status in (({"Auto_Submitted": "auto-replied"}, "Replied"), ({}, "Open")):
			lead.db_set("status", "Replied")
			mail = write(lead.email_id, mailbox, **headers)
			mail["In-Reply-To"] = f"<{self.mail_on(lead)}>"
			self.assertEqual(deliver(mail, mailbox).reference_name, lead.name)
			self.assertEqual(lead.reload().status, status)

	def mail_on(self, lead) -> str:
		message_id = f"{frappe.generate_hash(length=12)}@sales.example"
		make_mail(lead, reference_doctype="Lead", message_id=message_id)
		return message_id

	def test_what_people_write_opens_their_opportunity(self):
		for headers in self.OF_PEOPLE:
			opportunity, answer = self.answered()
			with self.subTest(headers):
				mail = write(address(), self.mailbox, **{**answer, **headers})
				self.assertEqual(deliver(mail, self.mailbox).reference_name, opportunity.name)
				self.assertEqual(
					(opportunity.reload().status, opportunity.waiting_for, opportunity.contacted_in),
					("Open", "Us", 1),
				)

	def test_what_people_write_makes_an_opportunity(self):
		for headers in self.OF_PEOPLE:
			with self.subTest(headers):
				mail = write(address(), self.mailbox, **headers)
				self.assertEqual(deliver(mail, self.mailbox).reference_doctype, "Opportunity")

	def test_a_web_form_writes_for_whoever_filled_it_in(self):
		sender = address()
		mail = write(
			"Website <forms@buyer.example>", self.mailbox, Auto_Submitted="auto-generated", Reply_To=sender
		)
		opportunity = frappe.get_doc("Opportunity", deliver(mail, self.mailbox).reference_name)
		self.assertEqual(opportunity.contact_email, sender)

	def test_other_mailboxes_are_left_alone(self):
		tasks = make_mailbox(append_to="ToDo" if frappe.get_meta("ToDo").email_append_to else None)
		self.assertTrue(deliver(write(address(), tasks, Auto_Submitted="auto-replied"), tasks))

	def test_what_was_fetched_meets_opportunities_as_they_are_after_that(self):
		with (
			patch.object(FrappesEmailAccount, "get_inbound_mails", return_value=[], create=True),
			patch.object(frappe.db, "commit") as commit,
			outside_test_mode(),
		):
			self.assertEqual(frappe.get_doc("Email Account", self.mailbox.name).get_inbound_mails(), [])
		commit.assert_called_once_with()

	def test_the_account_is_ours(self):
		self.assertIsInstance(frappe.get_doc("Email Account", self.mailbox.name), PipelineMailbox)

	def test_one_automatic_answer_a_day_is_enough(self):
		"""Two mailboxes that answer each other automatically stop after one round."""
		sender = address()
		first = deliver(write(sender, self.mailbox), self.mailbox)
		self.assertFalse(wrote_lately(first))
		second = deliver(write(sender, self.mailbox, "Automatic answer"), self.mailbox)
		self.assertTrue(wrote_lately(second))
		first.db_set("creation", f"{in_days(-2)} 10:00:00")
		self.assertFalse(wrote_lately(second))
