import unittest
from typing import NamedTuple

from crm_pipeline.rules import quotation_status, status
from crm_pipeline.rules.money import Rate
from crm_pipeline.rules.quoted_amount import quoted_amount, states_of_worth


class Part(NamedTuple):
	currency: str
	value: float
	base_value: float
	state: str = "Open"


class TestQuotedAmount(unittest.TestCase):
	def test_by_hand(self):
		for parts, currency, rate, places, expected in (
			([], "USD", Rate(1), 2, 0),
			([Part("USD", 0.1, 0.1), Part("USD", 0.2, 0.2)], "USD", Rate(1), 2, 0.3),
			([Part("EUR", 10, 11), Part("USD", 5, 5)], "EUR", Rate(1.1), 2, 14.55),
			([Part("EUR", 10, 11)], "JPY", Rate(0, divisor=150), 0, 1650),
			([Part("USD", 1, 1)], "KWD", Rate(3.25), 3, 0.308),
			([Part("USD", 1, 1), Part("KWD", 2.0005, 6.5)], "KWD", Rate(3.25), 3, 2.308),
		):
			with self.subTest(currency=currency, expected=expected):
				self.assertEqual(quoted_amount(parts, currency, rate, places), expected)

	def test_which_quotations_make_the_amount(self):
		for each in status.IN_PLAY:
			self.assertEqual(states_of_worth(each), quotation_status.COUNTING)
		self.assertEqual(states_of_worth(status.CONVERTED), ("Partially Ordered", "Ordered"))
		for each in (status.LOST, status.CLOSED):
			self.assertEqual(states_of_worth(each), ())
