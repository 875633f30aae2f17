"""What was done, in the list of activities: each thing once, and no other hidden by it."""

from unittest.mock import patch

import frappe

from crm_pipeline.api import moves
from crm_pipeline.api.activities import add_activity
from crm_pipeline.patches import link_follow_ups
from crm_pipeline.tests.activity_lists import MORNING, ActivityListCase


class TestWhatWasDone(ActivityListCase):
	"""A follow-up is told apart from its entry in the calendar and from its call by the links that it keeps."""

	def setUp(self):
		super().setUp()
		due, me = "2031-01-08 10:00:00", frappe.session.user  # who sees their own private entries
		self.contact = self.make(next_contact_date=due, next_contact_by=me)

	def appointment(self, starts_on: str = "2031-01-08 10:00:00", **fields) -> str:
		guest = {"reference_doctype": "Opportunity", "reference_docname": self.contact.name}
		with self.at(MORNING):
			return self.event(
				starts_on, event_participants=[guest], status="Completed", event_type="Private", **fields
			).name

	def finish(self, at: str = "2031-01-08 11:00:00", **arguments) -> str:
		"""Note the follow-up as done, and return the name of what the history says of it."""
		with self.at(at):
			self.contact.reload().complete_follow_up("Reached", **arguments)
		return self.history()[-1]

	def history(self) -> list[str]:
		done = {"opportunity": self.contact.name, "change": "Follow-up"}
		return frappe.get_all("Pipeline Change", done, pluck="name", order_by="idx")

	def done(self, **arguments) -> list[str]:
		return self.records(**arguments).get("done", [])

	def test_an_appointment_of_the_same_minute_is_one_of_its_own(self):
		for order in ("before", "after"):
			with self.subTest(order):
				self.setUp()
				visits = [self.appointment(subject="Visit")] if order == "before" else []
				follow_up = self.finish()
				visits += [self.appointment(subject="Visit")] if order == "after" else []
				visits += [self.appointment("2031-01-08 10:00:59"), self.appointment("2031-01-08 10:00:00.5")]
				self.assertCountEqual(self.done(), [follow_up, *visits])
				self.assertCountEqual(self.done(kind="event"), visits)
				self.assertEqual(self.done(kind="follow_up"), [follow_up])

	def test_several_follow_ups_due_at_one_moment(self):
		due = "2031-01-08 10:00:00"
		first = self.finish("2031-01-08 11:00:00", next_contact_date=due)
		second = self.finish("2031-01-08 11:00:00", next_contact_date=due)
		third = self.finish("2031-01-08 11:00:00", medium="Phone")
		self.assertEqual(len({first, second, third}), 3)
		self.assertCountEqual(self.done(), [first, second, third])
		self.assertEqual(self.done(kind="event"), [])

	def test_a_follow_up_done_as_a_call_is_listed_once(self):
		for medium, kind in (("Phone", "call"), ("Meeting", "meeting")):
			with self.subTest(kind):
				self.setUp()
				follow_up = self.finish(medium=medium)
				with self.at("2031-01-08 11:00:00"):
					add_activity(self.contact.name, kind.title(), "Reached")
				noted = frappe.get_all(
					"Communication", {"reference_name": self.contact.name}, ["name", "subject"]
				)
				of_it, other = sorted(noted, key=lambda row: not row.subject.startswith("Follow-up"))
				self.assertCountEqual(self.done(), [follow_up, other.name])
				self.assertCountEqual(self.done(kind=kind), [of_it.name, other.name])
				self.assertEqual(self.done(kind="follow_up"), [follow_up])

	def test_one_done_in_the_calendar_is_listed_once(self):
		with self.at("2031-01-08 11:00:00"):
			event = frappe.get_doc("Event", self.contact.reload().follow_up_event)
			event.update({"status": "Completed"}).save()
		self.assertEqual(self.done(), self.history())

	def test_whoever_may_not_read_the_history_sees_entry_and_call(self):
		event = self.contact.reload().follow_up_event
		self.finish(medium="Phone")
		call = frappe.get_all("Communication", {"reference_name": self.contact.name}, pluck="name")
		may = frappe.has_permission

		def of_all_but_the_history(doctype, *arguments, **options):
			return doctype != "Pipeline Change" and may(doctype, *arguments, **options)

		with patch.object(frappe, "has_permission", of_all_but_the_history):
			self.assertCountEqual(self.done(), [event, *call])

	def test_what_was_taken_back_is_planned_until_it_is_done_after_all(self):
		with self.at("2031-01-08 11:00:00"):
			answer = moves.complete_follow_up(self.contact.name, "Reached")
			self.assertEqual(self.done(), self.history())
			moves.undo(self.contact.name, answer["undo"]["version"])
		self.assertEqual(self.records(), {"overdue": [self.contact.name]})
		again = self.finish("2031-01-08 11:30:00")
		self.assertEqual(self.history(), [again])
		self.assertEqual(self.records(), {"done": [again]})

	def test_a_patch_links_what_an_earlier_version_noted(self):
		visit, own = self.appointment(subject="Visit"), self.contact.reload().follow_up_event
		frappe.db.set_value("Event", visit, "modified", "2031-01-08 10:30:00", update_modified=False)
		follow_up = self.finish(medium="Phone")
		later = self.appointment(subject="Second visit")
		frappe.db.set_value("Event", later, "modified", "2031-01-08 11:30:00", update_modified=False)
		with self.at("2031-01-08 11:00:11"):
			add_activity(self.contact.name, "Call", "Again")
		fields = ["follow_up_event", "follow_up_conversation"]
		links = frappe.db.get_value("Pipeline Change", follow_up, fields)
		self.assertEqual(links[0], own)
		frappe.db.set_value("Pipeline Change", follow_up, dict.fromkeys(fields), update_modified=False)
		self.assertEqual(len(self.done()), 6)
		link_follow_ups.execute()
		self.assertEqual(frappe.db.get_value("Pipeline Change", follow_up, fields), links)
		self.assertEqual(len(self.done()), 4)
