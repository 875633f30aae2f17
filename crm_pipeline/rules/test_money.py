"""Arithmetic of amounts: decimals, rounding, sums and rates."""

from datetime import date
from unittest import TestCase

from crm_pipeline.rules import money
from crm_pipeline.rules.money import Quote


def day(number: int) -> date:
	return date(2026, 1, number)


class TestDecimals(TestCase):
	def test_those_of_iso_4217(self):
		by_places = {
			0: ("ISK", "JPY", "UGX", "XPF"),
			2: ("EUR", "USD", "IRR"),
			3: ("KWD", "TND"),
			4: ("CLF", "UYW"),
		}
		for places, codes in by_places.items():
			self.assertEqual({money.decimals(code) for code in codes}, {places})

	def test_a_currency_may_say_otherwise(self):
		self.assertEqual(money.decimals("JPY", 2), 2)
		self.assertEqual(money.decimals("EUR", 0), 0)

	def test_the_largest_amount_has_twelve_digits(self):
		self.assertEqual(money.LARGEST_AMOUNT, 10**12 - 1)


class TestRounding(TestCase):
	def test_half_away_from_zero_by_what_is_written(self):
		for value, places, rounded in (
			(2.675, 2, 2.68),
			(1.005, 2, 1.01),
			(-1.005, 2, -1.01),
			(0.5, 0, 1),
			(1.5, 0, 2),
			(-2.5, 0, -3),
			(1.0049, 2, 1),
			(12345.6785, 3, 12345.679),
			(None, 2, 0),
			(0, 0, 0),
			(7, 2, 7),
		):
			with self.subTest(value=value, places=places):
				answer = money.round_to(value, places)
				self.assertEqual((answer, type(answer)), (rounded, float))

	def test_products(self):
		for value, factor, places, expected in (
			(3, 33.335, 2, 100.01),
			(3, 33.335, 0, 100),
			(1.1, 1.1, 3, 1.21),
			(0.1, 3, 2, 0.3),
			(None, 5, 2, 0),
			(5, None, 2, 0),
		):
			with self.subTest(value=value, factor=factor):
				self.assertEqual(money.product(value, factor, places), expected)

	def test_sums_have_no_binary_artefacts(self):
		self.assertEqual(money.total([0.1] * 10, 2), 1)
		self.assertEqual(money.total([1.25, None, 2.5], 1), 3.8)
		self.assertEqual(money.total([], 2), 0)
		self.assertEqual(money.total(iter([5]), 0), 5)

	def test_weighted_by_percent(self):
		self.assertEqual(money.weighted(1000, 33, 2), 330)
		self.assertEqual(money.weighted(99.99, 12.5, 2), 12.5)
		self.assertEqual(money.weighted(1000, None, 2), 0)
		self.assertEqual(money.weighted(None, 50, 2), 0)


class TestEffectiveRate(TestCase):
	def rate(self, *quotes: tuple, source="EUR", target="USD", on=10):
		return money.effective_rate([Quote(*quote) for quote in quotes], source, target, day(on))

	def test_a_currency_is_worth_itself(self):
		self.assertEqual(self.rate((day(1), "EUR", "EUR", 7), target="EUR"), 1)

	def test_the_newest_until_the_day_counts(self):
		quotes = ((day(1), "EUR", "USD", 1.1), (day(10), "EUR", "USD", 1.2), (day(11), "EUR", "USD", 1.3))
		self.assertEqual(self.rate(*quotes), 1.2)
		self.assertEqual(self.rate(*reversed(quotes)), 1.2)
		self.assertEqual(self.rate(*quotes, on=9), 1.1)

	def test_whatever_the_order_of_the_codes(self):
		quotes = ((day(1), "USD", "EUR", 0.8), (day(2), "GBP", "EUR", 1.2))
		self.assertEqual(self.rate(*quotes, source="USD", target="EUR"), 0.8)
		self.assertEqual(self.rate(*quotes, source="EUR", target="USD"), 1.25)
		self.assertIsNone(self.rate(*quotes, source="USD", target="GBP"))

	def test_recorded_the_other_way_round(self):
		self.assertEqual(self.rate((day(1), "USD", "EUR", 0.8)), 1.25)
		self.assertEqual(self.rate((day(1), "USD", "EUR", 3)), 0.333333333)
		self.assertEqual(self.rate((day(1), "USD", "EUR", 7)), 0.142857143)
		self.assertEqual(self.rate((day(1), "EUR", "USD", 0.8), source="USD", target="EUR"), 1.25)

	def test_on_one_day_the_direct_one_counts_whatever_its_size(self):
		for direct in (0.5, 5):
			quotes = ((day(3), "USD", "EUR", 0.8), (day(3), "EUR", "USD", direct))
			self.assertEqual(self.rate(*quotes), direct)
			self.assertEqual(self.rate(*reversed(quotes)), direct)

	def test_a_newer_one_the_other_way_round_beats_an_older_direct_one(self):
		self.assertEqual(self.rate((day(2), "EUR", "USD", 1.1), (day(3), "USD", "EUR", 0.8)), 1.25)

	def test_there_is_none_through_a_third_currency_nor_from_the_future(self):
		self.assertIsNone(self.rate((day(1), "EUR", "GBP", 0.8), (day(1), "GBP", "USD", 1.3)))
		self.assertIsNone(self.rate((day(1), "EUR", "EUR", 1.3)))
		self.assertIsNone(self.rate((day(11), "EUR", "USD", 1.3)))
		self.assertIsNone(self.rate())
