"""Prices from costs, margins and choices among offers, against tables computed by hand and for any numbers."""

from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from crm_pipeline.rules import margin, money
from crm_pipeline.rules.margin import Offer

PLACES = st.sampled_from((0, 2, 3))
COSTS = st.decimals(min_value="0.001", max_value=10**6, places=3)
PERCENTAGES = st.integers(0, 9900).map(lambda each: each / 100)
QUANTITIES = st.integers(1, 10**4).map(lambda each: each / 10)
RATES = st.one_of(
	st.integers(1, 10**6).map(lambda each: money.Rate(each / 1000)),
	st.integers(1, 10**6).map(lambda each: money.Rate(0, divisor=each / 1000)),
)


class TestPrices(TestCase):
	def test_percent_of_the_price(self):
		for cost, percentage, places, rate in (
			("75", 25, 2, 100),
			("80", 20, 2, 100),
			("80", 0, 2, 80),
			("10", 33.3, 2, 15),  # 10 / 0.667 = 14.9925...
			("10", 33.4, 2, 15.02),  # 10 / 0.666 = 15.0150...
			("1000", 30, 0, 1429),  # 1428.57...
			("999", 10, 0, 1110),
			("0.4", 12.5, 3, 0.458),  # 0.45714...
			("1.05", 16, 3, 1.25),
			("0", 50, 2, 0),
		):
			with self.subTest(cost=cost, percentage=percentage, places=places):
				self.assertEqual(margin.rate_at_percentage(Decimal(cost), percentage, 1, places), rate)

	def test_a_minor_unit_that_is_large_beside_the_price(self):
		"""The fewest decimals that leave at most one percentage point more, of amounts in whole minor units."""
		for cost, percentage, qty, places, rate in (
			("0.004", 20, 10000, 2, 0.005),
			("0.004", 20, 1, 2, 0.01),  # one piece cannot cost less
			("0.004", 20, 3, 2, 0.0067),  # 0.02 / 3
			("0.0033", 20, 1000, 2, 0.00413),  # 4.125, so 4.13; 0.0042 would leave 21.4 %
			("0.1", 12, 10000, 2, 0.114),  # 0.12 would leave 16.7 %
			("0.1", 16, 10000, 2, 0.12),  # 16.7 %
			("3", 10, 10000, 0, 3.34),  # 3.333...; 3.4 would leave 11.8 %
			("3", 10, 1, 0, 4),
			("300", 10, 10000, 0, 334),
			("0.0004", 20, 1000, 3, 0.0005),
			("0.0004", 20, 1, 3, 0.001),
			("0.004", 20, 0.5, 2, 0.01),  # half a cent for half a piece, as before
		):
			with self.subTest(cost=cost, percentage=percentage, qty=qty, places=places):
				self.assertEqual(margin.rate_at_percentage(Decimal(cost), percentage, qty, places), rate)

	def test_a_small_amount_for_many_units(self):
		for cost, amount, qty, places, rate in (
			("0.004", "10", 10000, 2, 0.005),
			("3", "3000", 10000, 0, 3.3),
			("0.0004", "0.1", 1000, 3, 0.0005),
		):
			with self.subTest(cost=cost, amount=amount, qty=qty):
				self.assertEqual(margin.rate_with_amount(Decimal(cost), Decimal(amount), qty, places), rate)

	def test_an_amount_for_all_units(self):
		for cost, amount, qty, places, rate in (
			("80", "40", 2, 2, 100),
			("80", "10", 3, 2, 83.34),  # 83.333...
			("100", "1000", 7, 0, 243),  # 242.857...
			("0.25", "1", 3, 3, 0.584),  # 0.58333...
			("5", "0", 9, 2, 5),
		):
			with self.subTest(cost=cost, amount=amount, qty=qty):
				self.assertEqual(margin.rate_with_amount(Decimal(cost), Decimal(amount), qty, places), rate)

	def test_through_the_base_currency(self):
		euro, yen, dinar = money.Rate(1.25), money.Rate(0, divisor=160), money.Rate(3.2)
		for amount, source, target, expected in (
			(100, euro, money.Rate(1), "125"),
			(16000, yen, euro, "80"),
			(80, euro, yen, "16000"),
			(64, euro, dinar, "25"),
		):
			self.assertEqual(margin.in_other_currency(amount, source, target), Decimal(expected))

	def test_a_third_there_and_back_gains_no_cent(self):
		third = money.Rate(0, divisor=3)
		cost = margin.in_other_currency(1, third, third)
		self.assertEqual(margin.rate_at_percentage(cost, 0, 1, 2), 1)

	def test_percentages_that_no_price_has(self):
		possible = {each: margin.is_possible_percentage(each) for each in (-0.01, 0, 99.99, 100, 120)}
		self.assertEqual(possible, {-0.01: False, 0: True, 99.99: True, 100: False, 120: False})

	def test_an_amount_is_spread_by_cost(self):
		self.assertEqual(margin.spread(30, [Decimal(10), Decimal(20)]), [Decimal(10), Decimal(20)])
		self.assertEqual(margin.spread(30, [Decimal(0), Decimal(0)]), [Decimal(15), Decimal(15)])


