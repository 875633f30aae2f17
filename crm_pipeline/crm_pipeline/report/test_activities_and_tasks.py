from unittest.mock import patch

import frappe
from frappe.desk.query_report import run
from frappe.utils import add_days, get_datetime, now_datetime

from crm_pipeline.api.activities import add_activity
from crm_pipeline.crm_pipeline.report.activities_and_tasks import activities_and_tasks as report
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make, make_opportunity, make_user
from crm_pipeline.tests.limited import settings


class TestActivitiesAndTasks(TestCase):
	def setUp(self):
		super().setUp()
		self.opportunity = make_opportunity()

	def task(self, **fields):
		values = {"description": "<p>Call <b>them</b></p>", "reference_type": "Opportunity"}
		return make("ToDo", **values, reference_name=fields.pop("on", self.opportunity).name, **fields)

	def rows(self, **filters) -> list[dict]:
		rows = [row for row in run(report_name(), filters=filters)["result"] if isinstance(row, dict)]
		return [row for row in rows if row["opportunity"] == self.opportunity.name]

	def test_tasks_by_when_they_are_due(self):
		late = self.task(date=in_days(-1))
		today = self.task(date=in_days(0))
		later = self.task(date=in_days(20))
		undated = self.task()
		undated.db_set("date", None)  # Frappe's default is today
		done = self.task(date=in_days(-3), status="Closed")
		self.task(date=in_days(-3), status="Cancelled")
		self.assertEqual(
			[row["record"] for row in self.rows()], [late.name, today.name, later.name, undated.name]
		)
		by_state = {"Overdue": [late], "Today": [today], "Later": [later, undated], "Done": [done]}
		for state, tasks in by_state.items():
			with self.subTest(state):
				found = [row["record"] for row in self.rows(state=state)]
				self.assertEqual(found, [task.name for task in tasks])

	def test_a_day_of_this_week(self):
		task = self.task(date="2026-11-26")
		with patch.object(report, "getdate", lambda day=None: get_datetime(day or "2026-11-25").date()):
			self.assertEqual([row["record"] for row in self.rows(state="This Week")], [task.name])

	def test_markup_is_told_as_text(self):
		self.task(date=in_days(1))
		self.assertEqual(self.rows()[0]["what"], "Call them")

	def test_what_i_gave_to_others(self):
		colleague = make_user("Sales User")
		given = self.task(allocated_to=colleague, assigned_by=frappe.session.user)
		self.task(allocated_to=frappe.session.user, assigned_by=frappe.session.user)
		self.task(allocated_to=colleague, assigned_by=colleague)
		for kind in ("Task", "All"):
			with self.subTest(kind):
				self.assertEqual([row["record"] for row in self.rows(kind=kind, delegated=1)], [given.name])

	def test_of_one_user(self):
		colleague = make_user("Sales User")
		theirs = self.task(allocated_to=colleague)
		self.task(allocated_to=frappe.session.user)
		self.assertEqual([row["record"] for row in self.rows(user=[colleague])], [theirs.name])

	def test_what_was_said_by_its_kind(self):
		for kind in ("Call", "Meeting", "Note"):
			add_activity(self.opportunity.name, kind, "Reached")
		for kind in ("Call", "Meeting"):
			with self.subTest(kind):
				(row,) = self.rows(kind=kind, state="Done")
				self.assertEqual((row["doctype"], row["is_overdue"]), ("Communication", 0))
				self.assertEqual(self.rows(kind=kind), [])

	def test_events_in_which_it_takes_part(self):
		people = [{"reference_doctype": "Opportunity", "reference_docname": self.opportunity.name}]
		values = {"subject": "Visit", "event_participants": people}
		event = make("Event", starts_on=add_days(now_datetime(), 20), **values)
		make("Event", starts_on=now_datetime(), status="Cancelled", **values)
		(row,) = self.rows(kind="Event")
		self.assertEqual((row["record"], row["what"]), (event.name, "Visit"))

	def test_opportunities_out_of_sight_are_out_of_the_report(self):
		self.task(date=in_days(1))
		add_activity(self.opportunity.name, "Call", "Reached")
		settings(opportunity_visibility=OWN)
		with self.as_user("Sales User"):
			self.assertEqual(self.rows(kind="All", state="All"), [])

	def test_unknown_choices_are_refused(self):
		for filters in ({"kind": "Letter"}, {"state": "Never"}):
			with self.subTest(filters), self.assertRaises(frappe.ValidationError):
				run(report_name(), filters=filters)


def report_name() -> str:
	return "Activities and Tasks"
