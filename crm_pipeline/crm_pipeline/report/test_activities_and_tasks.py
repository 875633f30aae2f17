"""The report on activities and tasks, which is another view of the page's list of activities."""

from unittest.mock import patch

import frappe
from frappe.desk.query_report import run
from frappe.utils import get_system_timezone

from crm_pipeline.api.activities import add_activity
from crm_pipeline.crm_pipeline.report.activities_and_tasks import activities_and_tasks as report
from crm_pipeline.exceptions import ImpossibleDate
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.activity_lists import MORNING, NOW, ActivityListCase
from crm_pipeline.tests.factories import make_user
from crm_pipeline.tests.limited import settings

REPORT = "Activities and Tasks"
STATES = {
	"overdue": "Overdue",
	"today": "Today",
	"this_week": "This Week",
	"later": "Later",
	"no_date": "Without Date",
	"done": "Done",
}
KINDS = {
	"All": None,
	"Follow-up": "follow_up",
	"Task": "task",
	"Event": "event",
	"Email": "email",
	"Call": "call",
	"Meeting": "meeting",
}


class ReportCase(ActivityListCase):
	def setUp(self):
		super().setUp()
		self.made = {self.opportunity.name}

	def make(self, **fields):
		opportunity = super().make(**fields)
		if hasattr(self, "made"):
			self.made.add(opportunity.name)
		return opportunity

	def answer(self, now: str = NOW, **filters) -> dict:
		with self.at(now):
			return run(REPORT, filters=filters)

	def rows(self, now: str = NOW, **filters) -> list[dict]:
		rows = [row for row in self.answer(now, **filters)["result"] if isinstance(row, dict)]
		return [row for row in rows if row["opportunity"] in self.made]

	def named(self, now: str = NOW, **filters) -> list[str]:
		return [row["record"] for row in self.rows(now, **filters)]


class TestAsThePageHasIt(ReportCase):
	def around_midnight(self) -> None:
		"""Activities of all kinds around the midnights of several time zones, within the week and after, planned and done."""
		for day, hour in ((day, hour) for day in (7, 8, 9, 10) for hour in ("00:30", "12:00", "23:30")):
			moment = f"2031-01-{day:02} {hour}:00"
			self.make(next_contact_date=moment, next_contact_by=self.seller)
			self.event(moment, ends_on=f"2031-01-{day:02} {hour}:59")
		for day in ("2031-01-07", "2031-01-08", "2031-01-09", "2031-01-13", ""):
			self.task(date=day)
		for day in (8, 12, 13):
			self.event(f"2031-01-{day:02} 00:00:00", all_day=1, event_category="Meeting")
		self.event("2030-12-09 00:00:00", all_day=1, status="Completed")
		self.event("2030-12-08 23:30:00", status="Completed")
		for moment in ("2030-12-08 00:30:00", "2030-12-09 00:30:00", "2031-01-08 11:00:00"):
			with self.at(moment):
				add_activity(self.opportunity.name, "Call", "Reached")
		contact = self.make(next_contact_date="2031-01-08 10:00:00", next_contact_by=self.seller)
		with self.at("2031-01-08 11:00:00"):
			contact.reload().complete_follow_up("Reached", medium="Phone")

	def test_its_figures_are_those_of_the_page_wherever_its_reader_lives(self):
		self.around_midnight()
		reader, found = make_user("Sales Manager"), []
		frappe.set_user(reader)
		for zone in (get_system_timezone(), "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"):
			frappe.db.set_value("User", reader, "time_zone", zone)
			for kind, key in KINDS.items():
				sections = self.asked(kind=key, limit=200)["sections"]
				figures = {section["key"]: section["count"] for section in sections}
				with self.subTest(zone=zone, kind=kind):
					for section in sections:
						named = [row["record"] for row in section["rows"]]
						told = self.named(kind=kind, state=STATES[section["key"]])
						self.assertEqual(told, named, section["key"])
						self.assertEqual(len(told), section["count"], section["key"])
				found += [figures] if kind == "All" else []
		self.assertEqual(len({str(figures) for figures in found}), 4, "the zones differ here")

	def test_the_sections_one_after_the_other(self):
		self.around_midnight()
		sections = self.asked(limit=200)["sections"]
		named = [row["record"] for section in sections for row in section["rows"]]
		done = {row["record"] for row in sections[-1]["rows"]}
		self.assertEqual(self.named(state="All"), named)
		self.assertEqual(self.named(), [name for name in named if name not in done])

	def test_the_day_is_the_readers_own(self):
		contact = self.make(next_contact_date="2031-01-09 01:00:00", next_contact_by=self.seller).name
		reader = make_user("Sales User")
		frappe.set_user(reader)
		for zone, day in (("Pacific/Pago_Pago", "2031-01-08"), ("Pacific/Kiritimati", "2031-01-09")):
			frappe.db.set_value("User", reader, "time_zone", zone)
			with self.subTest(zone):
				(row,) = self.rows(state="Today")
				self.assertEqual((row["record"], str(row["at"])), (contact, day))

	def test_what_was_done_since_a_day_of_ones_own(self):
		reader = make_user("Sales User")
		with self.at("2030-11-30 12:00:00"):
			add_activity(self.opportunity.name, "Call", "Reached")
		frappe.set_user(reader)
		self.assertEqual(self.rows(state="Done"), [])
		for zone, day, expected in (
			("Pacific/Kiritimati", "2030-12-01", 1),
			("Pacific/Kiritimati", "2030-12-02", 0),
			("Pacific/Pago_Pago", "2030-12-01", 0),
			("Pacific/Pago_Pago", "1000-01-01", 1),
			("Pacific/Kiritimati", "9999-12-31", 0),
		):
			frappe.db.set_value("User", reader, "time_zone", zone)
			with self.subTest(zone=zone, day=day):
				self.assertEqual(len(self.rows(state="Done", done_since=day)), expected)


