"""What is noted on an opportunity, once for each request, and tasks and mails on it."""

import frappe
from frappe.utils import format_date, get_datetime, get_system_timezone

from crm_pipeline.api import activities
from crm_pipeline.board.requests import WRITE, forget_old_writes
from crm_pipeline.exceptions import (
	FollowUpDone,
	ImpossibleDate,
	OutcomeMissing,
	RequestUnderWay,
	UnknownChoice,
)
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.rules import time_zones
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make, make_opportunity, make_user, unique
from crm_pipeline.tests.http import send_together
from crm_pipeline.tests.limited import settings
from crm_pipeline.tests.rest import RestTestCase


class ActivityCase(TestCase):
	def setUp(self):
		super().setUp()
		self.seller, self.due = make_user("Sales User"), f"{in_days(-1)} 10:00:00"
		self.opportunity = make_opportunity(opportunity_owner=self.seller, contact_email="a@example.org")
		self.name = self.opportunity.name

	def said(self) -> list[str]:
		noted = {"reference_doctype": "Opportunity", "reference_name": self.name}
		media = frappe.get_all("Communication", noted, pluck="communication_medium")
		comments = frappe.get_all("Comment", {**noted, "comment_type": "Comment"}, pluck="comment_type")
		return sorted([*media, *comments])


class TestNoting(ActivityCase):
	def test_a_note_is_a_comment_and_no_contact(self):
		answer = activities.add_activity(self.name, "Note", "5 < 6\nand & more")
		(row,) = answer["timeline"]
		self.assertEqual((row["kind"], row["content"]), ("Note", "5 < 6\nand & more"))
		self.assertEqual(answer["card"]["name"], self.name)
		self.assertEqual(self.opportunity.reload().waiting_for, "Nobody")

	def test_calls_count_as_contact_and_meetings_are_told(self):
		for kind, medium in (("Call", "Phone"), ("Meeting", "Meeting")):
			with self.subTest(kind=kind):
				contacted = self.opportunity.reload().contacted_out
				(row,) = activities.add_activity(self.name, kind, "Reached", at=f"{in_days(0)} 00:00:01")[
					"timeline"
				]
				self.assertEqual((row["kind"], row["direction"]), (kind, "out"))
				self.assertEqual(row["at"], f"{in_days(0)} 00:00:01")
				self.opportunity.reload()
				self.assertEqual(self.opportunity.contacted_out, contacted + (kind == "Call"))
				self.assertEqual(str(self.opportunity.last_contacted_on), f"{in_days(0)} 00:00:01")
				self.assertIn(medium, self.said())

	def test_the_next_step_is_planned_along(self):
		date = f"{in_days(3)} 09:00:00"
		activities.add_activity(self.name, "Note", "Later", None, date, self.seller, "Price")
		self.opportunity.reload()
		self.assertEqual(str(self.opportunity.next_contact_date), date)
		self.assertEqual(
			(self.opportunity.next_contact_by, self.opportunity.to_discuss), (self.seller, "Price")
		)
		activities.add_activity(self.name, "Note", "No step in this")
		self.assertEqual(str(self.opportunity.reload().next_contact_date), date)

	def test_a_follow_up_that_is_due_is_done_once(self):
		for kind, said in (("Note", "Comment"), ("Call", "Phone"), ("Meeting", "Meeting")):
			with self.subTest(kind=kind):
				self.opportunity.reload().update({"next_contact_date": self.due}).save()
				following = f"{in_days(3)} 09:00:00"
				activities.add_activity(self.name, kind, "Reached", None, following, due=self.due)
				self.assertEqual(str(self.opportunity.reload().next_contact_date), following)
				self.assertIn(said, self.said())
				with self.assertRefused(FollowUpDone):
					activities.add_activity(self.name, kind, "Reached", due=self.due)

	def test_a_refusal_names_the_moment_by_the_users_own_clock(self):
		self.opportunity.update({"next_contact_date": self.due}).save()
		activities.add_activity(self.name, "Note", "Reached", due=self.due)
		frappe.db.set_value("User", self.seller, "time_zone", "Asia/Kolkata")
		frappe.set_user(self.seller)
		moment = time_zones.in_zone(get_datetime(self.due), get_system_timezone(), "Asia/Kolkata")
		with self.assertRefused(FollowUpDone, f"of {format_date(moment)} {moment:%H:%M} is done"):
			activities.add_activity(self.name, "Note", "Reached", due=self.due)

	def test_bad_input_changes_nothing(self):
		for refusal, arguments in (
			(UnknownChoice, ("Fax", "Text")),
			(OutcomeMissing, ("Note", " \n ")),
			(ImpossibleDate, ("Call", "Text", "tomorrow")),
			(ImpossibleDate, ("Note", "Text", None, "2026-02-30")),
		):
			with self.subTest(arguments=arguments), self.assertRefused(refusal):
				activities.add_activity(self.name, *arguments)
		self.assertEqual(self.said(), [])

	def test_who_may_not_write(self):
		with self.as_user("Purchase User"), self.assertRefused(frappe.PermissionError):
			activities.add_activity(self.name, "Note", "Text")
		settings(opportunity_visibility=OWN)
		with self.as_user("Sales User"), self.assertRefused(frappe.PermissionError):
			activities.add_activity(self.name, "Note", "Text")


