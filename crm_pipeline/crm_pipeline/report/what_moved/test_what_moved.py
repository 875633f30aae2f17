"""What moved, with values by hand."""

import frappe
from frappe.desk.query_report import run

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make_exchange_rate,
	make_lost_reason,
	make_opportunity,
	make_process,
	make_user,
)

REPORT = "What Moved"
MARCH = {"from_date": "2026-03-01", "to_date": "2026-03-31"}


class TestWhatMoved(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(10, 40)
		self.owner = make_user("Sales User")
		self.reason = make_lost_reason().name

	def make(self, day: str, **fields):
		"""An opportunity in our process that comes in on a day, of 1,000 unless told otherwise."""
		values = {
			"sales_process": self.process.name,
			"opportunity_owner": self.owner,
			"opportunity_amount": 1000,
		}
		with self.at(f"{day} 09:00:00"):
			return make_opportunity(transaction_date=day, **{**values, **fields}).name

	def act(self, name: str, moment: str, method: str = "save", *arguments, **fields):
		"""Do something with an opportunity at a moment, with these fields changed."""
		with self.at(moment):
			opportunity = frappe.get_doc("Opportunity", name).update(fields)
			getattr(opportunity, method)(*arguments)

	def report(self, **filters) -> dict[str, tuple]:
		"""What is told by movement: opportunities, amount, weighted amount; those in which nothing moved left out."""
		rows = run(REPORT, filters={**MARCH, "sales_process": [self.process.name], **filters})["result"]
		for figure in ("opportunities", "amount", "weighted"):
			*moved, closing = (row[figure] or 0 for row in rows)
			self.assertEqual(round(sum(moved), 2), closing, figure)
		return {
			row["movement"]: (row["opportunities"], row["amount"], row["weighted"])
			for row in rows
			if row["listed"]
		}

	def listed(self, show: str, **filters) -> list[tuple]:
		filters = {**MARCH, "sales_process": [self.process.name], "show": show, **filters}
		return [
			(row["opportunity"], str(row.get("day")), row["amount"])
			for row in run(REPORT, filters=filters)["result"]
		]

	def test_each_movement(self):
		stays, raised, won, lost, back = (self.make("2026-02-10") for _number in range(5))
		self.act(back, "2026-02-20 10:00:00", "declare_lost", [self.reason])
		new = self.make("2026-03-01", opportunity_amount=500)
		self.act(raised, "2026-03-02 10:00:00", opportunity_amount=1250.55)
		self.act(new, "2026-03-03 10:00:00", opportunity_amount=400)
		self.act(won, "2026-03-31 23:59:59", "mark_won")
		self.act(lost, "2026-03-04 10:00:00", "declare_lost", [self.reason])
		self.act(back, "2026-03-05 10:00:00", "reopen")
		self.act(stays, "2026-03-06 10:00:00", sales_stage=self.process.stages[1].sales_stage)
		self.assertEqual(
			self.report(),
			{
				"Opening": (4, 4000, 400),
				"New": (1, 500, 50),
				"Reopened": (1, 1000, 100),
				"Raised": (None, 250.55, 25.06),
				"Lowered": (None, -100, -10),
				"Probability": (None, 0, 300),
				"Won": (-1, -1000, -100),
				"Lost": (-1, -1000, -100),
				"Closing": (4, 3650.55, 665.06),
			},
		)
		self.assertEqual(self.listed("Won"), [(won, "2026-03-31", -1000)])
		self.assertEqual(self.listed("Raised"), [(raised, "2026-03-02", 250.55)])
		self.assertEqual(self.listed("Opening")[0][2], 1000)
		self.assertEqual({name for name, _day, _amount in self.listed("Closing")}, {stays, raised, back, new})

	def test_boundary_days(self):
		self.make("2026-02-28")
		self.make("2026-03-31")
		self.make("2026-04-01")
		self.assertEqual(
			self.report(), {"Opening": (1, 1000, 100), "New": (1, 1000, 100), "Closing": (2, 2000, 200)}
		)

	def test_of_a_day_only_the_last_state_counts(self):
		name = self.make("2026-02-10")
		for hour in (9, 11):
			self.act(name, f"2026-03-05 {hour}:00:00", "declare_lost", [self.reason])
			self.act(name, f"2026-03-05 {hour + 1}:00:00", "reopen")
		self.make("2026-03-06")
		gone = self.make("2026-03-07")
		self.act(gone, "2026-03-07 18:00:00", "mark_won")
		self.assertEqual(
			self.report(), {"Opening": (1, 1000, 100), "New": (1, 1000, 100), "Closing": (2, 2000, 200)}
		)

	def test_what_left_at_another_amount_was_raised_before(self):
		name = self.make("2026-02-10")
		self.act(name, "2026-03-05 10:00:00", opportunity_amount=1500)
		self.act(name, "2026-03-05 11:00:00", "mark_won")
		self.assertEqual(
			self.report(), {"Opening": (1, 1000, 100), "Raised": (None, 500, 50), "Won": (-1, -1500, -150)}
		)

	def test_owners_and_processes_hand_over(self):
		name = self.make("2026-02-10")
		other = make_user("Sales User")
		self.act(name, "2026-03-05 10:00:00", opportunity_owner=other)
		leaving, coming = {"opportunity_owner": [self.owner]}, {"opportunity_owner": [other]}
		self.assertEqual(
			self.report(**leaving), {"Opening": (1, 1000, 100), "Transferred Out": (-1, -1000, -100)}
		)
		self.assertEqual(self.report(**coming), {"Transferred In": (1, 1000, 100), "Closing": (1, 1000, 100)})
		self.assertEqual(self.report(), {"Opening": (1, 1000, 100), "Closing": (1, 1000, 100)})
		elsewhere = make_process(20, 50)
		values = {"sales_process": elsewhere.name, "sales_stage": elsewhere.stages[0].sales_stage}
		self.act(name, "2026-03-10 10:00:00", **values)
		self.assertEqual(self.report(), {"Opening": (1, 1000, 100), "Transferred Out": (-1, -1000, -100)})
		self.assertEqual(self.report(sales_process=[elsewhere.name])["Transferred In"], (1, 1000, 200))

	def test_windows_of_the_expected_closing(self):
		pulled = self.make("2026-02-10", expected_closing="2026-09-01")
		slipped = self.make("2026-02-10", expected_closing="2026-06-30")
		self.make("2026-02-10")
		self.act(pulled, "2026-03-05 10:00:00", expected_closing="2026-04-01")
		self.act(slipped, "2026-03-06 10:00:00", expected_closing="2026-07-01")
		window = {"closing_from": "2026-04-01", "closing_to": "2026-06-30"}
		self.assertEqual(
			self.report(**window),
			{
				"Opening": (1, 1000, 100),
				"Pulled In": (1, 1000, 100),
				"Slipped": (-1, -1000, -100),
				"Closing": (1, 1000, 100),
			},
		)
		self.assertEqual(self.report(), {"Opening": (3, 3000, 300), "Closing": (3, 3000, 300)})

	def test_currencies_and_rates(self):
		frappe.db.set_value("Currency", "NOK", "enabled", 1)
		make_exchange_rate("NOK", "USD", 0.1, "2026-02-01")
		name = self.make("2026-02-10", currency="NOK")
		with self.at("2026-03-05 10:00:00"):
			make_exchange_rate("NOK", "USD", 0.2, "2026-03-05")
		self.act(name, "2026-03-06 10:00:00", opportunity_amount=1500)
		self.assertEqual(
			self.report(),
			{
				"Opening": (1, 100, 10),
				"Raised": (None, 100, 10),
				"Currency": (None, 100, 10),
				"Closing": (1, 300, 30),
			},
		)

	def test_pausing_is_no_movement(self):
		name = self.make("2026-02-10")
		self.act(name, "2026-03-05 10:00:00", "pause", "2026-08-01")
		self.assertEqual(self.report(), {"Opening": (1, 1000, 100), "Closing": (1, 1000, 100)})

	def test_what_was_entered_as_won_never_was_in_play_after_its_day(self):
		self.make("2026-03-10", status="Converted")
		with self.at("2026-03-20 09:00:00"):
			make_opportunity(
				sales_process=self.process.name,
				opportunity_amount=70,
				transaction_date="2026-03-02",
				status="Converted",
				closed_on="2026-03-12",
			)
		self.assertEqual(self.report(), {"New": (1, 70, 7), "Won": (-1, -70, -7)})

	def test_what_is_dated_ahead_is_told_once(self):
		with self.at("2026-03-05 10:00:00"):
			name = make_opportunity(
				sales_process=self.process.name, opportunity_amount=100, transaction_date="2026-03-20"
			).name
		self.act(name, "2026-03-06 10:00:00", opportunity_amount=300)
		self.assertEqual(self.report(), {"New": (1, 300, 30), "Closing": (1, 300, 30)})
		self.act(name, "2026-03-20 10:00:00", opportunity_amount=400)
		self.assertEqual(
			self.report(), {"New": (1, 300, 30), "Raised": (None, 100, 10), "Closing": (1, 400, 40)}
		)

	def test_adjoining_periods_add_up(self):
		name = self.make("2026-02-10")
		self.act(name, "2026-03-15 10:00:00", opportunity_amount=1700)
		self.act(name, "2026-03-16 10:00:00", opportunity_amount=900)
		first = self.report(to_date="2026-03-15")
		second = self.report(from_date="2026-03-16")
		self.assertEqual(first["Closing"], second["Opening"])
		self.assertEqual((first["Raised"][1], second["Lowered"][1]), (700, -800))
		self.assertEqual(self.report()["Lowered"][1], -800)

	def test_a_renamed_stage_and_a_deleted_opportunity(self):
		stays, gone = self.make("2026-02-10"), self.make("2026-02-10")
		frappe.rename_doc("Sales Stage", self.process.stages[0].sales_stage, "Renamed Stage")
		frappe.delete_doc("Opportunity", gone)
		self.assertEqual(self.report(), {"Opening": (1, 1000, 100), "Closing": (1, 1000, 100)})
		self.assertEqual([name for name, _day, _amount in self.listed("Closing")], [stays])

	def test_hidden_opportunities_are_told_of_nowhere(self):
		theirs, hidden = self.make("2026-03-02"), self.make("2026-03-02", opportunity_owner=None)
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		self.assertEqual(self.report()["New"], (2, 2000, 200))
		frappe.set_user(self.owner)
		self.assertEqual(self.report(), {"New": (1, 1000, 100), "Closing": (1, 1000, 100)})
		self.assertEqual([name for name, _day, _amount in self.listed("New")], [theirs])
		self.assertNotIn(hidden, str(self.listed("Closing")))

	def test_nothing_at_all(self):
		self.assertEqual(self.report(), {})
		self.assertEqual(self.listed("Won"), [])
		answer = run(REPORT, {**MARCH, "sales_process": [self.process.name]})
		self.assertEqual([row["movement"] for row in answer["result"]], ["Opening", "Closing"])
		self.assertIn("Nothing was in the pipeline", answer["message"])

	def test_bad_filters(self):
		for filters, refusal in (
			({"from_date": "2026-03-02", "to_date": "2026-03-01"}, exceptions.ImpossibleDate),
			({"closing_from": "2026-02-30"}, exceptions.ImpossibleDate),
			({"closing_from": "2026-03-02", "closing_to": "2026-03-01"}, exceptions.ImpossibleDate),
			({"show": "Everything"}, frappe.ValidationError),
			({"based_on": "Number"}, frappe.ValidationError),
		):
			with self.subTest(filters=filters), self.assertRefused(refusal):
				run(REPORT, filters=filters)

	def test_one_figure_costs_no_more_statements_with_more_opportunities(self):
		self.make("2026-03-02")
		self.report()  # what Frappe reads once and remembers
		few = self.statements(self.report)
		for _number in range(5):
			self.act(self.make("2026-03-03"), "2026-03-04 10:00:00", "mark_won")
		self.assertEqual(self.statements(self.report), few)
