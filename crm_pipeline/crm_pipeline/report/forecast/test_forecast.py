"""The forecast, with values by hand."""

import frappe
from frappe.desk.query_report import run

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_lost_reason, make_opportunity, make_process, make_user

TODAY = "2026-05-20"
SPRING = {"from_date": "2026-05-01", "to_date": "2026-06-30"}
FIELDS = ("won", "weighted", "best_case", "forecast", "month_ago", "change", "previous")


class TestForecast(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(10, 50)
		self.owner = make_user("Sales User")

	def make(self, day: str, closing: str | None = None, amount: float = 1000, **fields):
		values = {
			"sales_process": self.process.name,
			"opportunity_owner": self.owner,
			"expected_closing": closing,
		}
		with self.at(f"{day} 09:00:00"):
			return make_opportunity(
				transaction_date=day, opportunity_amount=amount, **{**values, **fields}
			).name

	def act(self, name: str, day: str, method: str = "save", *arguments, **fields):
		with self.at(f"{day} 10:00:00"):
			getattr(frappe.get_doc("Opportunity", name).update(fields), method)(*arguments)

	def report(self, day: str = TODAY, **filters) -> dict[str, dict]:
		"""What is told on a day of each row, by its label; the rows add up to their total."""
		filters = {**SPRING, "sales_process": [self.process.name], **filters}
		with self.at(f"{day} 12:00:00"):
			*rows, total = run("Forecast", filters=filters)["result"]
		for field in ("opportunities", *FIELDS):
			self.assertEqual(round(sum(row[field] for row in rows), 2), total[field], field)
		for row in rows:
			self.assertEqual(round(row["won"] + row["weighted"], 2), row["forecast"])
			self.assertEqual(round(row["forecast"] - row["month_ago"], 2), row["change"])
		return {row["label"]: row for row in rows}

	def figures(self, row: dict, *fields: str) -> tuple:
		return tuple(row[field] for field in fields)

	def test_what_is_in_play_by_its_expected_closing(self):
		for closing in ("2026-05-19", TODAY, "2026-05-31", "2026-06-01", "2026-07-01", None):
			self.make("2026-05-10", closing)
		rows = self.report()
		self.assertEqual(list(rows), ["Closing Passed", "May 2026", "Jun 2026", "Without Date"])
		fields = ("opportunities", "weighted", "best_case")
		self.assertEqual(
			[self.figures(row, *fields) for row in rows.values()],
			[(1, 100, 1000), (2, 200, 2000), (1, 100, 1000), (1, 100, 1000)],
		)
		self.assertEqual(
			(str(rows["May 2026"]["first_open_day"]), str(rows["May 2026"]["last_day"])),
			(TODAY, "2026-05-31"),
		)

	def test_what_was_won_counts_where_it_was(self):
		for day in ("2026-03-01", "2026-04-30", "2026-05-01", "2026-05-20"):
			self.act(self.make("2026-02-10", "2026-06-15"), day, "mark_won")
		self.act(
			self.make("2026-02-10", "2026-06-15"), "2026-05-02", "declare_lost", [make_lost_reason().name]
		)
		rows = self.report()
		self.assertEqual(
			[self.figures(row, "won", "previous", "forecast", "opportunities") for row in rows.values()],
			[(0, 0, 0, 0), (2000, 1000, 2000, 0), (0, 1000, 0, 0), (0, 0, 0, 0)],
		)

	def test_the_same_day_a_month_ago(self):
		moved = self.make("2026-04-01", "2026-05-10")
		won = self.make("2026-04-01", "2026-06-10")
		late = self.make("2026-04-01", "2026-04-19")
		self.act(moved, "2026-04-21", expected_closing="2026-06-30")
		self.act(won, "2026-05-05", "mark_won")
		self.act(late, "2026-04-25", "save", opportunity_amount=3000)
		rows = self.report()
		self.assertEqual(
			[self.figures(row, "forecast", "month_ago", "change") for row in rows.values()],
			[(300, 100, 200), (1000, 100, 900), (100, 100, 0), (0, 0, 0)],
		)

	def test_what_was_to_close_before_the_rows_begin_is_beside_what_is_overdue(self):
		for closing in ("2026-04-20", "2026-04-25", "2026-04-30"):
			self.make("2026-04-01", closing)
		for day, expected in ((TODAY, (300, 300, 0)), ("2026-05-31", (300, 300, 0))):
			self.assertEqual(
				self.figures(self.report(day)["Closing Passed"], "forecast", "month_ago", "change"), expected
			)

	def test_what_was_won_by_then_was_known_then(self):
		self.act(self.make("2026-03-01", "2026-05-10"), "2026-05-04", "mark_won")
		self.assertEqual(self.report("2026-06-04")["May 2026"]["month_ago"], 1000)
		self.assertEqual(self.report("2026-06-03")["May 2026"]["month_ago"], 100)

	def test_quarters(self):
		self.make("2026-05-10", "2026-06-30")
		self.act(self.make("2026-02-10"), "2026-03-31", "mark_won")
		rows = self.report(range="Quarterly")
		self.assertEqual(self.figures(rows["Q2 2026"], "weighted", "previous"), (100, 1000))

	def test_hidden_opportunities_are_told_of_nowhere(self):
		self.make("2026-04-10", "2026-06-10")
		self.make("2026-04-10", "2026-06-10", opportunity_owner=None)
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		fields = ("opportunities", "weighted", "month_ago")
		self.assertEqual(self.figures(self.report()["Jun 2026"], *fields), (2, 200, 200))
		frappe.set_user(self.owner)
		self.assertEqual(self.figures(self.report()["Jun 2026"], *fields), (1, 100, 100))

	def test_nothing_at_all(self):
		self.assertEqual({row["forecast"] for row in self.report().values()}, {0})

	def test_bad_filters(self):
		for filters, refusal in (
			({"from_date": "2026-03-02", "to_date": "2026-03-01"}, exceptions.ImpossibleDate),
			({"from_date": "1000-01-01", "to_date": "9998-12-31"}, exceptions.TooManyPeriods),
			({"range": "Yearly"}, frappe.ValidationError),
		):
			with self.subTest(filters=filters), self.assertRefused(refusal):
				run("Forecast", filters=filters)
