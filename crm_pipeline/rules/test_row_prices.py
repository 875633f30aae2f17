import unittest

from hypothesis import given
from hypothesis import strategies as st

from crm_pipeline.rules.money import exact
from crm_pipeline.rules.row_prices import RowPrice, settle

PLAIN, TENTH, TEN_OFF = (100, 0, 0, 100), (100, 10, 10, 90), (100, 0, 10, 90)
# Sent as list price, percentage, discount, rate; then what it comes to.
NEW = [
	((None, None, None, 80), (80, 0, 0, 80)),
	((0, 0, 0, 80), (80, 0, 0, 80)),
	((100, None, None, None), PLAIN),
	((100, 10, None, None), TENTH),
	((100, 10, 3, 97), TENTH),
	((100, None, 10, None), TEN_OFF),
	((100, None, None, 90), TEN_OFF),
	((100, None, None, 120), (120, 0, 0, 120)),
	((None, 10, None, 100), TENTH),
	((None, None, None, None), (0, 0, 0, 0)),
	((100, 100, None, None), (100, 100, 100, 0)),
	((0.0125, 10, None, None), (0.0125, 10, 0.0013, 0.0112)),
]
# As stored, as sent, then what it comes to.
CHANGED = [
	(PLAIN, PLAIN, PLAIN),
	(PLAIN, (100, 0, 0, 85), (85, 0, 0, 85)),
	(PLAIN, (200, 0, 0, 100), (200, 0, 0, 200)),
	(PLAIN, (200, 0, 0, 150), (200, 0, 50, 150)),
	(PLAIN, (100, 10, 0, 100), TENTH),
	(PLAIN, (100, 0, 10, 100), TEN_OFF),
	(TENTH, TENTH, TENTH),
	(TENTH, (100, 20, 10, 90), (100, 20, 20, 80)),
	(TENTH, (100, 0, 0, 90), PLAIN),
	(TENTH, (100, 0, 0, 100), PLAIN),
	(TENTH, (100, 0, 10, 90), TEN_OFF),
	(TENTH, (100, 0, 10, 100), TEN_OFF),
	(TENTH, (100, 10, 15, 90), (100, 0, 15, 85)),
	(TENTH, (100, 10, 10, 85), (100, 0, 15, 85)),
	(TENTH, (100, 10, 10, 110), (110, 0, 0, 110)),
	(TENTH, (200, 10, 10, 90), (200, 10, 20, 180)),
	(TENTH, (200, 10, 20, 180), (200, 10, 20, 180)),
	(TEN_OFF, (200, 0, 10, 90), (200, 0, 10, 190)),
	(TEN_OFF, (100, 0, 0, 90), PLAIN),
	(TEN_OFF, (100, 5, 10, 90), (100, 5, 5, 95)),
]


class TestRowPrices(unittest.TestCase):
	def test_of_new_rows(self):
		for sent, price in NEW:
			with self.subTest(sent=sent):
				self.assertEqual(settle(RowPrice(*sent), None, 2), price)

	def test_of_changed_rows(self):
		for stored, sent, price in CHANGED:
			with self.subTest(stored=stored, sent=sent):
				self.assertEqual(settle(RowPrice(*sent), RowPrice(*stored), 2), price)

	def test_decimals_of_the_currency(self):
		for places, price in ((0, (999, 5, 50, 949)), (2, (999, 5, 49.95, 949.05))):
			self.assertEqual(settle(RowPrice(999, 5, None, None), None, places), price)

	@given(
		st.decimals(0, 10**6, places=3).map(float),
		st.decimals(0, 100, places=2).map(float),
		st.sampled_from((0, 2, 3)),
	)
	def test_saving_again_changes_nothing(self, list_price, percentage, places):
		price = settle(RowPrice(list_price, percentage, None, None), None, places)
		self.assertEqual(settle(price, price, places), price)
		self.assertEqual(exact(price.price_list_rate) - exact(price.discount_amount), exact(price.rate))
		self.assertTrue(0 <= price.rate <= price.price_list_rate)
