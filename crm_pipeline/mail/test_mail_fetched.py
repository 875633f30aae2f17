"""Mails as a mail server hands them out, over POP3 and IMAP, through what the scheduler calls."""

from unittest.mock import patch

import frappe
import pytest

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.mail import make_mailbox
from crm_pipeline.tests.mail_servers import Imap, MailServer, Pop3
from crm_pipeline.tests.raw_messages import RARE, UNREADABLE, WITH_FILES, message

NO_FETCHING = "The embedded host fetches no mail over IMAP or POP3."
PROTOCOLS = (Pop3, Imap)


@pytest.mark.bench_only(NO_FETCHING)
class TestFetching(TestCase):
	def receive(self, raw_messages: list[bytes], protocol: type, times: int = 2, append_to="Opportunity"):
		"""Fetch messages as the scheduler does, some times; returns the Communications, and what is left to fetch."""
		with MailServer(raw_messages, protocol) as server:
			account = make_mailbox(append_to, **account_fields(server, append_to))
			for _ in range(times):
				receive(account)
			fields = ["name", "subject", "reference_doctype", "reference_name", "message_id"]
			mails = frappe.get_all("Communication", {"email_account": account.name}, fields)
			return mails, server.left

	def messages(self, *groups: dict) -> list[bytes]:
		"""Make each message of some groups, with numbers of this test."""
		return [make(frappe.generate_hash(length=8)) for group in groups for make, *_rest in group.values()]

	def test_each_is_on_an_opportunity(self):
		for protocol in PROTOCOLS:
			with self.subTest(protocol.__name__):
				raw = self.messages(RARE, WITH_FILES)
				mails, left = self.receive(raw, protocol)
				self.assertEqual(left, [])
				self.assertEqual({mail.reference_doctype for mail in mails}, {"Opportunity"})
				self.assertEqual(len(mails), len(raw))

	def test_what_cannot_be_read_takes_no_other_along(self):
		for protocol in PROTOCOLS:
			with self.subTest(protocol.__name__):
				raw = self.messages({"first": RARE["Chinese"]}, UNREADABLE, {"last": RARE["Cyrillic"]})
				mails, left = self.receive(raw, protocol)
				self.assertEqual(left, [])
				self.assertEqual({mail.reference_doctype for mail in mails}, {"Opportunity"})
				self.assertEqual(len(mails), len(raw))

	def test_an_endless_line_takes_no_other_along(self):
		for protocol in PROTOCOLS:
			with self.subTest(protocol.__name__):
				raw = [message(frappe.generate_hash(length=8), body=body) for body in (b"x" * 200_000, b"y")]
				mails, left = self.receive(raw, protocol)
				self.assertEqual((len(mails), left), (2, []))

	def test_what_the_server_does_not_hand_out_stays_there(self):
		for protocol in PROTOCOLS:
			with self.subTest(protocol.__name__), MailServer(self.messages(RARE), protocol) as server:
				server.refuse_to_hand_out(2)
				account = make_mailbox(**account_fields(server))
				receive(account)
				receive(account)  # an IMAP folder is read twice before all is marked as seen
				self.assertEqual(server.left, [2])
				mails = frappe.get_all("Communication", {"email_account": account.name}, ["uid"])
				self.assertEqual(len(mails), len(RARE) - 1)
				if protocol is Imap:
					self.assertNotIn(2, [mail.uid for mail in mails])

	def test_the_same_mail_twice_and_by_two_ways_is_one(self):
		number = frappe.generate_hash(length=8)
		mails, _left = self.receive([message(number), message(number)], Pop3)
		self.assertEqual(len(mails), 1)
		mails, _left = self.receive([message(number)], Imap)
		self.assertEqual(mails, [])
		self.assertEqual(frappe.db.count("Communication", {"message_id": f"{number}@buyer.example"}), 1)

	def test_one_without_id_comes_again_and_is_one(self):
		"""A new IMAP folder is first read as a whole, and what was unseen then comes again."""
		raw = message(frappe.generate_hash(length=8)).replace(b"Message-ID:", b"X-Number:")
		mails, _left = self.receive([raw], Imap, times=3)
		self.assertEqual(len(mails), 1)

	def test_what_is_dropped_is_counted(self):
		for protocol in PROTOCOLS:
			with self.subTest(protocol.__name__):
				bounce = message(frappe.generate_hash(length=8), b"MAILER-DAEMON@mx.example")
				mails, left = self.receive([bounce], protocol)
				self.assertEqual((mails, left), ([], []))
				entry = frappe.get_last_doc("Mail Intake Log", {"sender": "mailer-daemon@mx.example"})
				self.assertEqual(entry.result, "Dropped")

	def test_a_lead_mailbox_makes_leads(self):
		for protocol in PROTOCOLS:
			with self.subTest(protocol.__name__):
				mails, _left = self.receive(self.messages(RARE), protocol, append_to="Lead")
				self.assertEqual({mail.reference_doctype for mail in mails}, {"Lead"})


def receive(account):
	"""Fetch what is there as the scheduler does, within the transaction of the test."""
	with patch.object(frappe.db, "commit"):
		frappe.get_doc("Email Account", account.name).receive()


def account_fields(server: MailServer, append_to: str = "Opportunity") -> dict:
	"""Return what an Email Account needs to fetch from a server of a test."""
	fields = {
		"enable_incoming": 1,
		"email_server": "127.0.0.1",
		"incoming_port": server.port,
		"password": "secret",
	}
	if server.protocol is Imap:
		fields["use_imap"], fields["email_sync_option"] = 1, "UNSEEN"
		fields["imap_folder"] = [{"folder_name": "INBOX", "append_to": append_to}]
	return fields