class TestOnce(ActivityCase):
	def test_the_same_request_is_done_once_and_answered_alike(self):
		first, second = (activities.add_activity(self.name, "Note", "Once", request_id="a") for _ in "ab")
		self.assertEqual(frappe.parse_json(frappe.as_json(first)), frappe.parse_json(frappe.as_json(second)))
		self.assertEqual(self.said(), ["Comment"])
		activities.add_activity(self.name, "Note", "Twice", request_id="b")
		self.assertEqual(self.said(), ["Comment", "Comment"])

	def test_the_id_is_each_users_own(self):
		activities.add_activity(self.name, "Note", "Mine", request_id="a")
		frappe.set_user(self.seller)
		activities.add_activity(self.name, "Note", "Theirs", request_id="a")
		self.assertEqual(self.said(), ["Comment", "Comment"])

	def test_what_was_refused_can_be_sent_again(self):
		with self.assertRefused(OutcomeMissing):
			activities.add_activity(self.name, "Note", "", request_id="a")
		activities.add_activity(self.name, "Note", "Now", request_id="a")
		self.assertEqual(self.said(), ["Comment"])

	def test_one_that_was_broken_off(self):
		activities.add_activity(self.name, "Note", "Once", request_id="a")
		frappe.db.set_value(WRITE, {"owner": "Administrator"}, "answer", None)
		with self.assertRefused(RequestUnderWay):
			activities.add_activity(self.name, "Note", "Once", request_id="a")

	def test_old_ones_are_forgotten(self):
		activities.add_activity(self.name, "Note", "Once", request_id="a")
		forget_old_writes()
		self.assertTrue(frappe.db.count(WRITE))
		frappe.db.set_value(WRITE, {"owner": "Administrator"}, "creation", f"{in_days(-2)} 00:00:00")
		forget_old_writes()
		self.assertFalse(frappe.db.count(WRITE))


class TestTasks(ActivityCase):
	def test_a_task_is_given_and_done(self):
		answer = activities.add_task(self.name, "Send <b>it</b>", in_days(2), self.seller, "a")
		self.assertEqual(answer, activities.add_task(self.name, "Send", None, None, "a"))
		task = next(row for row in answer["tasks"] if row["date"])
		self.assertEqual((task["allocated_to"], task["date"]), (self.seller, in_days(2)))
		for _each in "ab":
			answer = activities.finish_task(task["name"])
			self.assertNotIn(task["name"], [row["name"] for row in answer["tasks"]])

	def test_whose_it_is_and_who_may_write_finish_it(self):
		settings(opportunity_visibility=OWN)
		mine = make(
			"ToDo",
			description="A",
			allocated_to=self.seller,
			reference_type="Opportunity",
			reference_name=self.name,
		)
		with self.as_user("Sales User"), self.assertRefused(frappe.DoesNotExistError):
			activities.finish_task(mine.name)
		settings(opportunity_visibility="All")
		with self.as_user("Purchase User"), self.assertRefused(frappe.PermissionError):
			activities.finish_task(mine.name)
		frappe.set_user(self.seller)
		activities.finish_task(mine.name)
		self.assertEqual(frappe.db.get_value("ToDo", mine.name, "status"), "Closed")

	def test_tasks_of_other_records_are_none_of_ours(self):
		task = make("ToDo", description="A", allocated_to=self.seller)
		with self.assertRefused(frappe.DoesNotExistError):
			activities.finish_task(task.name)

	def test_who_may_only_read_gives_none(self):
		with self.as_user("Purchase User"), self.assertRefused(frappe.PermissionError):
			activities.add_task(self.name, "Text")


class TestMailDraft(ActivityCase):
	def test_a_template_is_filled_in(self):
		template = make(
			"Email Template",
			name=unique("Template"),
			subject="About {{ title }}",
			response="<p>{{ doc.title }}</p>",
		)
		draft = activities.get_mail_draft(self.name, template.name)
		title = self.opportunity.title
		self.assertEqual((draft["subject"], draft["content"]), (f"About {title}", f"<p>{title}</p>"))
		self.assertEqual(draft["recipients"], "a@example.org")

	def test_without_a_template(self):
		frappe.set_user(self.seller)
		draft = activities.get_mail_draft(self.name)
		self.assertEqual((draft["subject"], draft["content"]), (self.opportunity.title, ""))
		self.assertEqual(draft["sender"], frappe.db.get_value("User", self.seller, "email"))

	def test_what_is_not_there(self):
		with self.assertRefused(frappe.DoesNotExistError):
			activities.get_mail_draft(self.name, "No such template")


class TestAtTheSameMoment(RestTestCase):
	roles = ("Sales User", "Sales Manager")

	def test_two_of_the_same_request_note_once(self):
		name = self.create("Opportunity", title=unique("Opportunity"))["name"]
		path = "/api/method/crm_pipeline.api.activities.add_activity"
		sent = {"opportunity": name, "kind": "Note", "text": "Once", "request_id": unique("request")}
		request = {"method": "POST", "path": path, "headers": self.api.headers, "json": sent}
		answers = send_together(*[request] * 3)
		self.assertEqual([answer.status_code for answer in answers], [200] * 3)
		first, *others = (answer.get_json()["message"] for answer in answers)
		self.assertEqual(others, [first] * 2)
		frappe.db.rollback()
		noted = {"reference_doctype": "Opportunity", "reference_name": name, "comment_type": "Comment"}
		self.assertEqual(frappe.db.count("Comment", noted), 1)
		frappe.db.delete(WRITE, {"owner": self.api.user})
		frappe.db.commit()
