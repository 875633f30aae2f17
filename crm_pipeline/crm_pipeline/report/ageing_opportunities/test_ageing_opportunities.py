"""Ageing, with values by hand and beside the rule; every figure is what its list adds up to."""

from random import Random

import frappe
from frappe.desk.query_report import run
from frappe.utils import add_days, date_diff

from crm_pipeline import exceptions
from crm_pipeline.history.progress import progress_of
from crm_pipeline.history.rotting import ACTIVITY, last_of
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_opportunity, make_process, make_user
from crm_pipeline.tests.figures import assert_figures_open
from crm_pipeline.tests.limited import settings

AGEING = "Ageing Opportunities"
TODAY = "2031-06-30"
RANGES = ("days_0_30", "days_31_60", "days_61_90", "days_91_120", "days_121")
FIGURES = (*RANGES, "opportunities")


class TestAgeing(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(20, 50)
		self.first, self.second = (row.sales_stage for row in self.process.stages[:2])
		self.anna, self.ben = make_user("Sales User"), make_user("Sales User")

	def make(self, days: int, owner: str | None = None, **fields):
		"""An opportunity that came in so many days ago."""
		day = add_days(TODAY, -days)
		values = {"sales_process": self.process.name, "opportunity_owner": owner or self.anna, **fields}
		with self.at(f"{day} 09:00:00"):
			return make_opportunity(transaction_date=day, **values)

	def act(self, opportunity, days: int, method: str = "save", *arguments, **fields):
		with self.at(f"{add_days(TODAY, -days)} 10:00:00"):
			getattr(opportunity.reload().update(fields), method)(*arguments)
		return opportunity

	def report(self, **filters) -> list[dict]:
		"""The rows of the day; each figure is what its list adds up to."""
		filters = {"sales_process": [self.process.name], **filters}
		with self.at(f"{TODAY} 12:00:00"):
			found = run(AGEING, filters=filters)["result"]
			value = {"Amount": "amount", "Weighted Amount": "weighted"}.get(
				filters.get("data_based_on"), "count"
			)
			columns = {key: value for key in RANGES if key in (found or [{}])[0]}
			columns |= {"opportunities": "count", "amount": "amount", "weighted": "weighted"}
			assert_figures_open(self, AGEING, filters, found, columns)
		return found

	def counts(self, row: dict) -> list:
		return [row[figure] for figure in FIGURES]

	def test_the_last_day_of_a_range_is_in_it(self):
		for days in (0, 30, 31, 60, 61, 90, 91, 120, 121, 4000):
			self.make(days)
		for age in ("In Stage", "Since Created", "Without Activity"):
			with self.subTest(age):
				row, total = self.report(age_of=age)
				self.assertEqual(self.counts(row), [2, 2, 2, 2, 2, 10])
				self.assertEqual(self.counts(total), self.counts(row))

	def test_a_stage_begins_anew_and_rest_does_not_count(self):
		moved, rested, back = (self.make(100) for _number in range(3))
		self.act(moved, 10, sales_stage=self.second)
		self.act(rested, 90, "pause", add_days(TODAY, 90))
		self.act(back, 95, "pause", add_days(TODAY, 90))
		self.act(back, 40, "resume")
		row, _total = self.report()
		self.assertEqual(self.counts(row), [2, 1, 0, 0, 0, 3])  # 10, 10 and 45 days
		self.assertEqual(self.counts(self.report(age_of="Since Created")[0])[3], 3)
		self.assertEqual(self.counts(self.report(age_of="Without Activity")[0]), [1, 1, 1, 0, 0, 3])

	def test_what_is_over_and_what_is_dated_ahead(self):
		self.act(self.make(50), 5, "mark_won")
		with self.at(f"{add_days(TODAY, -1)} 09:00:00"):
			make_opportunity(
				sales_process=self.process.name,
				opportunity_owner=self.anna,
				transaction_date=add_days(TODAY, 9),
			)
		for age in ("In Stage", "Since Created"):
			self.assertEqual(self.counts(self.report(age_of=age)[0]), [1, 0, 0, 0, 0, 1])

	def test_amounts_by_owner_and_by_stage(self):
		self.make(10, opportunity_amount=100.25)
		self.act(self.make(40, opportunity_amount=1000), 35, sales_stage=self.second)
		self.make(40, self.ben, opportunity_amount=5)
		self.make(70, owner="", opportunity_owner=None, opportunity_amount=None)
		*owners, total = self.report(data_based_on="Amount")
		self.assertEqual([row["row"] for row in owners], [self.anna, self.ben, ""])
		self.assertEqual(owners[0]["days_31_60"], 1000)
		self.assertEqual((total["days_0_30"], total["amount"], total["weighted"]), (100.25, 1105.25, 521.05))
		*stages, _total = self.report(based_on="Sales Stage", data_based_on="Weighted Amount")
		self.assertEqual([row["row"] for row in stages], [self.first, self.second])
		self.assertEqual((stages[1]["days_31_60"], stages[0]["days_0_30"]), (500, 20.05))
		self.assertEqual(len(self.report(ranges="7", opportunity_owner=[self.ben])), 2)

	def test_days_are_those_of_the_rule(self):
		random = Random(7)
		for _number in range(25):
			day = random.randint(80, 130)
			opportunity = self.make(day)
			while day > 2 and random.random() < 0.8:
				day -= random.randint(0, 20)
				if opportunity.reload().status == "Paused":
					self.act(opportunity, day, "resume")
				elif random.random() < 0.4:
					self.act(opportunity, day, "pause", add_days(TODAY, 300))
				else:
					other = self.second if opportunity.sales_stage == self.first else self.first
					self.act(opportunity, day, sales_stage=other)
		with self.at(f"{TODAY} 12:00:00"):
			filters = {"sales_process": [self.process.name], "show": "opportunities"}
			found = run(AGEING, filters=filters)["result"]
			for row in found:
				opportunity = frappe.get_doc("Opportunity", row["opportunity"])
				self.assertEqual(row["days"], progress_of(opportunity)["days_in_stage"])
		self.assertEqual(len(found), 25)

	def test_changes_before_the_day_on_which_it_is_dated_bring_it_no_days(self):
		with self.at(f"{add_days(TODAY, -30)} 09:00:00"):
			opportunity = make_opportunity(
				transaction_date=add_days(TODAY, -20),
				sales_process=self.process.name,
				opportunity_owner=self.anna,
			)
		self.act(opportunity, 28, expected_closing=add_days(TODAY, 60))
		self.act(opportunity, 27, expected_closing=add_days(TODAY, 90))
		filters = {"sales_process": [self.process.name], "show": "days_0_30"}
		with self.at(f"{TODAY} 12:00:00"):
			(row,) = run(AGEING, filters=filters)["result"]
			self.assertEqual(progress_of(opportunity.reload())["days_in_stage"], 20)
		self.assertEqual(row["days"], 20)

	def test_days_without_activity_are_those_since_the_last_of_anything(self):
		opportunity = self.make(100)
		for field, days in (("last_contacted_on", 70), ("last_response_on", 40), ("last_change_on", 65)):
			frappe.db.set_value("Opportunity", opportunity.name, field, f"{add_days(TODAY, -days)} 23:59:59")
		with self.at(f"{TODAY} 00:00:01"):
			filters = {
				"sales_process": [self.process.name],
				"age_of": "Without Activity",
				"show": "days_31_60",
			}
			(row,) = run(AGEING, filters=filters)["result"]
		self.assertEqual(row["days"], 40)

	def test_a_figure_of_other_ranges_is_none_of_these(self):
		self.make(40)
		filters = {"sales_process": [self.process.name], "show": "days_31_60"}
		with self.at(f"{TODAY} 12:00:00"):
			self.assertEqual(len(run(AGEING, filters=filters)["result"]), 1)
			self.assertEqual(len(run(AGEING, filters={**filters, "ranges": "30, 60"})["result"]), 1)
			with self.assertRefused(exceptions.UnreadableFilters):
				run(AGEING, filters={**filters, "ranges": "10, 20"})

	def test_what_was_entered_late_is_as_old_as_it_is_dated(self):
		with self.at(f"{add_days(TODAY, -1)} 09:00:00"):
			opportunity = make_opportunity(
				transaction_date=add_days(TODAY, -100),
				sales_process=self.process.name,
				opportunity_owner=self.anna,
			)
		fields = ("creation", *ACTIVITY)
		known = frappe.db.get_value("Opportunity", opportunity.name, fields)
		last = last_of(*known)
		filters = {
			"sales_process": [self.process.name],
			"age_of": "Without Activity",
			"show": "opportunities",
		}
		with self.at(f"{TODAY} 12:00:00"):
			(row,) = run(AGEING, filters=filters)["result"]
		self.assertEqual((row["days"], date_diff(TODAY, last)), (100, 100))
		frappe.db.set_value("Opportunity", opportunity.name, dict.fromkeys(ACTIVITY))
		with self.at(f"{TODAY} 12:00:00"):
			(row,) = run(AGEING, filters=filters)["result"]
		self.assertEqual(row["days"], 1)  # nothing else is known of it but when it was entered

	def test_whoever_sees_three(self):
		settings(opportunity_visibility=OWN)
		for _number in range(3):
			self.make(10)
		self.make(10, self.ben)
		self.assertEqual(self.report()[-1]["opportunities"], 4)
		frappe.set_user(self.anna)
		row, total = self.report()
		self.assertEqual((row["row"], row["opportunities"], total["opportunities"]), (self.anna, 3, 3))

	def test_nothing_at_all(self):
		answer = run(AGEING, filters={"sales_process": [self.process.name]})
		self.assertEqual((answer["result"], answer["chart"]), ([], None))

	def test_the_chart_has_the_totals(self):
		self.make(10, opportunity_amount=7)
		self.make(10, self.ben, opportunity_amount=8)
		with self.at(f"{TODAY} 12:00:00"):
			chart = run(AGEING, {"sales_process": [self.process.name], "data_based_on": "Amount"})["chart"]
		self.assertEqual(chart["data"]["datasets"][0]["values"], [15, 0, 0, 0, 0])
		self.assertEqual(len(chart["data"]["labels"]), 5)

	def test_bad_filters(self):
		for filters, refusal in (
			({"ranges": "60, 30"}, exceptions.AgeRangesImpossible),
			({"ranges": "1.5"}, exceptions.AgeRangesImpossible),
			({"ranges": "1,2,3,4,5,6,7"}, exceptions.AgeRangesImpossible),
			({"show": "days_0_9"}, exceptions.UnreadableFilters),
			({"show": "name"}, exceptions.UnreadableFilters),
			({"show": ["days_0_30"]}, exceptions.UnreadableFilters),
			({"age_of": "Youth"}, frappe.ValidationError),
		):
			with self.subTest(filters), self.assertRefused(refusal):
				run(AGEING, filters=filters)

	def test_figures_of_a_row_that_is_not_there_list_nothing(self):
		self.make(10)
		for row in ("nobody@example.com", "x' OR '1'='1", ""):
			answer = run(AGEING, filters={"sales_process": [self.process.name], "show": f"days_0_30:{row}"})
			self.assertEqual(answer["result"], [])
