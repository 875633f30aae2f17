"""A message that waits to be taken in is kept whole, however long it is."""

import random
from unittest.mock import patch

import frappe
import pytest
from frappe.core.doctype.communication.communication import Communication
from frappe.email.receive import InboundMail
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.mail import intake_log
from crm_pipeline.mail.test_mail_never_lost import refuse
from crm_pipeline.tasks import retry_mails
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.mail import deliver_raw, make_mailbox
from crm_pipeline.tests.raw_messages import TEXT, attachment, message, of_parts

LOG, PART = "Mail Intake Log", "Mail Intake Part"
FILE_SIZE = 2_000_000  # bytes; two of them make a message of more than five megabytes


class TestKeptWhole(TestCase):
	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox()
		self.files = [random.Random(number).randbytes(FILE_SIZE) for number in (1, 2)]

	def long_message(self) -> bytes:
		kinds = ((b"application/acad", b"plan.dwg"), (b"application/zip", b"photos.zip"))
		parts = [attachment(*kind, content) for kind, content in zip(kinds, self.files, strict=True)]
		return of_parts(frappe.generate_hash(length=8), TEXT, *parts)

	def without_id(self, raw: bytes) -> bytes:
		return raw.replace(b"Message-ID:", b"X-Number:")

	def kept(self, raw: bytes):
		"""The entry of a message that could not be recorded."""
		with patch.object(Communication, "validate", refuse):
			self.assertIsNone(deliver_raw(raw, self.mailbox))
		entry = frappe.get_last_doc(LOG, {"email_account": self.mailbox.name, "result": "Waiting"})
		self.assertEqual(entry.to_do, "Take In")
		return entry

	def retry(self):
		with self.at(add_to_date(now_datetime(), days=2)):
			retry_mails()

	def parts_of(self, entry) -> int:
		return frappe.db.count(PART, {"entry": entry.name})

	def test_a_long_message_is_kept_with_its_attachments(self):
		raw = self.long_message()
		self.assertGreater(len(raw), 5_000_000)
		kept = intake_log.kept_message(self.kept(raw))
		self.assertEqual(kept, raw)
		attachments = InboundMail(kept, self.mailbox).attachments
		self.assertEqual([each["fcontent"] for each in attachments], self.files)

	@pytest.mark.bench_only("The embedded host stores no files.")
	def test_its_attachments_are_there_when_it_is_taken_in(self):
		entry = self.kept(self.long_message())
		self.retry()
		self.assertEqual(entry.reload().result, "Settled")
		communication = frappe.get_last_doc("Communication", {"email_account": self.mailbox.name})
		sizes = frappe.get_all("File", {"attached_to_name": communication.name}, pluck="file_size")
		self.assertEqual(sizes, [FILE_SIZE] * 2)

	def test_it_goes_when_the_mail_was_taken_in_and_not_before(self):
		raw = message(frappe.generate_hash(length=8), body=b"Forty bays. " + b"\n" * 1_500_000)
		entry = self.kept(raw)
		self.assertGreater(self.parts_of(entry), 0)
		with patch.object(Communication, "validate", refuse):
			self.retry()
		self.assertEqual(intake_log.kept_message(entry.reload()), raw)
		self.retry_again()
		self.assertEqual((entry.reload().result, entry.message), ("Settled", None))
		self.assertEqual(self.parts_of(entry), 0)

	def retry_again(self):
		with self.at(add_to_date(now_datetime(), days=4)):
			retry_mails()

	def test_what_is_refused_in_part_is_kept_whole(self):
		raw = message(frappe.generate_hash(length=8), body=b"Forty bays. " + b"x\n" * 600_000)
		communication = deliver_raw(raw, self.mailbox)
		entry = frappe.get_last_doc(LOG, {"communication": communication.name, "result": "Incomplete"})
		self.assertEqual(intake_log.kept_message(entry), raw)

	def test_a_message_without_id_is_known_by_the_same_one_later(self):
		for extra in (b"", b"Zero \0 byte. ", b"x\n" * 600_000):
			raw = self.without_id(message(frappe.generate_hash(length=8), body=b"Forty bays. " + extra))
			with self.subTest(len(raw)):
				self.kept(raw)
				self.retry()
				mails = {"email_account": self.mailbox.name}
				taken = frappe.get_last_doc("Communication", mails)
				self.assertEqual(deliver_raw(raw, self.mailbox).name, taken.name)

	def test_parts_go_with_their_entry(self):
		raw = message(frappe.generate_hash(length=8), body=b"x\n" * 600_000)
		deleted, cleared = self.kept(raw), self.kept(raw.replace(b"ann-", b"bob-"))
		frappe.delete_doc(LOG, deleted.name)
		self.assertEqual(self.parts_of(deleted), 0)
		frappe.db.set_value(
			LOG,
			cleared.name,
			{"result": "Incomplete", "modified": add_to_date(now_datetime(), days=-99)},
			update_modified=False,
		)
		self.assertGreater(self.parts_of(cleared), 0)
		type(cleared).clear_old_logs()
		self.assertEqual(self.parts_of(cleared), 0)
