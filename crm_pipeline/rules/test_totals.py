"""Totals of quotations by hand, and what holds for any rows, discounts, charges and currencies."""

import unittest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from crm_pipeline.rules.money import Rate, exact, product
from crm_pipeline.rules.totals import (
	ACTUAL,
	Charge,
	Discount,
	distribute,
	in_base,
	net_rate,
	of_net_total,
	of_rows,
	settle_discount,
)

VAT = Charge(rate=19)
VAT_INCLUDED = Charge(rate=19, included=True)


def freight(amount: float) -> Charge:
	return Charge(ACTUAL, amount=amount)


# Decimals, amounts, discount, charges; net amounts, charge amounts, net total, grand total. Worked out with paper.
BY_HAND = [
	# EUR: 100 less nothing, 19 % on top.
	(2, [100], 0, [VAT], [100], [19], 100, 119),
	# EUR: prices with tax. 119 / 1.19 = 100.
	(2, [119], 0, [VAT_INCLUDED], [100], [19], 100, 119),
	# EUR: 10 off three equal rows of 33.33: 3.333… each, the cent goes to the first.
	(2, [33.33, 33.33, 33.33], 10, [], [29.99, 30, 30], [], 89.99, 89.99),
	# EUR: 100 / 1.19 = 84.0336…: 84.03 and 15.97; halves 42.0168…: 42.02 and 42.01.
	(2, [50, 50], 0, [VAT_INCLUDED], [42.02, 42.01], [15.97], 84.03, 100),
	# EUR: two included taxes share 100 - 100 / 1.12 = 10.71 as 7 to 5: 6.2475 and 4.4625.
	(
		2,
		[100],
		0,
		[Charge(rate=7, included=True), Charge(rate=5, included=True)],
		[89.29],
		[6.25, 4.46],
		89.29,
		100,
	),
	# EUR: 5 % on 80.50 = 4.025, half a cent up; freight as typed.
	(2, [80.5], 0, [Charge(rate=5), freight(12.3)], [80.5], [4.03, 12.3], 80.5, 96.83),
	# EUR: discount first, then the tax is taken out: (119 - 19) / 1.19 = 84.03.
	(2, [119], 19, [VAT_INCLUDED, freight(5)], [84.03], [15.97, 5], 84.03, 105),
	# JPY: 10 % consumption tax of 333 + 333 + 334 = 1000; 33.3 and 33.4 make no row of their own.
	(0, [333, 333, 334], 0, [Charge(rate=10)], [333, 333, 334], [100], 1000, 1100),
	# JPY: 1000 with 8 % included: 925.925… = 926; 308.3…, 308.3…, 309.2…: all remainders below, one yen to the largest.
	(0, [333, 333, 334], 0, [Charge(rate=8, included=True)], [309, 308, 309], [74], 926, 1000),
	# JPY: 100 off 548,141 and 1: 99.99… and 0.0001…
	(0, [548141, 1], 100, [], [548041, 1], [], 548042, 548042),
	# KWD: 3.703701 rounds before it comes here; 5 % = 0.1852 = 0.185.
	(3, [3.704], 0, [Charge(rate=5)], [3.704], [0.185], 3.704, 3.889),
	# KWD: 1.000 off 10.001 and 20.002, a third and two: 0.333 and 0.667.
	(3, [10.001, 20.002], 1, [], [9.668, 19.335], [], 29.003, 29.003),
	# All given away: no net total, the freight remains.
	(2, [10, 20], 30, [VAT, VAT_INCLUDED, freight(3)], [0, 0], [0, 0, 3], 0, 3),
	# A row that is free of charge takes part in nothing.
	(2, [0, 10], 1, [VAT], [0, 9], [1.71], 9, 10.71),
]

amounts = st.lists(st.integers(0, 10**9), min_size=1, max_size=12)
rates = st.decimals(0, 99, places=3).map(float)
charge_lists = st.lists(
	st.one_of(
		st.builds(Charge, rate=rates, included=st.booleans()),
		st.builds(freight, st.integers(0, 10**6).map(float)),
	),
	max_size=4,
)


@st.composite
def documents(draw):
	places = draw(st.sampled_from((0, 2, 3)))
	units = draw(amounts)
	discount = draw(st.integers(0, sum(units)))
	money = [float(Decimal(each).scaleb(-places)) for each in (*units, discount)]
	return money[:-1], money[-1], draw(charge_lists), places


def total_of(values) -> Decimal:
	return sum(map(exact, values), Decimal())


class TestByHand(unittest.TestCase):
	def test_the_table(self):
		for places, given_amounts, discount, charges, net, charged, net_total, grand_total in BY_HAND:
			with self.subTest(amounts=given_amounts, discount=discount, charges=charges):
				totals = of_rows(given_amounts, discount, charges, places)
				self.assertEqual(totals.net_amounts, net)
				self.assertEqual(totals.charge_amounts, charged)
				self.assertEqual((totals.net_total, totals.grand_total), (net_total, grand_total))

	def test_running_totals(self):
		totals = of_rows([100], 0, [VAT, freight(5)], 2)
		self.assertEqual((totals.running_totals, totals.total_charges), ([119, 124], 24))

	def test_without_rows_taxes_come_on_top(self):
		totals = of_net_total(100, [VAT_INCLUDED, freight(1)], 2)
		self.assertEqual((totals.net_total, totals.charge_amounts, totals.grand_total), (100, [19, 1], 120))

	def test_base_currency(self):
		base = in_base(of_rows([33.33, 33.33, 33.33], 10, [VAT], 2), Rate(1.087), 2)
		self.assertEqual(base.net_amounts, [32.6, 32.61, 32.61])
		self.assertEqual((base.net_total, base.charge_amounts), (97.82, [18.59]))
		self.assertEqual((base.grand_total, base.discount_amount), (116.41, 10.87))

	def test_base_currency_without_rows(self):
		base = in_base(of_net_total(100, [VAT], 2), Rate(0, divisor=0.8), 0)
		self.assertEqual((base.net_total, base.total_charges, base.grand_total), (125, 24, 149))

	def test_net_rate(self):
		self.assertEqual((net_rate(10, 3, 2), net_rate(10, 3, 0), net_rate(10, 0, 2)), (3.33, 3, 0))


