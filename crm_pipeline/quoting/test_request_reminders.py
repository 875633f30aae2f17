"""What the night does to requests."""

from unittest.mock import patch

import frappe
from rq.timeouts import JobTimeoutException

from crm_pipeline.quoting import request_mails, request_reminders
from crm_pipeline.tasks import follow_requests
from crm_pipeline.tests.factories import make_supplier
from crm_pipeline.tests.requesting import RequestCase, make_reachable_supplier

ASKED, DUE = "2031-05-01 10:00:00", "2031-05-14"


class NightCase(RequestCase):
	def asked(self, **arguments):
		with self.at(ASKED):
			return self.request(make_reachable_supplier(), **{"answer_by": DUE, **arguments})

	def night(self, day: str) -> int:
		with self.at(f"{day} 01:00:00"):
			return follow_requests()

	def reminders(self, request) -> list:
		return [mail for mail in self.mails(request) if "Reminder" in mail.subject]


class TestLate(NightCase):
	def test_the_day_after_the_last_one(self):
		request, undated = self.asked(), self.asked(answer_by=None)
		for day, status in (("2031-05-14", "Asked"), ("2031-05-15", "Late"), ("2031-05-16", "Late")):
			self.night(day)
			self.assertEqual(request.reload().request_status, status)
		self.assertEqual(undated.reload().request_status, "Asked")

	def test_whoever_answered_or_declined_is_not(self):
		statuses = {}
		for status, fields in (
			("Answered", {"answered_on": ASKED}),
			("Declined", {"answered_on": ASKED, "decline_reason": "Busy"}),
		):
			request = self.asked()
			request.flags.by_software = True
			request.update(fields)
			request.save()
			statuses[status] = request
		self.night("2031-05-20")
		for status, request in statuses.items():
			self.assertEqual(request.reload().request_status, status)

	def test_it_leaves_the_form_of_the_buyer_alone(self):
		request = self.asked()
		self.night("2031-05-20")
		request.terms = "x"
		with self.at("2031-05-20 12:00:00"):
			request.save()
		self.assertEqual(request.request_status, "Late")


class TestReminding(NightCase):
	def test_once_and_not_before_its_day(self):
		request = self.asked()
		sent = [self.night(f"2031-05-{day}") for day in (11, 12, 12, 13, 14, 15)]
		self.assertEqual((sent, len(self.reminders(request))), ([0, 1, 0, 0, 0, 0], 1))
		(mail,) = self.reminders(request)
		self.assertEqual(mail.to, [request.contact_email])
		self.assertIn("/supplier-request?name=", mail.text)
		self.assertIn("reminded", self.comments(request)[-1])

	def test_nights_that_were_missed_are_made_up_for_until_the_last_day(self):
		first, second = self.asked(), self.asked(answer_by="2031-05-13")
		self.night("2031-05-14")
		self.assertEqual((len(self.reminders(first)), len(self.reminders(second))), (1, 0))

	def test_a_moved_day_is_reminded_of_again(self):
		request = self.asked()
		self.night("2031-05-12")
		with self.at("2031-05-12 12:00:00"):
			request.reload().answer_by = "2031-05-20"
			request.save()
		for day in (13, 18, 19):
			self.night(f"2031-05-{day}")
		self.assertEqual(len(self.reminders(request)), 2)

	def test_who_is_not_reminded(self):
		answered, submitted, disabled = self.asked(), self.asked(), self.asked()
		without_mail = self.asked(send=False)
		frappe.db.set_value("Supplier Quotation", without_mail.name, "contact_email", "")
		frappe.db.set_value("Supplier Quotation", answered.name, "request_status", "Answered")
		frappe.db.set_value("Supplier", disabled.supplier, "disabled", 1)
		with self.at(ASKED):
			submitted.submit()
		with self.at("2031-05-12 00:10:00"):
			just_asked = self.request(make_reachable_supplier(), answer_by=DUE)
		self.assertEqual(self.night("2031-05-12"), 0)
		for request in (answered, submitted, disabled, without_mail, just_asked):
			self.assertEqual(self.reminders(request), [])

	def test_of_an_opportunity_that_has_ended_nobody_is_reminded(self):
		request = self.asked()
		frappe.db.set_value("Opportunity", request.opportunity, "status", "Lost")
		self.assertEqual(self.night("2031-05-12"), 0)
		frappe.db.set_value("Opportunity", request.opportunity, "status", "Open")
		self.assertEqual(self.night("2031-05-12"), 1)

	def test_settings_say_how_many_days_ahead(self):
		for days, sent in ((0, 0), (5, 1)):
			frappe.db.set_single_value("Selling Settings", "remind_suppliers_before_days", days)
			frappe.clear_document_cache("Selling Settings", "Selling Settings")
			with self.subTest(days):
				request = self.asked()
				self.night("2031-05-09")
				self.assertEqual(len(self.reminders(request)), sent)

	def test_without_the_template_nobody_is(self):
		self.asked()
		frappe.delete_doc("Email Template", request_mails.REMINDER, force=True)
		self.assertEqual(self.night("2031-05-12"), 0)

	def test_one_that_fails_stops_no_other_and_is_tried_again(self):
		requests = [self.asked() for _number in range(3)]
		send = request_mails.send

		def failing(request, *arguments):
			if request.name == requests[1].name:
				raise ValueError("no such address")
			send(request, *arguments)

		with patch.object(request_mails, "send", failing):
			self.assertEqual(self.night("2031-05-12"), 2)
		self.assertEqual(self.night("2031-05-12"), 1)
		self.assertEqual([len(self.reminders(request)) for request in requests], [1, 1, 1])

	def test_a_job_that_is_killed_between_mail_and_note_leaves_neither(self):
		requests = [self.asked() for _number in range(3)]
		update_where, marks = request_reminders.update_where, []

		def killed(table, criterion, values):
			marks.extend(set(values) & {"request_reminded_for"})
			if len(marks) == 2:
				raise JobTimeoutException("killed")
			update_where(table, criterion, values)

		with patch.object(request_reminders, "update_where", killed):
			with self.assertRaises(JobTimeoutException):
				self.night("2031-05-12")
		self.assertEqual(sorted(len(self.reminders(request)) for request in requests), [0, 0, 1])
		self.night("2031-05-12")
		self.assertEqual([len(self.reminders(request)) for request in requests], [1, 1, 1])

	def test_opportunities_that_are_off_remind_nobody(self):
		request = self.asked()
		with patch("crm_pipeline.tasks.is_off_for_all", return_value=True):
			self.night("2031-05-12")
			self.night("2031-05-20")
		self.assertEqual((self.reminders(request), request.reload().request_status), ([], "Late"))

	def test_a_supplier_without_address_is_late_all_the_same(self):
		with self.at(ASKED):
			request = self.request(make_supplier(), send=False, answer_by=DUE)
		self.night("2031-05-15")
		self.assertEqual(request.reload().request_status, "Late")
