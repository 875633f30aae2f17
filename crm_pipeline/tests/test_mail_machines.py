"""Mails that machines write make nothing, and make nobody answer for ever."""

from unittest.mock import patch

import frappe
import pytest
from frappe.email.doctype.email_account.email_account import EmailAccount as FrappesEmailAccount
from frappe.utils import get_url

from crm_pipeline.overrides.email_account import PipelineMailbox, wrote_lately
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_mail,
	make_opportunity,
)
from crm_pipeline.tests.mail import MailServer, address, deliver, make_mailbox, write
from crm_pipeline.tests.mode import outside_test_mode


class TestMachines(TestCase):
	AUTOMATIC = (
		{"Auto_Submitted": "auto-replied"},
		{"Auto_Submitted": "auto-generated; type=notify"},
		{"X_Auto_Response_Suppress": "All"},
		{"Precedence": "bulk"},
		{"Precedence": "auto_reply"},
		{"Return_Path": "<>"},
		{"X_Loop": "sales@outside.example"},
	)

	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox()

	def test_what_machines_write_creates_nothing(self):
		kinds = ("Opportunity", "Lead", "Communication")
		before = [frappe.db.count(doctype) for doctype in kinds]
		for headers in (*self.AUTOMATIC, {"X_Frappe_Site": get_url()}):
			with self.subTest(headers):
				self.assertIsNone(deliver(write(address(), self.mailbox, **headers), self.mailbox))
		for sender in ("MAILER-DAEMON@outside.example", "Postmaster <postmaster@outside.example>"):
			self.assertIsNone(deliver(write(sender, self.mailbox), self.mailbox))
		self.assertEqual([frappe.db.count(doctype) for doctype in kinds], before)

	def test_what_people_write_comes_in(self):
		for headers in (
			{"Auto_Submitted": "no"},
			{"Precedence": "list"},
			{"Return_Path": "<eve@outside.example>"},
			{"X_Frappe_Site": "https://another.example"},
		):
			with self.subTest(headers):
				self.assertTrue(deliver(write(address(), self.mailbox, **headers), self.mailbox))

	def test_an_out_of_office_answer_does_not_touch_the_deal_it_answers(self):
		deal = make_opportunity()
		ours = make_mail(deal, message_id=f"{frappe.generate_hash(length=12)}@sales.example")
		answer = {"In_Reply_To": f"<{ours.message_id}>", "Auto_Submitted": "auto-replied"}
		general = make_mailbox(append_to=None)
		self.assertIsNone(deliver(write(address(), general, "Away", **answer), general))
		self.assertEqual((deal.reload().status, deal.waiting_for), ("Replied", "Them"))

	def test_other_mailboxes_are_left_alone(self):
		tasks = make_mailbox(append_to="ToDo" if frappe.get_meta("ToDo").email_append_to else None)
		self.assertTrue(deliver(write(address(), tasks, Auto_Submitted="auto-replied"), tasks))

	@pytest.mark.bench_only("The embedded host fetches no mail over IMAP or POP3.")
	def test_fetching_leaves_them_out(self):
		person = write(address(), self.mailbox, "From a person")
		machine = write(address(), self.mailbox, "From a machine", Auto_Submitted="auto-replied")
		with MailServer([machine, person]) as port:
			account = make_mailbox(
				enable_incoming=1,
				use_imap=0,
				email_server="127.0.0.1",
				incoming_port=port,
				password="secret",
			)
			self.assertEqual([mail.subject for mail in account.get_inbound_mails()], ["From a person"])

	def test_what_was_fetched_meets_deals_as_they_are_after_that(self):
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
