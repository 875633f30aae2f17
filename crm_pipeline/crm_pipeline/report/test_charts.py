"""Charts with more series than a person can tell apart."""

from crm_pipeline.crm_pipeline.report.utils import REST, SERIES, stacked_bars
from crm_pipeline.tests.base import TestCase


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
