"""Taking back a follow-up that was done, with the call or meeting that it noted: while all is as it was left, and once."""

from datetime import timedelta

import frappe
from frappe.utils import get_datetime, now_datetime

from crm_pipeline.api import moves
from crm_pipeline.api.activities import add_activity
from crm_pipeline.api.panel import get_timeline
from crm_pipeline.board import snapshots
from crm_pipeline.exceptions import FollowUpDone, UndoTooLate
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make_contact, make_mail, make_opportunity, make_user


class NotedCase(TestCase):
	def setUp(self):
		super().setUp()
		self.user, self.colleague = make_user("Sales User"), make_user("Sales User")
		self.due = f"{in_days(1)} 10:00:00"
		self.opportunity = make_opportunity(
			contact_person=make_contact().name,
			opportunity_owner=self.user,
			next_contact_by=self.user,
			next_contact_date=self.due,
		).reload()
		self.name, self.event = self.opportunity.name, self.opportunity.follow_up_event
		frappe.set_user(self.user)

	def done(self, medium: str | None = "Phone", following: str | None = None) -> str:
		"""Note the follow-up as done; returns what takes that back."""
		answer = moves.complete_follow_up(self.name, "Reached", medium, following, due=self.due)
		self.assertEqual(answer["undo"]["opportunity"], self.name)
		return answer["undo"]["version"]

	def calls(self) -> list[str]:
		return frappe.get_all("Communication", {"reference_name": self.name}, pluck="name")

	def assertPlanned(self):
		"""Expect the next contact to stand in record and calendar, and nothing to tell of its having taken place."""
		self.opportunity.reload()
		event = frappe.get_doc("Event", self.event)
		self.assertEqual(
			(str(self.opportunity.next_contact_date), self.opportunity.follow_up_event),
			(self.due, self.event),
		)
		self.assertEqual((event.status, event.owner, str(event.starts_on)), ("Open", self.user, self.due))
		self.assertEqual(frappe.db.count("Event Participants", {"reference_docname": self.name}), 1)
		self.assertEqual(self.calls(), [])
		told = get_timeline(self.name)["rows"]
		self.assertFalse({row["kind"] for row in told}.intersection(("Call", "Meeting", "Note")))
		self.assertNotIn("Follow-up", [row["change"]["what"] for row in told if row["change"]])

	def assertTooLate(self, version: str):
		before = snapshots.take(self.name)
		with self.assertRefused(UndoTooLate, self.name):
			moves.undo(self.name, version)
		self.assertEqual(snapshots.take(self.name), before)


class TestTakenBack(NotedCase):
	def test_with_what_it_noted(self):
		for medium in ("Phone", "Meeting", None):
			for following in (None, f"{in_days(8)} 09:00:00"):
				with self.subTest(medium=medium, following=following):
					version = self.done(medium, following)
					self.assertEqual(len(self.calls()), int(bool(medium)))
					self.assertEqual(frappe.db.get_value("Event", self.event, "status"), "Completed")
					moves.undo(self.name, version)
					self.assertPlanned()

	def test_it_can_be_done_after_all(self):
		moves.undo(self.name, self.done())
		self.done()
		(call,) = self.calls()
		kept = {"opportunity": self.name, "change": "Follow-up"}
		links = frappe.db.get_value("Pipeline Change", kept, ["follow_up_event", "follow_up_conversation"])
		self.assertEqual(links, (self.event, call))
		with self.assertRefused(FollowUpDone):
			moves.complete_follow_up(self.name, "Reached", due=self.due)

	def test_a_call_that_was_counted_is_not_any_more(self):
		frappe.set_user("Administrator")
		earlier = get_datetime(f"{in_days(-3)} 08:00:00")
		make_mail(self.opportunity, "Received", communication_date=earlier)
		frappe.set_user(self.user)
		fields = ["contacted_out", "contacted_in", "last_contacted_on", "waiting_for", "waiting_since"]
		before = frappe.db.get_value("Opportunity", self.name, fields)
		self.assertEqual((before[0], before[3]), (0, "Us"))
		version = self.done()
		after = frappe.db.get_value("Opportunity", self.name, fields)
		self.assertEqual((after[0], after[3]), (1, "Them"))
		moves.undo(self.name, version)
		self.assertEqual(frappe.db.get_value("Opportunity", self.name, fields), before)

	def test_a_request_that_came_twice_is_taken_back_once(self):
		answers = [add_activity(self.name, "Call", "Reached", due=self.due, request_id="a") for _each in "ab"]
		self.assertEqual(answers[0], answers[1])
		version = answers[0]["undo"]["version"]
		moves.undo(self.name, version)
		self.assertPlanned()
		self.assertTooLate(version)

	def test_what_others_note_since_stays(self):
		version = self.done()
		frappe.set_user(self.colleague)
		self.opportunity.reload().add_comment("Comment", "Well done")
		frappe.set_user(self.user)
		moves.undo(self.name, version)
		self.assertEqual(self.calls(), [])
		notes = [row["content"] for row in get_timeline(self.name)["rows"] if row["kind"] == "Note"]
		self.assertEqual(notes, ["Well done"])


class TestRefused(NotedCase):
	def test_to_whoever_did_not_do_it(self):
		version = self.done()
		frappe.set_user(self.colleague)
		self.assertTooLate(version)

	def test_after_five_minutes(self):
		version = self.done()
		with self.at(now_datetime() + timedelta(minutes=6)):
			self.assertTooLate(version)

	def test_if_the_call_was_edited(self):
		version = self.done()
		call = frappe.get_doc("Communication", self.calls()[0])
		with self.at(now_datetime() + timedelta(seconds=2)):
			call.update({"content": "They called back"}).save(ignore_permissions=True)  # as a manager would
		self.assertTooLate(version)

	def test_if_the_call_is_gone(self):
		version = self.done("Meeting")
		frappe.delete_doc("Communication", self.calls()[0], ignore_permissions=True)
		self.assertTooLate(version)

	def test_if_the_note_is_gone(self):
		version = self.done(None)
		(note,) = snapshots.take(self.name).comments
		frappe.delete_doc("Comment", note, ignore_permissions=True)
		self.assertTooLate(version)

	def test_if_a_mail_came(self):
		version = self.done()
		frappe.set_user("Administrator")
		make_mail(self.opportunity.reload(), "Received")
		frappe.set_user(self.user)
		self.assertTooLate(version)

	def test_if_the_next_one_was_moved_in_the_calendar(self):
		version = self.done("Phone", f"{in_days(8)} 09:00:00")
		event = frappe.get_doc("Event", self.opportunity.reload().follow_up_event)
		event.update({"starts_on": f"{in_days(9)} 09:00:00"}).save(ignore_permissions=True)
		self.assertTooLate(version)

	def test_a_mail_is_sent_for_good(self):
		"""What a move leaves of mails, such as those about an appointment that goes, is not taken back."""
		frappe.set_user("Administrator")
		mail = make_mail(self.opportunity)
		frappe.db.set_value(
			"Communication", mail.name, {"reference_doctype": "Event", "reference_name": self.event}
		)
		frappe.db.set_value("Communication", mail.name, "message_id", "a@example.com")
		frappe.set_user(self.user)
		answer = moves.declare_lost(self.name, frappe.get_all("Lost Reason", limit=1, pluck="name"))
		self.assertIn(mail.name, self.calls())
		self.assertIsNone(answer["undo"])
