"""Charts of workspaces and reports in Desk: each tells its figures as a table too, in words and units that people read.

Runs against what a bench serves, as `test_browser` does.
"""

import frappe
import pytest
from frappe.utils import add_days, fmt_money, today

from crm_pipeline.money.exchange_rates import base_currency
from crm_pipeline.tests.desk_browser import NO_BROWSER, DeskCase
from crm_pipeline.tests.factories import make_opportunity, make_process

# The chart of that title in a workspace or, without one, that of a report.
PLACE = """
	const place = arguments[0]
		? $(".widget:visible").filter((_index, widget) => $(widget).find(".widget-title").text().trim() === arguments[0])
		: $(".chart-wrapper:visible");
	const details = place.find("details.crm-chart-figures")[0];
"""
# The rows of the table beside it, each as its texts, the head first; null before there is one.
TABLE = f"""{PLACE}
	return details && [...details.querySelectorAll("tr")].map((row) => [...row.cells].map((cell) => cell.textContent));
"""
OPENED = f"""{PLACE}
	const table = details.open && details.querySelector("table");
	return table && table.offsetHeight
		? [table.caption.textContent, [...table.tHead.rows[0].cells].map((each) => each.scope)]
		: null;
"""
PICTURE = "return $('[role=img]:visible').get().map((each) => each.getAttribute('aria-label'))"
LEGEND = (
	"return $('.crm-chart-legend:visible span:not(.crm-chart-dot)').get().map((each) => each.textContent)"
)
BY_STAGE = "Pipeline by Stage"
MARKUP = "Bern <b>& Thun</b>"


@pytest.mark.browser
@pytest.mark.bench_only(NO_BROWSER)
class TestCharts(DeskCase):
	@classmethod
	def make_records(cls):
		cls.process = make_process()
		for row in cls.process.stages:
			cls.made.append(("Sales Stage", row.sales_stage))
		cls.keep(cls.process)
		cls.opportunity = cls.keep(
			make_opportunity(
				sales_process=cls.process.name,
				opportunity_owner=cls.user,
				opportunity_amount=1234.5,
				expected_closing=add_days(today(), 2),
			)
		)
		cls.opportunity.expected_closing = add_days(today(), 9)
		cls.opportunity.save()
		# As it stands in a database that was filled past Frappe's filter of markup.
		cls.opportunity.db_set("territory", MARKUP, update_modified=False)
		cls.keep(make_opportunity(opportunity_owner=cls.user)).mark_won()

	def report(self, name: str, **filters):
		"""Open a report narrowed to what was made here, and return the table of its chart."""
		self.desk.run("frappe.set_route('List', 'ToDo', 'List')")
		self.desk.rest()
		self.desk.run(
			"frappe.route_options = arguments[0]", {"sales_process": [self.process.name], **filters}
		)
		self.desk.go("query-report", name)
		return self.desk.wait(TABLE, "")

	def amount(self) -> str:
		return fmt_money(1234.5, currency=base_currency())

	def test_a_chart_of_a_workspace(self):
		self.desk.go("Workspaces", "CRM Pipeline")
		table = self.desk.wait(TABLE, BY_STAGE)
		self.assertIn([self.opportunity.sales_stage, self.amount()], table)
		self.assertTrue(any(BY_STAGE in label for label in self.desk.run(PICTURE)))

	def test_it_stays_open_when_the_chart_is_drawn_anew(self):
		self.desk.go("Workspaces", "CRM Pipeline")
		self.desk.wait(TABLE, "Forecast by Month")
		self.desk.run(f"{PLACE} details.querySelector('summary').click()", "Forecast by Month")
		self.desk.driver.set_window_size(700, 900)
		self.addCleanup(self.desk.driver.set_window_size, 1440, 900)
		self.desk.rest()
		opened = self.desk.run(OPENED, "Forecast by Month")
		self.assertEqual(opened, ["Forecast by Month", ["", "col", "col"]])

	def test_every_chart_of_ours_has_one(self):
		for workspace in ("CRM Pipeline", "Pipeline Management"):
			charts = [row.chart_name for row in frappe.get_doc("Workspace", workspace).charts]
			self.assertTrue(charts)
			self.desk.go("Workspaces", workspace)
			for chart in charts:
				with self.subTest(chart):
					self.assertGreater(len(self.desk.wait(TABLE, chart)), 1)

	def test_a_chart_of_a_report(self):
		table = self.report("Forecast")
		self.assertEqual(table[0], ["", "Won", "Weighted"])
		weighted = fmt_money(self.opportunity.weighted_amount, currency=base_currency())
		self.assertIn(weighted, [row[2] for row in table[1:]])

	def test_series_are_named_below_the_picture(self):
		self.report("What Moved")
		self.assertEqual(self.desk.run(LEGEND), ["Pipeline", "More", "Less"])
		self.report("Slipping")
		self.assertEqual(self.desk.run(LEGEND), [])

	def test_what_bars_stand_on_is_no_figure(self):
		table = self.report("What Moved")
		self.assertEqual(table[0], ["", "Pipeline", "More", "Less"])
		self.assertEqual([row[1:] for row in table[2:3]], [["", self.amount(), ""]])

	def test_labels_are_text_in_table_and_tooltip(self):
		from selenium.webdriver.common.action_chains import ActionChains

		table = self.report("Opportunity Summary by Sales Stage", based_on="Territory")
		self.assertEqual([row[0] for row in table[1:]], [MARKUP])
		bar = self.desk.wait(
			"return $('.chart-wrapper:visible .dataset-units rect').get()"
			".find((each) => each.getBoundingClientRect().height > 5)"
		)
		ActionChains(self.desk.driver).move_to_element(bar).perform()
		title = self.desk.wait("return $('.graph-svg-tip:visible .title').text()")
		self.assertEqual(title, MARKUP)
