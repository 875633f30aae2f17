"""A mail that was taken in stays, whatever fails afterwards; what was to follow from it is tried again."""

import sys
from contextlib import contextmanager, suppress
from unittest.mock import patch

import frappe
from frappe.core.doctype.communication.communication import Communication
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.crm_pipeline.doctype.lead.lead import Lead
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import Opportunity
from crm_pipeline.mail import intake_log
from crm_pipeline.tasks import retry_mails
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make_mail, make_opportunity, make_user
from crm_pipeline.tests.mail import address, deliver, make_mailbox, write

LOG = "Mail Intake Log"


class Obstacle(frappe.ValidationError):
	pass


def refuse(*args, **kwargs):
	raise Obstacle("No mail <b>today</b>")


class StepRaises:
	"""Raises at the first call of one function of the app; without a function, only notes which are called."""

	def __init__(self, function=None):
		self.function, self.called = function, []

	def __enter__(self):
		self.former = sys.gettrace()
		sys.settrace(self)
		return self

	def __exit__(self, *exc):
		sys.settrace(self.former)

	def __call__(self, frame, event, argument):
		code = frame.f_code
		step = (code.co_filename, code.co_qualname if hasattr(code, "co_qualname") else code.co_name)
		if "/crm_pipeline/" in step[0] and "/tests/" not in step[0] and step[1][-1] != ">":
			if step == self.function:
				raise Obstacle("This step fails")
			if step not in self.called:
				self.called.append(step)