class TestMargins(TestCase):
	def test_of_a_price(self):
		for net, cost, percentage in (
			(100, 75, 25),
			(100, 125, -25),
			(1429, 1000, 30.021),
			(0.458, 0.4, 12.664),
			(3, 2, 33.333),
			(0, 5, 0),
			(5, 0, 100),
		):
			with self.subTest(net=net, cost=cost):
				self.assertEqual(margin.margin_percentage(net, cost), percentage)

	def test_the_floor_lets_rounding_pass(self):
		for net, cost, floor, places, rows, below in (
			(100, 80, 20, 2, 1, False),
			(100, 80.01, 20, 2, 1, False),  # what rounding of one row makes
			(100, 80.02, 20, 2, 1, True),
			(100, 80.02, 20, 2, 2, False),
			(100, 81, 20, 0, 1, False),
			(100, 82, 20, 0, 1, True),
			(100, 80.002, 20, 3, 1, True),
			(100, 120, 0, 2, 1, False),  # no floor
			(0, 80, 20, 2, 1, True),
		):
			with self.subTest(net=net, cost=cost, places=places, rows=rows):
				self.assertEqual(margin.is_below_floor(net, cost, floor, places, rows), below)

	def test_moved_rates(self):
		for then, now, tolerance, moved in (
			(1.00, 1.05, 5, False),
			(1.00, 1.0501, 5, True),
			(1.00, 0.95, 5, False),
			(1.00, 0.9499, 5, True),
			(1.00, 2.00, 0, False),
			(0, 2.00, 5, False),
		):
			with self.subTest(now=now, tolerance=tolerance):
				self.assertEqual(margin.has_moved(then, now, tolerance), moved)


class TestChoices(TestCase):
	def test_cheapest_then_faster_then_by_name(self):
		a, b = Offer("a", 10, 7), Offer("b", 10, 5)
		self.assertEqual(margin.cheapest([a, b], 1), b)
		self.assertEqual(margin.cheapest([a, b, Offer("c", 9.99, 30)], 1).name, "c")
		self.assertEqual(margin.cheapest([b._replace(name="z"), b], 1), b)

	def test_fastest_then_cheaper_then_by_name(self):
		a, b = Offer("a", 12, 5), Offer("b", 10, 5)
		self.assertEqual(margin.fastest([a, b], 1), b)
		self.assertEqual(margin.fastest([a, b, Offer("c", 99, 4)], 1).name, "c")
		self.assertEqual(margin.fastest([a._replace(name="z"), a], 1), a)

	def test_no_lead_time_is_the_slowest(self):
		self.assertEqual(margin.fastest([Offer("a", 1), Offer("b", 9, 90)], 1).name, "b")
		self.assertEqual(margin.cheapest([Offer("a", 1), Offer("b", 1, 90)], 1).name, "b")

	def test_what_cannot_be_chosen(self):
		missing, large = Offer("a", 0, 1), Offer("b", 1, 1, minimum_qty=10)
		gone = Offer("c", 1, 1, stands=False)
		for choose in (margin.cheapest, margin.fastest):
			self.assertIsNone(choose([missing, large, gone], 9.99))
			self.assertEqual(choose([missing, large, gone], 10), large)
			self.assertIsNone(choose([], 1))


class TestAnyNumbers(TestCase):
	@given(COSTS, QUANTITIES, PERCENTAGES, PLACES)
	def test_the_margin_asked_for_is_reached_by_less_than_a_minor_unit(self, cost, qty, percentage, places):
		rate = Decimal(repr(margin.rate_at_percentage(cost, percentage, qty, places)))
		exact = cost * 100 / (100 - Decimal(repr(percentage)))
		nine_digits = Decimal("1e-9")
		self.assertGreaterEqual(rate, exact - nine_digits)
		self.assertLess(rate, exact + Decimal(1).scaleb(-places))

	@given(COSTS, QUANTITIES, PERCENTAGES, PLACES)
	def test_a_price_at_the_floor_is_not_below_it(self, cost, qty, percentage, places):
		rate = margin.rate_at_percentage(cost, percentage, qty, places)
		net = money.product(qty, rate, places)
		whole = money.product(qty, float(cost), places)
		self.assertFalse(margin.is_below_floor(net, whole, percentage, places))

	@given(st.lists(COSTS, min_size=1, max_size=20), st.integers(0, 10**6), PLACES, QUANTITIES)
	def test_an_amount_over_all_rows_is_reached(self, costs, amount, places, qty):
		shares = margin.spread(amount, [cost * Decimal(repr(qty)) for cost in costs])
		rates = [
			margin.rate_with_amount(cost, share, qty, places)
			for cost, share in zip(costs, shares, strict=True)
		]
		gained = sum(
			(Decimal(repr(rate)) - cost) * Decimal(repr(qty)) for rate, cost in zip(rates, costs, strict=True)
		)
		self.assertGreaterEqual(gained, amount - Decimal("1e-4"))

	@given(COSTS, RATES, RATES)
	def test_there_and_back_is_the_same(self, cost, source, target):
		there = margin.in_other_currency(float(cost), source, target)
		back = margin.in_other_currency(float(there), target, source)
		self.assertAlmostEqual(float(back), float(cost), delta=float(cost) * 1e-9)

	@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), max_size=8))
	def test_choices_depend_on_no_order(self, values):
		offers = [Offer(str(index), *each) for index, each in enumerate(values)]
		for choose in (margin.cheapest, margin.fastest):
			self.assertEqual(choose(offers, 2), choose(offers[::-1], 2))
