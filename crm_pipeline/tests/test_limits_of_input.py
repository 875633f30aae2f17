"""What is asked for is answered, or refused with a named exception: never at any length, never with 500."""

from datetime import date

import frappe
from frappe.desk.query_report import run

from crm_pipeline.api.activities import activities
from crm_pipeline.api.auto_close import preview_auto_close
from crm_pipeline.api.pipeline import get_cards, get_forecast_cards
from crm_pipeline.crm_pipeline.report.periods import MOST_PERIODS, periods_between
from crm_pipeline.exceptions import LinkNotText, NameMissing, TooManyPeriods, UnreadableFilters
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_opportunity, make_party_opportunity
from crm_pipeline.tests.rest import RestTestCase

ANALYTICS = "Sales Pipeline Analytics"
REPORTS = {
	ANALYTICS: (
		"pipeline_by",
		"range",
		"based_on",
		"status",
		"opportunity_owner",
		"sales_team",
		"from_date",
		"show",
	),
	"Opportunity Summary by Sales Stage": (
		"based_on",
		"data_based_on",
		"status",
		"source",
		"sales_team",
		"to_date",
		"show",
	),
	"Lost Opportunity": (
		"group_by",
		"rows",
		"range",
		"based_on",
		"show",
		"lost_reason",
		"competitor",
		"opportunity_owner",
		"sales_team",
		"territory",
		"from_date",
	),
	"Minutes to First Response for Opportunity": (
		"group_by",
		"opportunity_owner",
		"sales_team",
		"source",
		"from_date",
		"show",
	),
	"Owner Performance": ("show", "opportunity_owner", "sales_team", "sales_process", "source", "from_date"),
	"Slipping": (
		"show",
		"group_by",
		"opportunity_owner",
		"sales_team",
		"sales_process",
		"source",
		"from_date",
	),
	"Stage Conversion and Time in Stage": (
		"show",
		"sales_process",
		"opportunity_owner",
		"sales_team",
		"from_date",
	),
	"Probability Check": ("show", "fewest", "opportunity_owner", "sales_team", "sales_process", "from_date"),
	"Ageing Opportunities": (
		"age_of",
		"based_on",
		"data_based_on",
		"ranges",
		"show",
		"sales_team",
		"sales_stage",
	),
	"Follow-ups Due": ("show", "opportunity_owner", "sales_team", "sales_process"),
	"Rotting Opportunities": ("rows", "opportunity_owner", "sales_team", "sales_process", "sales_stage"),
	"Activities and Tasks": ("kind", "state", "done_since", "user", "sales_process", "delegated"),
	"Auto-close Preview": ("opportunity_owner", "sales_team", "day"),
	"What Moved": (
		"opportunity_owner",
		"sales_team",
		"sales_process",
		"closing_from",
		"closing_to",
		"based_on",
		"show",
		"from_date",
	),
	"Forecast": ("range", "opportunity_owner", "sales_team", "sales_process", "to_date"),
}
FAR = 10**20


class TestPeriods(TestCase):
	def test_as_many_as_can_be_read(self):
		years = MOST_PERIODS // 12
		self.assertEqual(
			len(periods_between(date(2026, 1, 1), date(2026 + years - 1, 12, 31), 1)), MOST_PERIODS
		)
		with self.assertRefused(TooManyPeriods, str(MOST_PERIODS)):
			periods_between(date(2026, 1, 1), date(2026 + years, 1, 1), 1)

	def test_months_and_quarters(self):
		months = [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
		self.assertEqual(periods_between(date(2026, 11, 30), date(2027, 1, 1), 1), months)
		quarters = [date(2026, 10, 1), date(2027, 1, 1)]
		self.assertEqual(periods_between(date(2026, 12, 31), date(2027, 1, 1), 3), quarters)
		self.assertEqual(len(periods_between(date(9999, 12, 1), date(9999, 12, 31), 1)), 1)

	def test_the_report(self):
		for months in ("Monthly", "Quarterly"):
			with self.assertRefused(TooManyPeriods):
				run(ANALYTICS, {"from_date": "1000-01-01", "to_date": "9998-12-31", "range": months})


class TestFilters(TestCase):
	def test_neither_lists_nor_objects_break_a_report(self):
		make_party_opportunity()
		for report, names in REPORTS.items():
			for name in names:
				for value in (
					{"a": 1},
					[{"a": 1}],
					[["a"]],
					"[1",
					'[{"a": 1}]',
					'{"a": 1}',
					["a", "b"],
					7,
					True,
					FAR,
				):
					with self.subTest(report, filter=name, value=value):
						try:
							run(report, {name: value}, ignore_prepared_report=True)
						except frappe.ValidationError as refusal:
							self.assertTrue(str(refusal))

	def test_what_is_no_filters_at_all(self):
		from crm_pipeline.crm_pipeline.report.utils import read

		for filters in ([["a", "=", 1]], "text", 7, {"a": {"b": 1}}):
			with self.assertRefused(UnreadableFilters):
				read(filters)
		self.assertEqual(read(None), {})
		self.assertEqual(read({"a": ["b"]}), {"a": ["b"]})


class TestPortions(TestCase):
	def test_far_starts_find_nothing(self):
		opportunity = make_opportunity()
		self.assertEqual(get_cards(opportunity.sales_process, opportunity.sales_stage, FAR, FAR)["cards"], [])
		self.assertEqual(get_forecast_cards(opportunity.sales_process, "none", FAR, FAR)["cards"], [])
		self.assertEqual(activities("Opportunity", opportunity.name, FAR, FAR), [])
		self.assertEqual(preview_auto_close(None, FAR, FAR)["rows"], [])
		self.assertTrue(get_cards(opportunity.sales_process, opportunity.sales_stage, -FAR, -FAR)["cards"])

	def test_any_day(self):
		for day in ("1000-01-01", "9999-12-31"):
			self.assertEqual(preview_auto_close(day)["day"], day)


class TestNames(RestTestCase):
	def test_records_without_name(self):
		for doctype, field in (("Customer", "customer_name"), ("Supplier", "supplier_name")):
			for values in ({}, {field: None}, {field: ""}, {field: "  "}, {field: {"a": 1}}, {field: ["a"]}):
				refusal = LinkNotText if isinstance(values.get(field), dict | list) else NameMissing
				with self.subTest(doctype, values=values):
					answer = self.api.post(f"/api/resource/{doctype}", **values)
					self.assertAnswer(answer, 417, refusal.__name__)
		for doctype in (
			"Lead",
			"Item",
			"Competitor",
			"Lost Reason",
			"Sales Stage",
			"Sales Process",
			"Sales Team",
			"Opportunity",
		):
			with self.subTest(doctype):
				self.assertEqual(self.api.post(f"/api/resource/{doctype}").status_code, 417)
