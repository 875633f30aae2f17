"""First responses in working hours, beside those of the clock."""

import frappe
from frappe.desk.query_report import run
from frappe.utils import add_to_date

from crm_pipeline.exceptions import WorkingHoursImpossible
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_mail, make_opportunity, make_user
from crm_pipeline.tests.limited import settings

RESPONSE = "Minutes to First Response for Opportunity"
WEEK = {f"works_on_{day}": 1 for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
OFFICE = {"work_begins_at": "9:00", "work_ends_at": "17:00", **WEEK}
WORKING = ("working_average", "working_median", "working_slowest_tenth")


class TestWorkingMinutes(TestCase):
	def setUp(self):
		super().setUp()
		self.owner = make_user("Sales User")

	def answered(self, opened: str, minutes: int, **fields):
		"""An opportunity that was answered so long after it came in, by the clock."""
		# Frappe keeps the day of the first new document as the default of those after it.
		fields = {"transaction_date": opened[:10], **fields}
		with self.at(opened):
			opportunity = make_opportunity(opportunity_owner=self.owner, **fields)
		with self.at(add_to_date(opened, minutes=minutes)):
			make_mail(opportunity, communication_date=add_to_date(opened, minutes=minutes))
		return opportunity

	def report(self, **filters) -> dict:
		period = {"from_date": "2026-03-01", "to_date": "2026-03-31", "opportunity_owner": self.owner}
		return run(RESPONSE, {**period, **filters})

	def test_nothing_is_told_without_working_hours(self):
		self.answered("2026-03-06 16:50:00", 30)
		settings(**WEEK, work_begins_at="", work_ends_at="")
		for filters in ({}, {"show": "responded"}):
			answer = self.report(**filters)
			names = {column["fieldname"] for column in answer["columns"]} | set(answer["result"][0])
			self.assertFalse(names & {*WORKING, "working_minutes"})
		self.assertEqual(len(self.report()["chart"]["data"]["datasets"]), 2)

	def test_evenings_and_weekends_do_not_count(self):
		settings(**OFFICE)
		friday = "2026-03-06 16:50:00"
		over_weekend = 2 * 24 * 60 + 16 * 60 + 20  # Monday, 9:10
		for minutes in (5, 30, over_weekend):
			self.answered(friday, minutes)
		for group in ("Day", "Owner"):
			with self.subTest(group):
				answer = self.report(group_by=group)
				(row,) = answer["result"]
				self.assertEqual([row[name] for name in WORKING], [11.67, 10, 20])
				self.assertEqual((row["median"], row["slowest_tenth"]), (30, over_weekend))
				self.assertEqual(answer["chart"]["data"]["datasets"][2]["values"], [10])
				names = [column["fieldname"] for column in answer["columns"]]
				self.assertEqual(names[-3:], list(WORKING))

	def test_each_figure_lists_what_it_is_made_of(self):
		settings(**OFFICE)
		self.answered("2026-03-06 16:50:00", 30)
		self.answered("2026-03-07 12:00:00", 60)
		self.answered("2026-03-09 08:30:00", 45)
		rows = self.report()["result"]
		self.assertEqual([row["working_average"] for row in rows], [10, 0, 15])
		for row in rows:
			listed = self.report(show=f"working_average:{row['row']}")["result"]
			self.assertEqual([each["working_minutes"] for each in listed], [row["working_average"]])
			self.assertFalse({"creation", "transaction_date"} & set(listed[0]))
		(whole,) = self.report(group_by="Owner")["result"]
		listed = self.report(group_by="Owner", show=f"working_average:{self.owner}")["result"]
		mean = sum(each["working_minutes"] for each in listed) / 3
		self.assertEqual((len(listed), whole["working_average"]), (3, round(mean, 2)))

	def test_those_without_owner_are_a_group_too(self):
		settings(**OFFICE)
		opportunity = self.answered("2026-03-06 16:50:00", 30)
		opportunity.reload().db_set("opportunity_owner", None)
		found = run(RESPONSE, {"from_date": "2026-03-06", "to_date": "2026-03-06", "group_by": "Owner"})[
			"result"
		]
		(row,) = (each for each in found if not each["row"])
		self.assertEqual(row["working_slowest_tenth"], 10)

	def test_of_an_earlier_day_time_runs_from_midnight(self):
		settings(**OFFICE)
		opportunity = self.answered("2026-03-06 16:50:00", 0, transaction_date="2026-03-05")
		(row,) = self.report(show="responded")["result"]
		self.assertEqual(row["opportunity"], opportunity.name)
		self.assertEqual(row["working_minutes"], 480 + 470)

	def test_around_the_clock_both_are_the_same(self):
		every_day = dict.fromkeys((*WEEK, "works_on_saturday", "works_on_sunday"), 1)
		settings(**every_day, work_begins_at="0:00", work_ends_at="24:00")
		for minutes in (7, 1, 3, 9, 2, 100, 5, 5, 8, 4, 11):
			self.answered("2026-03-06 16:50:00", minutes)
			(row,) = self.report()["result"]
			clock = [row[name] for name in ("mins_to_first_response", "median", "slowest_tenth")]
			self.assertEqual([row[name] for name in WORKING], clock)

	def test_what_is_hidden_does_not_count(self):
		settings(**OFFICE, opportunity_visibility=OWN)
		self.answered("2026-03-06 16:50:00", 5)
		self.owner = make_user("Sales User")
		self.answered("2026-03-06 16:50:00", 9)
		frappe.set_user(self.owner)
		(row,) = run(RESPONSE, {"from_date": "2026-03-06", "to_date": "2026-03-06"})["result"]
		self.assertEqual((row["responded"], row["working_average"]), (1, 9))

	def test_working_hours_in_which_nobody_could_work(self):
		nobody = dict.fromkeys(WEEK, 0)
		for wrong in (
			{"work_ends_at": ""},
			{"work_begins_at": ""},
			{"work_begins_at": "17:00"},
			{"work_begins_at": "18:00"},
			{"work_begins_at": "9 am"},
			{"work_ends_at": "24:01"},
			nobody,
		):
			with self.subTest(wrong), self.assertRefused(WorkingHoursImpossible):
				settings(**{**OFFICE, **wrong})
		settings(**{**OFFICE, "work_begins_at": "0:00", "work_ends_at": "24:00"})
		settings(**nobody, work_begins_at="", work_ends_at="")
