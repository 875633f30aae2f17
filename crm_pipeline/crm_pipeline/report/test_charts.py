"""Charts of reports: their series, units and labels."""

import frappe
from frappe.desk.query_report import run
from frappe.utils import formatdate, today

from crm_pipeline.crm_pipeline.report.utils import REST, SERIES, column, stacked_bars, unit_of
from crm_pipeline.money.exchange_rates import base_currency
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_opportunity, make_process, make_user


class TestStackedBars(TestCase):
	def chart(self, number: int) -> dict:
		datasets = [{"name": str(each), "values": [each, 2 * each]} for each in range(1, number + 1)]
		return stacked_bars(["May", "June"], datasets)

	def test_each_has_a_colour_of_its_own(self):
		chart = self.chart(len(SERIES))
		self.assertEqual(chart["colors"], list(SERIES))
		self.assertEqual([each["name"] for each in chart["data"]["datasets"]], ["1", "2", "3", "4", "5", "6"])

	def test_what_is_left_is_added_up(self):
		chart = self.chart(len(SERIES) + 3)
		self.assertEqual(chart["colors"], [*SERIES, REST])
		self.assertEqual(chart["data"]["datasets"][-1], {"name": "Others", "values": [24, 48]})

	def test_nothing(self):
		self.assertEqual((self.chart(0)["colors"], self.chart(0)["data"]["datasets"]), ([], []))


class TestCharts(TestCase):
	def test_amounts_say_their_currency(self):
		self.assertEqual(unit_of(True), {"fieldtype": "Currency", "options": base_currency()})
		self.assertEqual(unit_of(False), {})

	def test_owners_go_by_their_names(self):
		owner = make_user("Sales User")
		frappe.db.set_value("User", owner, "full_name", "Ada Charting")
		process = make_process()
		make_opportunity(
			opportunity_owner=owner,
			sales_process=process.name,
			expected_closing=today(),
			opportunity_amount=7,
		)
		filters = {"sales_process": [process.name]}
		summary = run("Opportunity Summary by Sales Stage", filters=filters)["chart"]
		self.assertEqual(summary["data"]["labels"], ["Ada Charting"])
		for value, unit in (("Number", None), ("Amount", "Currency")):
			with self.subTest(value):
				chart = run("Sales Pipeline Analytics", filters={**filters, "based_on": value})["chart"]
				self.assertEqual([each["name"] for each in chart["data"]["datasets"]], ["Ada Charting"])
				self.assertEqual(chart["data"]["labels"][0], formatdate(today(), "MMM YYYY"))
				self.assertEqual((chart.get("fieldtype"), chart["over_time"]), (unit, 1))

	def test_a_movement_of_nothing_has_no_bar(self):
		process = make_process()
		make_opportunity(sales_process=process.name, opportunity_amount=7)
		labels = run("What Moved", filters={"sales_process": [process.name]})["chart"]["data"]["labels"]
		self.assertEqual(labels, ["Before", "New", "After"])

	def test_a_column_is_as_wide_as_its_label(self):
		self.assertEqual(column("won", "Won", "Int", 80)["width"], 80)
		self.assertGreater(column("won", "Wahrscheinlichkeit", "Int", 80)["width"], 140)
