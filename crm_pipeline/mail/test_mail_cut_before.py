"""Messages that an earlier version cut while they waited: nothing brings the rest back, and an admin sees it."""

from unittest.mock import patch

import frappe
from frappe.core.doctype.communication.communication import Communication
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.mail import intake_log
from crm_pipeline.mail.test_mail_never_lost import refuse
from crm_pipeline.patches import mark_cut_messages
from crm_pipeline.tasks import retry_mails
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.mail import deliver_raw, make_mailbox
from crm_pipeline.tests.raw_messages import message

LENGTH = 2_000


class TestCutBefore(TestCase):
	def setUp(self):
		super().setUp()
		limit = patch.object(intake_log, "FORMER_LENGTH", LENGTH)
		limit.start()
		self.addCleanup(limit.stop)
		self.mailbox = make_mailbox()

	def waiting(self, length: int):
		"""An entry whose message waits to be taken in, as an earlier version kept it."""
		raw = message(frappe.generate_hash(length=8), body=b"Caf\xe9. " * LENGTH)
		with patch.object(Communication, "validate", refuse):
			deliver_raw(raw, self.mailbox)
		entry = frappe.get_last_doc("Mail Intake Log", {"email_account": self.mailbox.name})
		entry.db_set("message", entry.message[:length])
		return entry

	def test_migrating_says_it_once_and_of_no_other(self):
		cut, whole, longer = (self.waiting(LENGTH + more) for more in (0, -1, 1))
		before = cut.why
		for _ in range(2):
			mark_cut_messages.execute()
		self.assertEqual(cut.reload().why, f"{intake_log.notice_of_cut()}\n{before}")
		self.assertEqual((cut.result, cut.to_do), ("Waiting", "Take In"))
		self.assertNotIn(intake_log.notice_of_cut(), whole.reload().why)
		self.assertNotIn(intake_log.notice_of_cut(), longer.reload().why)

	def test_what_is_taken_in_of_it_is_incomplete(self):
		cut, whole = self.waiting(LENGTH), self.waiting(LENGTH - 1)
		with self.at(add_to_date(now_datetime(), days=2)):
			retry_mails()
		self.assertEqual([entry.reload().result for entry in (cut, whole)], ["Settled", "Settled"])
		incomplete = {"email_account": self.mailbox.name, "result": "Incomplete"}
		entries = frappe.get_all("Mail Intake Log", incomplete, ["why", "subject", "communication"])
		self.assertEqual([entry.why for entry in entries], [intake_log.notice_of_cut()])
		self.assertTrue(frappe.db.exists("Communication", entries[0].communication))