class TestNeverLost(TestCase):
	def setUp(self):
		super().setUp()
		self.mailbox = make_mailbox()
		self.owner, self.days = make_user("Sales User"), 0

	def replied(self):
		"""A opportunity on which we wrote last, and the header of an answer to that."""
		opportunity = make_opportunity(opportunity_owner=self.owner)
		message_id = f"{frappe.generate_hash(length=12)}@sales.example"
		make_mail(
			opportunity, message_id=message_id, communication_date=add_to_date(now_datetime(), hours=-2)
		)
		return opportunity, {"In_Reply_To": f"<{message_id}>"}

	def entries(self, **filters) -> list:
		return frappe.get_all(
			LOG, {"email_account": self.mailbox.name, **filters}, ["*"], order_by="creation"
		)

	def retry(self):
		"""Let the job run when everything is due again."""
		self.days += 2
		with self.at(add_to_date(now_datetime(), days=self.days)):
			retry_mails()

	def assertFollowed(self, opportunity):
		self.assertEqual(
			(opportunity.reload().status, opportunity.waiting_for, opportunity.contacted_in),
			("Open", "Us", 1),
		)

	def steps(self) -> list:
		"""The functions of the app that run between a mail's recording and the end, in their order."""
		_opportunity, answer = self.replied()
		mail = write(address(), self.mailbox, **answer)
		with StepRaises() as watched:
			deliver(mail, self.mailbox)
		names = [name for _file, name in watched.called]
		first = next(at for at, name in enumerate(names) if name.endswith("judge_recorded"))
		return watched.called[first + 1 :]

	def test_each_step_after_the_intake_may_raise(self):
		steps = self.steps()
		self.assertGreater(len(steps), 60)
		for step in steps:
			with self.subTest(step[1]):
				opportunity, answer = self.replied()
				mail = write(address(), self.mailbox, **answer)
				# What guards the steps cannot guard itself: then it is as if the worker had been killed.
				with suppress(Obstacle), StepRaises(step):
					deliver(mail, self.mailbox)
				received = {"reference_name": opportunity.name, "sent_or_received": "Received"}
				self.assertEqual(frappe.db.count("Communication", received), 1)
				self.retry()
				self.assertFollowed(opportunity)
				self.assertEqual(self.entries(result="Waiting"), [])

	@contextmanager
	def saving_refused(self):
		with patch.object(Opportunity, "validate", refuse):
			yield

	def test_status_and_waiting_for_follow_where_the_opportunity_cannot_be_saved(self):
		opportunity, answer = self.replied()
		with self.saving_refused():
			communication = deliver(write(address(), self.mailbox, **answer), self.mailbox)
			self.assertFollowed(opportunity)
			self.retry()
			self.assertFollowed(opportunity)
		(entry,) = self.entries()
		self.assertEqual(
			(entry.result, entry.to_do, entry.communication), ("Waiting", "Save", communication.name)
		)
		self.assertEqual((entry.attempts, entry.why), (2, "Obstacle: No mail today"))
		errors = {"reference_doctype": "Communication", "reference_name": communication.name}
		self.assertEqual(frappe.db.count("Error Log", errors), 1)
		self.assertEqual(
			frappe.db.count("Notification Log", {"for_user": self.owner, "document_name": opportunity.name}),
			1,
		)
		last = frappe.get_last_doc("Pipeline Change", {"opportunity": opportunity.name})
		self.assertEqual((last.change, last.old_value, last.new_value), ("Status", "Replied", "Open"))
		self.retry()
		self.assertFollowed(opportunity)
		self.assertEqual([(each.result, each.to_do) for each in self.entries()], [("Settled", None)])

	def test_a_mail_of_ours_goes_out_where_the_opportunity_cannot_be_saved(self):
		opportunity = make_opportunity(opportunity_owner=self.owner)
		with self.saving_refused():
			mail = make_mail(opportunity)
		self.assertEqual(
			(opportunity.reload().status, opportunity.waiting_for, opportunity.contacted_out),
			("Replied", "Them", 1),
		)
		self.assertTrue(opportunity.first_responded_on)
		entry = frappe.get_last_doc(LOG, {"communication": mail.name})
		self.assertEqual((entry.result, entry.to_do), ("Waiting", "Save"))
		self.assertEqual([m for m in frappe.local.message_log if "No mail" in str(m)], [])

	def test_a_paused_and_an_auto_closed_one_come_back_without_a_save(self):
		paused, auto_closed = make_opportunity(), make_opportunity()
		paused.pause(in_days(5))
		closing = {
			"status": "Closed",
			"own_status": "Closed",
			"auto_closed": 1,
			"closed_on": now_datetime().date(),
		}
		frappe.db.set_value("Opportunity", auto_closed.name, closing)
		for opportunity in (paused, auto_closed):
			with self.saving_refused():
				make_mail(opportunity, "Received")
			self.assertFollowed(opportunity)
			self.assertEqual(
				(opportunity.paused_until, opportunity.closed_on, opportunity.auto_closed), (None, None, 0)
			)
			opportunity.save()
			self.assertEqual((opportunity.status, opportunity.own_status), ("Open", "Open"))

	def test_a_new_one_that_another_app_refuses_comes_to_be_later(self):
		for owner_of_obstacle in (Opportunity, Lead):
			sender = address()
			with (
				self.subTest(owner_of_obstacle.__name__),
				patch.object(owner_of_obstacle, "validate", refuse),
			):
				communication = deliver(write(sender, self.mailbox, "Printers"), self.mailbox)
				self.assertIsNone(communication.reference_name)
			(entry,) = self.entries(result="Waiting")
			self.assertEqual((entry.to_do, entry.sender, entry.subject), ("Judge", sender, "Printers"))
			self.retry()
			opportunity = frappe.get_doc("Opportunity", communication.reload().reference_name)
			self.assertEqual(
				(opportunity.title, opportunity.contact_email, opportunity.opportunity_from),
				("Printers", sender, "Lead"),
			)
			self.assertFollowed(opportunity)

	def test_whoever_set_the_mailbox_up_is_notified_of_what_belongs_to_nothing(self):
		self.mailbox.db_set("owner", self.owner)
		with patch.object(Opportunity, "validate", refuse):
			deliver(write(address(), self.mailbox), self.mailbox)
		(entry,) = self.entries()
		told = {"for_user": self.owner, "document_type": LOG, "document_name": entry.name}
		self.assertEqual(frappe.db.count("Notification Log", told), 1)

	def test_a_message_that_cannot_be_recorded_is_kept_and_taken_in_later(self):
		opportunity, answer = self.replied()
		mail = write(address(), self.mailbox, "Order", "Wir bestellen für 5 €, Grüße", **answer)
		with patch.object(Communication, "validate", refuse):
			self.assertIsNone(deliver(mail, self.mailbox))
			self.retry()
		(entry,) = self.entries()
		self.assertEqual((entry.result, entry.to_do, entry.attempts), ("Waiting", "Take In", 2))
		self.assertEqual(intake_log.as_message(entry.message), mail.as_bytes())
		self.retry()
		self.assertFollowed(opportunity)
		mails = {"reference_name": opportunity.name, "sent_or_received": "Received"}
		self.assertEqual(frappe.get_all("Communication", mails, pluck="subject"), ["Order"])
		self.assertEqual([(each.result, each.message) for each in self.entries()], [("Settled", None)])

	def test_what_goes_well_leaves_no_entry(self):
		opportunity, answer = self.replied()
		deliver(write(address(), self.mailbox, **answer), self.mailbox)
		self.assertFollowed(opportunity)
		self.assertEqual(self.entries(), [])
