"""Rates as they were recorded: with a factor, or with what to divide by."""

from datetime import date
from decimal import Decimal
from unittest import TestCase

from crm_pipeline.rules.money import Quote, Rate, effective_rate, is_usable_rate


class TestRate(TestCase):
	def test_a_factor_multiplies(self):
		rate = Rate(1.25)
		self.assertEqual((float(rate), rate.divisor, rate.exact), (1.25, 0, Decimal("1.25")))
		self.assertEqual([rate.of(amount, 2) for amount in (80, 7, -7, 0, None)], [100, 8.75, -8.75, 0, 0])
		self.assertEqual(rate.of(7, 0), 9)

	def test_a_divisor_divides_with_all_its_digits(self):
		rate = Rate(0, divisor=3)
		self.assertEqual((float(rate), rate.divisor), (0.333333333, 3))
		self.assertEqual(rate.exact, Decimal(1) / Decimal(3))
		self.assertEqual(
			[rate.of(amount, 2) for amount in (100, -100, 7, 0, None)], [33.33, -33.33, 2.33, 0, 0]
		)
		self.assertEqual(Rate(0, divisor=1_070_000).of(535_000_000_000, 2), 500_000)
		self.assertEqual(Rate(0, 0.5).of(3, 2), 6)

	def test_stored_with_both_it_divides_and_shows_the_factor(self):
		rate = Rate(9.35e-7, 1_070_000)
		self.assertEqual((float(rate), rate.of(535_000_000_000, 2)), (9.35e-7, 500_000))

	def test_none_is_0(self):
		for rate in (Rate(0), Rate(0, None), Rate(0, 0)):
			self.assertEqual((float(rate), rate.divisor, rate.exact, rate.of(5, 2)), (0, 0, 0, 0))

	def test_in_force_it_keeps_which_way_round_it_was_recorded(self):
		day = date(2026, 3, 1)
		direct = effective_rate([Quote(day, "EUR", "USD", 1.25)], "EUR", "USD", day)
		inverse = effective_rate([Quote(day, "USD", "EUR", 0.8)], "EUR", "USD", day)
		self.assertEqual(
			[(float(each), each.divisor) for each in (direct, inverse)], [(1.25, 0), (1.25, 0.8)]
		)


class TestUsableRates(TestCase):
	def test_above_0_either_way_round_with_nine_decimals(self):
		for rate, usable in (
			(1, True),
			(5, True),
			(0.2, True),
			(1e9, True),
			(2e9, True),
			(2.1e9, False),
			(1e-9, True),
			(5e-10, True),
			(4e-10, False),
			(0, False),
			(-1, False),
			(-0.5, False),
		):
			with self.subTest(rate=rate):
				self.assertIs(is_usable_rate(rate), usable)
