"""The pure rules, which need no site."""

import subprocess
import sys
import unittest
from datetime import date, datetime
from pathlib import Path

from crm_pipeline.rules import money, response, stages, status
from crm_pipeline.rules.stages import Stage


class TestStatusRules(unittest.TestCase):
	def test_precedence_of_derived_status(self):
		for own, quotations, expected in (
			("Open", [], "Open"),
			("Replied", [], "Replied"),
			("Replied", ["Open"], "Quotation"),
			("Open", ["Expired"], "Open"),
			("Replied", ["Open", "Lost"], "Quotation"),
			("Open", ["Lost", "Lost"], "Lost"),
			("Open", ["Lost", "Expired"], "Lost"),
			("Open", ["Ordered", "Lost"], "Converted"),
			("Paused", ["Open"], "Paused"),
			("Paused", ["Ordered"], "Converted"),
			("Lost", [], "Lost"),
			("Lost", ["Open"], "Quotation"),
			("Closed", ["Ordered"], "Closed"),
			("Converted", ["Open"], "Converted"),
		):
			with self.subTest(own=own, quotations=quotations):
				self.assertEqual(status.derive(own, quotations), expected)

	def test_quotation_can_never_be_asked_for(self):
		asked_for = {new for _old, new in status.TRANSITIONS}
		self.assertNotIn(status.QUOTATION, asked_for)

	def test_converted_is_never_set_by_hand(self):
		for old in status.IN_PLAY | status.ENDED:
			self.assertFalse(status.may_change(old, status.CONVERTED, status.BY_HAND))

	def test_every_ended_status_can_be_reopened_and_nothing_else(self):
		for ended in status.ENDED:
			self.assertEqual({new for old, new in status.TRANSITIONS if old == ended}, {status.OPEN})

	def test_mail_reopens_nothing_that_somebody_ended(self):
		for ended in status.ENDED:
			self.assertFalse(status.may_change(ended, status.OPEN, status.BY_MAIL))


class TestStageRules(unittest.TestCase):
	process = (
		Stage("Hint", "Open", 10),
		Stage("Talk", "Open", 40),
		Stage("Yes", "Won", 100),
		Stage("No", "Lost", 0),
	)

	def test_the_way_leads_over_open_stages_to_won(self):
		steps = {
			name: stages.neighbour(list(self.process), name, +1) for name in ("Hint", "Talk", "Yes", "No")
		}
		self.assertEqual([step and step.name for step in steps.values()], ["Talk", "Yes", None, None])

	def test_there_is_nothing_before_the_first_stage(self):
		self.assertIsNone(stages.neighbour(list(self.process), "Hint", -1))

	def test_probability_follows_the_stage_while_untouched(self):
		hint, talk, won, lost = self.process
		self.assertEqual(stages.probability_after(10, hint, talk), 40)
		self.assertEqual(stages.probability_after(33, hint, talk), 33)
		self.assertEqual(stages.probability_after(None, None, hint), 10)
		self.assertEqual(stages.probability_after(0, None, hint), 0)
		self.assertEqual(stages.probability_after(33, talk, won), 100)
		self.assertEqual(stages.probability_after(33, talk, lost), 0)


class TestMoneyRules(unittest.TestCase):
	def test_decimals_follow_iso_4217_unless_overridden(self):
		self.assertEqual([money.decimals(code) for code in ("USD", "JPY", "KWD", "CLF")], [2, 0, 3, 4])
		self.assertEqual(money.decimals("HUF", 0), 0)

	def test_halves_are_rounded_away_from_zero(self):
		self.assertEqual(money.round_to(2.675, 2), 2.68)
		self.assertEqual(money.round_to(0.5, 0), 1)
		self.assertEqual(money.round_to(-2.5, 0), -3)

	def test_no_binary_artefacts_in_sums(self):
		self.assertEqual(money.total([0.1] * 10, 2), 1.0)

	def test_row_amounts_have_the_currency_s_decimals(self):
		self.assertEqual(money.product(3, 33.335, 2), 100.01)
		self.assertEqual(money.product(3, 33.335, 0), 100)
		self.assertEqual(money.weighted(1000, 33, 2), 330)

	def test_the_newest_quote_counts_either_way_round_and_none_from_the_future(self):
		quotes = [
			money.Quote(date(2026, 1, 1), "EUR", "USD", 1.09),
			money.Quote(date(2026, 2, 1), "USD", "EUR", 0.8),
			money.Quote(date(2026, 3, 1), "EUR", "USD", 1.15),
		]
		self.assertEqual(money.effective_rate(quotes, "EUR", "USD", date(2026, 1, 15)), 1.09)
		self.assertEqual(money.effective_rate(quotes, "EUR", "USD", date(2026, 2, 15)), 1.25)
		self.assertEqual(money.effective_rate(quotes, "EUR", "USD", date(2026, 3, 1)), 1.15)
		self.assertEqual(money.effective_rate([], "USD", "USD", date(2026, 3, 1)), 1)

	def test_no_rate_is_none_and_never_a_guess(self):
		quotes = [
			money.Quote(date(2026, 1, 1), "EUR", "USD", 1.09),
			money.Quote(date(2026, 1, 1), "GBP", "USD", 1.3),
		]
		self.assertIsNone(money.effective_rate(quotes, "EUR", "GBP", date(2026, 2, 1)))
		self.assertIsNone(money.effective_rate(quotes, "EUR", "USD", date(2025, 12, 31)))


class TestResponseRules(unittest.TestCase):
	def test_minutes_have_two_decimals_and_are_never_negative(self):
		start = datetime(2026, 1, 1, 9, 0)
		self.assertEqual(response.minutes_between(start, datetime(2026, 1, 1, 10, 30, 20)), 90.33)
		self.assertEqual(response.minutes_between(start, datetime(2026, 1, 1, 8, 0)), 0)

	def test_waiting_for(self):
		early, late = datetime(2026, 1, 1), datetime(2026, 1, 2)
		self.assertEqual(response.waiting_for(None, None), "Nobody")
		self.assertEqual(response.waiting_for(late, early), "Them")
		self.assertEqual(response.waiting_for(early, late), "Us")
		self.assertEqual(response.waiting_for(early, None), "Them")
		self.assertEqual(response.waiting_for(None, late), "Us")


class TestPurity(unittest.TestCase):
	def test_rules_import_no_frappe(self):
		modules = [
			path.stem
			for path in Path(money.__file__).parent.glob("*.py")
			if not path.stem.startswith(("__", "test_"))
		]
		imports = "; ".join(f"import crm_pipeline.rules.{module}" for module in modules)
		code = f"import sys; {imports}; sys.exit('frappe' in sys.modules)"
		root = str(Path(money.__file__).parents[2])
		self.assertEqual(subprocess.run([sys.executable, "-c", code], cwd=root).returncode, 0)
