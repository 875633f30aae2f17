"""Messages that Frappe's parser gives up on, and rare ones that it reads: each is a mail on an opportunity."""

from unittest.mock import patch

import frappe
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rq.timeouts import JobTimeoutException

from crm_pipeline.mail import intake_log, reading
from crm_pipeline.mail.reading import MOST_CHARACTERS, problem_with, readable, text_of
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.mail import deliver_raw, make_mailbox
from crm_pipeline.tests.raw_messages import RARE, TEXT, UNREADABLE, WITH_FILES, attachment, message, of_parts

LOG = "Mail Intake Log"


class TestMessages(TestCase):
	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox()

	def assertTakenIn(self, make, expected):
		number = frappe.generate_hash(length=8)
		title, sender, name, text = expected
		communication = deliver_raw(make(number), self.mailbox)
		self.assertEqual(communication.reference_doctype, "Opportunity")
		opportunity = frappe.get_doc("Opportunity", communication.reference_name)
		self.assertEqual((opportunity.title, opportunity.waiting_for), (title, "Us"))
		self.assertEqual(communication.sender, sender.replace("%s", number))
		self.assertEqual(communication.sender_full_name, name or communication.sender_full_name)
		self.assertIn(text, communication.content)
		waiting = {"email_account": self.mailbox.name, "result": "Waiting"}
		self.assertEqual(frappe.get_all(LOG, waiting, pluck="why"), [])
		return communication

	def test_what_frappe_cannot_read(self):
		for case, (make, expected) in UNREADABLE.items():
			with self.subTest(case):
				self.assertTakenIn(make, expected)

	def test_a_worker_whose_time_is_over_finds_no_fault_with_a_message(self):
		over = JobTimeoutException("The job took longer than allowed")
		with patch.object(reading, "InboundMail", side_effect=over), self.assertRaises(JobTimeoutException):
			readable(message("1"), self.mailbox)

	def test_what_is_rare(self):
		for case, (make, expected) in RARE.items():
			with self.subTest(case):
				self.assertTakenIn(make, expected)

	def test_a_message_rewritten_is_kept_as_it_came(self):
		make, expected = UNREADABLE["no sender"]
		communication = self.assertTakenIn(make, expected)
		entry = frappe.get_last_doc(LOG, {"communication": communication.name})
		self.assertEqual(entry.result, "Incomplete")
		self.assertTrue(intake_log.as_message(entry.message).startswith(b"Subject: Racks\n"))

	def test_latin_bytes_lose_nothing_and_are_not_logged(self):
		make, expected = UNREADABLE["latin bytes in names and subject"]
		communication = self.assertTakenIn(make, expected)
		self.assertFalse(frappe.db.exists(LOG, {"communication": communication.name}))

	def test_a_message_without_id_is_one_however_often_it_is_fetched(self):
		raw = message(frappe.generate_hash(length=8)).replace(b"Message-ID:", b"X-Number:")
		first, second = (deliver_raw(raw, self.mailbox) for _ in range(2))
		self.assertEqual(first.name, second.name)
		opportunity = frappe.get_doc("Opportunity", first.reference_name)
		self.assertEqual(opportunity.contacted_in, 1)

	def test_of_a_text_too_long_for_a_database_the_beginning_is_kept(self):
		body = b"Forty bays. " + (b"x" * 70 + b"\n") * (MOST_CHARACTERS // 50)
		communication = deliver_raw(message(frappe.generate_hash(length=8), body=body), self.mailbox)
		self.assertTrue(communication.content.startswith("Forty bays. "))
		self.assertLessEqual(len(communication.content), MOST_CHARACTERS)
		entry = frappe.get_last_doc(LOG, {"communication": communication.name})
		self.assertEqual(
			(entry.result, entry.why), ("Incomplete", "Only the beginning of its text was kept.")
		)

	@settings(max_examples=60, deadline=None)
	@given(st.binary(max_size=300), st.binary(max_size=60), st.binary(max_size=60))
	def test_whatever_bytes_come_are_readable(self, junk, sender, subject):
		for raw in (junk, message("x", sender, subject, body=junk), message("x", more=junk + b"\n")):
			self.assertIsNone(problem_with(readable(raw, self.mailbox), self.mailbox))

	def test_headers_are_decoded_as_far_as_they_can_be(self):
		for written, read in (
			("Offer =?utf-8?q?R=C3=A4der?= and more", "Offer Räder and more"),
			("=?utf-8?b?A?= x", "=?utf-8?b?A?= x"),
			("=?x-unknown?q?caf=E9?=", "café"),
			("two\n lines\tand a \0", "two lines and a"),
			("=?iso-2022-jp?b?GyRCPHhDbiROTkkbKEI=?=", "授虫の良"),
		):
			with self.subTest(written):
				self.assertEqual(text_of(written), read)

	@pytest.mark.bench_only("The embedded host stores no files.")
	def test_files(self):
		for case, (make, names) in WITH_FILES.items():
			with self.subTest(case):
				expected = ("Racks", "ann-%s@buyer.example", "Ann Gen", "See attached.")
				communication = self.assertTakenIn(make, expected)
				files = frappe.get_all("File", {"attached_to_name": communication.name}, pluck="file_name")
				# Frappe 16 takes no PDF that it cannot read: that is told of, and its message kept.
				entries = frappe.get_all(LOG, {"communication": communication.name}, pluck="why")
				refused = [name for name in names if any(why.startswith(f"{name}: ") for why in entries)]
				self.assertEqual([*files, *refused], names)

	@pytest.mark.bench_only("The embedded host stores no files.")
	def test_a_file_larger_than_files_may_be_is_reported(self):
		frappe.db.set_single_value("System Settings", "max_file_size", 1)
		content = attachment(b"application/zip", b"big.zip", bytes(1024 * 1024 + 1))
		communication = deliver_raw(of_parts(frappe.generate_hash(length=8), TEXT, content), self.mailbox)
		self.assertEqual(communication.reference_doctype, "Opportunity")
		entry = frappe.get_last_doc(LOG, {"communication": communication.name})
		self.assertEqual((entry.result, entry.why), ("Incomplete", "big.zip: larger than files may be here"))
