"""A worker whose time is over ends, and leaves its mails to the next one: that is no fault of a mail."""

from unittest.mock import patch

import frappe
from frappe.core.doctype.communication.communication import Communication
from frappe.email.receive import InboundMail
from rq.timeouts import JobTimeoutException

from crm_pipeline.assignment.rules import validate_conditions
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import Opportunity
from crm_pipeline.mail.judging import within_transaction
from crm_pipeline.mail.retrying import retry_due
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.mail import address, deliver, make_mailbox, write
from crm_pipeline.utils.locking import is_serialization_failure

LOG = "Mail Intake Log"
OVER = JobTimeoutException("The job took longer than allowed")


class TestTimeLimit(TestCase):
	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox()

	def entries(self) -> list:
		fields = ["to_do", "attempts", "why"]
		return frappe.get_all(LOG, {"email_account": self.mailbox.name, "result": "Waiting"}, fields)

	def assertWaits(self, mail, to_do: str, errors: int):
		"""The mail waits as one that nothing is wrong with, and the next job does all that is to be done."""
		entry = self.entries()[0]
		self.assertEqual((entry.to_do, entry.attempts or 0, entry.why or ""), (to_do, 0, ""))
		self.assertEqual(frappe.db.count("Error Log"), errors)
		retry_due()
		self.assertEqual(self.entries(), [])
		self.assertFalse(frappe.db.exists(LOG, {"email_account": self.mailbox.name}))
		opportunity = frappe.get_last_doc("Opportunity", {"contact_email": mail["From"]})
		self.assertEqual(
			(opportunity.status, opportunity.waiting_for, opportunity.contacted_in), ("Open", "Us", 1)
		)

	def test_a_mail_that_is_being_judged_is_judged_by_the_next(self):
		mail, errors = write(address(), self.mailbox), frappe.db.count("Error Log")
		with patch.object(Opportunity, "follow_contact", side_effect=OVER):
			with self.assertRaises(JobTimeoutException):
				deliver(mail, self.mailbox)
		self.assertWaits(mail, "Judge", errors)

	def test_a_mail_that_is_not_yet_recorded_is_taken_in_by_the_next(self):
		for where, step in ((Communication, "insert"), (InboundMail, "reference_document")):
			mail, errors = write(address(), self.mailbox), frappe.db.count("Error Log")
			with self.subTest(step), patch.object(where, step, side_effect=OVER):
				with self.assertRaises(JobTimeoutException):
					deliver(mail, self.mailbox)
			with self.subTest(step):
				self.assertWaits(mail, "Take In", errors)

	def test_the_job_that_tries_again_ends(self):
		mails = [write(address(), self.mailbox) for _ in range(2)]
		for mail in mails:
			with patch.object(Opportunity, "follow_contact", side_effect=OVER):
				with self.assertRaises(JobTimeoutException):
					deliver(mail, self.mailbox)
		with patch.object(Opportunity, "follow_contact", side_effect=OVER) as followed:
			with self.assertRaises(JobTimeoutException):
				retry_due()
		self.assertEqual(followed.call_count, 1)
		self.assertEqual([(entry.attempts or 0, entry.why or "") for entry in self.entries()], [(0, "")] * 2)

	def test_a_mail_of_another_mailbox_is_left_to_frappe(self):
		general = make_mailbox(append_to=None)
		with patch.object(InboundMail, "reference_document", side_effect=OVER):
			with self.assertRaises(JobTimeoutException):
				deliver(write(address(), general), general)
		self.assertFalse(frappe.db.exists(LOG, {"email_account": general.name}))


class TestElsewhere(TestCase):
	def over(self, *args, **kwargs):
		raise OVER

	def test_an_attachment_is_not_refused(self):
		with self.assertRaises(JobTimeoutException):
			within_transaction(self.over)

	def test_an_assignment_rule_is_not_called_broken(self):
		rule = frappe.get_doc(
			{
				"doctype": "Assignment Rule",
				"document_type": "Opportunity",
				"assign_condition": "status == 'Open'",
				"description": "{{ title }}",
			}
		)
		for step in ("safe_eval", "render_template"):
			with self.subTest(step), patch.object(frappe, step, self.over):
				self.assertRaises(JobTimeoutException, validate_conditions, rule)

	def test_one_that_comes_while_a_conflict_is_dealt_with_is_no_conflict(self):
		conflict = Exception(1020, "Record has changed since last read")
		over = JobTimeoutException("The job took longer than allowed")
		over.__context__ = conflict
		self.assertTrue(is_serialization_failure(conflict))
		self.assertFalse(is_serialization_failure(over))