class TestActivitiesAndTasks(ReportCase):
	def test_what_a_row_tells(self):
		giver = frappe.session.user
		task = self.task(date="2031-01-07", assigned_by=giver)
		(row,) = self.rows()
		expected = {
			"doctype": "ToDo",
			"record": task.name,
			"state": "Overdue",
			"kind": "Task",
			"what": "Send it",
			"user_name": frappe.db.get_value("User", self.seller, "full_name"),
			"given_by": frappe.db.get_value("User", giver, "full_name"),
			"opportunity": self.opportunity.name,
			"title": self.opportunity.title,
			"is_overdue": 1,
		}
		self.assertEqual({key: row[key] for key in expected}, expected)
		self.assertEqual(str(row["at"]), "2031-01-07")

	def test_what_i_gave_to_others(self):
		colleague, me = make_user("Sales User"), frappe.session.user
		given = self.task(allocated_to=colleague, assigned_by=me)
		self.task(allocated_to=me, assigned_by=me)
		self.task(allocated_to=colleague, assigned_by=colleague)
		for kind in ("Task", "All"):
			with self.subTest(kind):
				self.assertEqual(self.named(kind=kind, delegated=1), [given.name])

	def test_of_some_users(self):
		users = [make_user("Sales User") for _each in range(3)]
		tasks = [self.task(date="2031-01-09", allocated_to=user).name for user in users]
		self.assertEqual(self.named(user=users[:1]), tasks[:1])
		self.assertCountEqual(self.named(user=",".join(users[:2])), tasks[:2])

	def test_of_a_process(self):
		self.task(date="2031-01-09")
		process = self.opportunity.sales_process
		self.assertEqual(len(self.rows(sales_process=[process])), 1)
		self.assertEqual(self.rows(sales_process=["Another"]), [])

	def test_what_is_cut_off_is_told(self):
		for _each in range(3):
			self.task(date="2031-01-07")
		self.assertIsNone(self.answer(user=self.seller)["message"])
		with patch.object(report, "MOST", 2):
			answer = self.answer(user=self.seller)
		self.assertEqual(len(answer["result"]), 2)
		self.assertIn("first 2 rows are listed of: Overdue.", answer["message"])

	def test_opportunities_out_of_sight_are_out_of_the_report(self):
		self.task(date="2031-01-09", allocated_to=None)
		with self.at(MORNING):
			add_activity(self.opportunity.name, "Call", "Reached")
		self.assertEqual(len(self.rows(state="All")), 2)
		settings(opportunity_visibility=OWN)
		with self.as_user("Sales User"):
			self.assertEqual(self.rows(state="All"), [])

	def test_unknown_choices_are_refused(self):
		for filters in ({"kind": "Letter"}, {"state": "Never"}):
			with self.subTest(filters), self.assertRaises(frappe.ValidationError):
				run(REPORT, filters=filters)
		with self.assertRefused(ImpossibleDate, "Done Since"):
			run(REPORT, filters={"done_since": "lately"})
