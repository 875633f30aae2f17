"""Follow-ups due, by the reader's own clock; every figure is what its list adds up to."""

from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
from frappe.desk.query_report import run
from frappe.utils import get_datetime, get_system_timezone

from crm_pipeline import exceptions
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_opportunity, make_process, make_team, make_user
from crm_pipeline.tests.figures import assert_figures_open
from crm_pipeline.tests.limited import settings

DUE = "Follow-ups Due"
MORNING, NOW = "2031-01-01 08:00:00", "2031-01-10 12:00:00"
COUNTS = ("overdue", "today", "next_7_days", "no_step", "opportunities")
COLUMNS = {**dict.fromkeys(COUNTS, "count"), "amount": "amount", "overdue_amount": "amount"}


class TestFollowUpsDue(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process()
		frappe.db.set_value("User", frappe.session.user, "time_zone", get_system_timezone())
		self.anna, self.ben = make_user("Sales User"), make_user("Sales User")

	def make(self, planned: str | None, owner: str | None = None, **fields):
		values = {"sales_process": self.process.name, "opportunity_owner": owner or self.anna, **fields}
		with self.at(MORNING):
			return make_opportunity(next_contact_date=planned, **values)

	def report(self, now: str = NOW, **filters) -> list[dict]:
		"""The rows at a moment; each figure is what its list adds up to."""
		filters = {"sales_process": [self.process.name], **filters}
		with self.at(now):
			found = run(DUE, filters=filters)["result"]
			assert_figures_open(self, DUE, filters, found, COLUMNS)
		return found

	def counts(self, row: dict) -> list[int]:
		return [row[name] for name in COUNTS]

	def test_each_is_due_once(self):
		for planned in (
			"2031-01-03 09:00:00",
			"2031-01-10 11:59:59",
			NOW,
			"2031-01-10 23:59:59",
			"2031-01-11 00:00:00",
			"2031-01-17 23:59:59",
			"2031-01-18 00:00:00",
			None,
		):
			self.make(planned, opportunity_amount=10)
		row, total = self.report()
		self.assertEqual(self.counts(row), [2, 2, 2, 1, 7])
		self.assertEqual((str(row["oldest"]), row["overdue_amount"], row["amount"]), ("2031-01-03", 20, 70))
		self.assertEqual((self.counts(total), total["oldest"]), (self.counts(row), row["oldest"]))

	def test_a_pause_asks_for_nothing_but_what_was_missed(self):
		for planned in ("2031-01-05 09:00:00", "2031-01-10 15:00:00", "2031-01-12 09:00:00", None):
			with self.at(MORNING):
				self.make(planned, opportunity_amount=10).reload().pause("2031-03-01")
		with self.at(MORNING):
			self.make("2031-01-12 09:00:00", self.ben).reload().pause("2031-03-01")
		row, _total = self.report()
		self.assertEqual(self.counts(row), [1, 0, 0, 0, 1])
		self.assertEqual((str(row["oldest"]), row["amount"], row["overdue_amount"]), ("2031-01-05", 10, 10))
		with self.at(MORNING):
			self.make("2031-01-12 09:00:00", opportunity_amount=5)
		self.assertEqual(self.counts(self.report()[0]), [1, 0, 1, 0, 2])
		self.assertEqual(self.report()[0]["amount"], 15)

	def test_what_is_over_is_not_due(self):
		with self.at(MORNING):
			self.make("2031-01-05 09:00:00").reload().mark_won()
			self.make(None).reload().update({"status": "Closed"}).save()
		self.assertEqual(self.report(), [])

	def test_today_is_the_readers_own(self):
		hours = [
			f"2031-01-{day:02} {hour}:30:00"
			for day in (8, 9, 10, 11, 12, 16, 17, 18)
			for hour in ("01", "13", "22")
		]
		for each in hours:
			self.make(each)
		frappe.set_user(self.anna)
		for zone in ("Etc/GMT+12", "Etc/GMT-14", get_system_timezone()):
			frappe.db.set_value("User", self.anna, "time_zone", zone)
			days = [(self.clock(each, zone).date() - self.clock(NOW, zone).date()).days for each in hours]
			ahead = [day for each, day in zip(hours, days, strict=True) if each >= NOW]
			with self.subTest(zone):
				row = self.report()[0]
				self.assertEqual(row["today"], ahead.count(0))
				self.assertEqual(row["next_7_days"], sum(1 <= day <= 7 for day in ahead))
				self.assertEqual(row["overdue"], len(hours) - len(ahead))
				self.assertEqual(row["oldest"], self.clock(hours[0], zone).date())

	def clock(self, moment: str, zone: str) -> datetime:
		"""What a clock in a zone shows at a moment of the site."""
		return get_datetime(moment).replace(tzinfo=ZoneInfo(get_system_timezone())).astimezone(ZoneInfo(zone))

	def test_owners_with_most_overdue_come_first(self):
		self.make("2031-01-11 09:00:00")
		self.make("2031-01-05 09:00:00", self.ben, opportunity_amount=0.1)
		self.make("2031-01-06 09:00:00", self.ben, opportunity_amount=0.2)
		self.make("2031-01-04 09:00:00", opportunity_owner=None, opportunity_amount=None)
		*rows, total = self.report()
		self.assertEqual([row["row"] for row in rows], [self.ben, "", self.anna])
		self.assertEqual((total["overdue"], str(total["oldest"]), total["amount"]), (3, "2031-01-04", 0.3))
		row, _total = self.report(sales_team=make_team(self.anna).name)
		self.assertEqual((row["row"], row["oldest"]), (self.anna, None))
		self.assertEqual(self.report(opportunity_owner=[self.ben])[0]["row"], self.ben)

	def test_whoever_sees_three(self):
		settings(opportunity_visibility=OWN)
		for owner in (self.anna, self.anna, self.anna, self.ben):
			self.make(None, owner)
		self.assertEqual(self.report()[-1]["no_step"], 4)
		frappe.set_user(self.anna)
		row, total = self.report()
		self.assertEqual((row["row"], row["no_step"], total["opportunities"]), (self.anna, 3, 3))

	def test_nothing_at_all(self):
		answer = run(DUE, filters={"sales_process": [self.process.name]})
		self.assertEqual((answer["result"], answer["chart"]), ([], None))

	def test_the_chart(self):
		self.make("2031-01-11 09:00:00")
		with self.at(NOW):
			chart = run(DUE, filters={"sales_process": [self.process.name]})["chart"]
		self.assertEqual([each["values"] for each in chart["data"]["datasets"]], [[0], [0], [1]])

	def test_bad_figures(self):
		for show in ("oldest", "name", "today'", 7, ["overdue"]):
			with self.subTest(show), self.assertRefused(exceptions.UnreadableFilters):
				run(DUE, filters={"show": show})