class TestDistribution(unittest.TestCase):
	def test_ties_go_to_the_earlier_row(self):
		self.assertEqual(distribute(2, [1, 1, 1, 1]), [1, 1, 0, 0])

	def test_the_largest_remainder_comes_first(self):
		self.assertEqual(distribute(10, [1, 6, 3, 4]), [1, 4, 2, 3])

	def test_nothing_on_nothing(self):
		self.assertEqual(distribute(0, [0, 0]), [0, 0])

	def test_something_on_nothing(self):
		with self.assertRaises(ValueError):
			distribute(1, [0, 0])

	@given(st.integers(0, 10**12), amounts.map(lambda units: [1, *units]))
	def test_whole_near_and_never_more_than_there_is(self, units, weights):
		shares, whole = distribute(units, weights), sum(weights)
		self.assertEqual(sum(shares), units)
		for share, weight in zip(shares, weights, strict=True):
			self.assertLess(abs(share * whole - units * weight), whole)
			if units <= whole:
				self.assertTrue(0 <= share <= weight)


class TestAnyDocument(unittest.TestCase):
	@given(documents())
	def test_heads_are_the_sums_of_their_rows(self, document):
		given_amounts, discount, charges, places = document
		totals = of_rows(given_amounts, discount, charges, places)
		self.assertEqual(total_of(totals.amounts), exact(totals.total))
		self.assertEqual(total_of(totals.net_amounts), exact(totals.net_total))
		self.assertEqual(total_of(totals.charge_amounts), exact(totals.total_charges))
		self.assertEqual(exact(totals.grand_total), total_of((totals.net_total, totals.total_charges)))
		self.assertEqual(totals.running_totals[-1:], [totals.grand_total] if charges else [])

	@given(documents())
	def test_the_customer_pays_the_rows_less_the_discount_and_what_is_on_top(self, document):
		given_amounts, discount, charges, places = document
		totals = of_rows(given_amounts, discount, charges, places)
		on_top = total_of(
			amount
			for charge, amount in zip(charges, totals.charge_amounts, strict=True)
			if not charge.included
		)
		self.assertEqual(exact(totals.grand_total), total_of(given_amounts) - exact(discount) + on_top)

	@given(documents())
	def test_each_row_and_tax_is_within_a_unit_of_the_exact_one(self, document):
		given_amounts, discount, charges, places = document
		totals = of_rows(given_amounts, discount, charges, places)
		unit = Decimal(1).scaleb(-places)
		share = exact(totals.net_total) / exact(totals.total) if totals.total else Decimal()
		for amount, net in zip(given_amounts, totals.net_amounts, strict=True):
			self.assertTrue(0 <= net <= amount)
			self.assertLess(abs(exact(net) - exact(amount) * share), 2 * unit)
		for charge, amount in zip(charges, totals.charge_amounts, strict=True):
			if charge.charge_type != ACTUAL:
				tax = exact(totals.net_total) * exact(charge.rate) / 100
				self.assertLess(abs(exact(amount) - tax), 2 * unit)

	@given(documents(), st.decimals("0.001", 1000, places=6).map(float), st.sampled_from((0, 2, 3)))
	def test_base_amounts(self, document, rate, base_places):
		given_amounts, discount, charges, places = document
		totals = of_rows(given_amounts, discount, charges, places)
		base = in_base(totals, Rate(rate), base_places)
		self.assertEqual(base.net_amounts, [product(each, rate, base_places) for each in totals.net_amounts])
		self.assertEqual(total_of(base.net_amounts), exact(base.net_total))
		self.assertEqual(total_of(base.charge_amounts), exact(base.total_charges))
		self.assertEqual(exact(base.grand_total), total_of((base.net_total, base.total_charges)))
		half, rows = Decimal("0.5").scaleb(-base_places), len(given_amounts)
		self.assertLessEqual(abs(exact(base.net_total) - exact(totals.net_total) * exact(rate)), half * rows)

	@given(documents())
	def test_nothing_taken_off_leaves_the_rows_alone(self, document):
		given_amounts, _discount, charges, places = document
		on_top = [charge._replace(included=False) for charge in charges]
		self.assertEqual(of_rows(given_amounts, 0, on_top, places).net_amounts, given_amounts)


class TestDiscount(unittest.TestCase):
	def settled(self, sent, stored=None):
		return settle_discount(Discount(*sent), Discount(*stored) if stored else None, 99.99, 2)

	def test_a_percentage_decides(self):
		self.assertEqual(self.settled((10, 0)), (10, 10))
		self.assertEqual(self.settled((10, 3)), (10, 10))

	def test_an_amount_alone_stays(self):
		self.assertEqual(self.settled((0, 3)), (0, 3))

	def test_the_percentage_of_a_total_that_has_changed(self):
		for sent in (5, 10):  # as stored, and as the form has computed it meanwhile
			self.assertEqual(self.settled((10, sent), (10, 5)), (10, 10))

	def test_an_amount_typed_over_a_percentage(self):
		self.assertEqual(self.settled((10, 7), (10, 5)), (0, 7))

	def test_an_amount_stays_without_its_percentage(self):
		for amount in (0, 5, 7):
			self.assertEqual(self.settled((0, amount), (10, 5)), (0, amount))
