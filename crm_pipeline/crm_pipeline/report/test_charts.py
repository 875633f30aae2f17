"""Charts of reports: their series, units and labels."""

from itertools import combinations

import frappe
from frappe import _
from frappe.desk.query_report import run
from frappe.utils import formatdate, today

from crm_pipeline.crm_pipeline.report.utils import REST, SERIES, column, stacked_bars, status_column, unit_of
from crm_pipeline.money.exchange_rates import base_currency
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_opportunity, make_process, make_user
from crm_pipeline.utils.session import in_language

# How linear red, green and blue reach whoever lacks one of the three cones: Machado, Oliveira and Fernandes 2009, severity 1.
VISIONS = {
	"all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
	"no red": (
		(0.152286, 1.052583, -0.204868),
		(0.114503, 0.786281, 0.099216),
		(-0.003882, -0.048116, 1.051998),
	),
	"no green": (
		(0.367322, 0.860646, -0.227968),
		(0.280085, 0.672501, 0.047413),
		(-0.01182, 0.04294, 0.968881),
	),
	"no blue": (
		(1.255528, -0.076749, -0.178779),
		(-0.078411, 0.930809, 0.147602),
		(0.004733, 0.691367, 0.3039),
	),
}
TOLD_APART = 15  # of CIE 1976's difference, of which 2.3 can just be seen side by side


def seen(color: str, vision: tuple) -> tuple[float, float, float]:
	"""Return a colour as CIE Lab, as somebody sees it."""
	parts = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
	linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
	red, green, blue = (
		min(1, max(0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in vision
	)
	x, y, z = (
		part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
		for part in (
			(0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
			0.2126 * red + 0.7152 * green + 0.0722 * blue,
			(0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
		)
	)
	return 116 * y - 16, 500 * (x - y), 200 * (y - z)


class TestColors(TestCase):
	def test_the_colour_blind_tell_them_apart(self):
		for name, vision in VISIONS.items():
			for one, other in combinations((*SERIES, REST), 2):
				with self.subTest(name, pair=(one, other)):
					pairs = zip(seen(one, vision), seen(other, vision), strict=True)
					self.assertGreater(sum((a - b) ** 2 for a, b in pairs) ** 0.5, TOLD_APART)


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

	def test_a_column_has_room_for_the_words_that_may_stand_in_it(self):
		self.assertEqual(column("kind", "Art", "Data", 84, words=["Anruf"])["width"], 84)
		width = column("kind", "Art", "Data", 84, words=["Anruf", "Wiedervorlage"])["width"]
		self.assertEqual(width, column("kind", "Wiedervorlage", "Data", 84)["width"])
		self.assertGreater(width, 120)

	def test_a_status_is_whole_in_every_language(self):
		english = status_column("status")["width"]
		with in_language("de"):
			longest = column("status", _("Converted", context="Opportunity"), "Data", 0)["width"]
			self.assertGreaterEqual(status_column("status")["width"], longest)
			self.assertGreater(longest, english)

	def test_no_label_is_cut_off(self):
		# What Desk needs for them, measured in Chromium.
		needed = {"Gewonnen": 96, "Gewinnquote": 113, "Mindestens": 102}
		for label, pixels in needed.items():
			with self.subTest(label):
				width = column("won", label, "Int", 20)["width"]
				self.assertTrue(pixels <= width <= pixels + 12, width)
