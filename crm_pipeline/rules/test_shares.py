"""Shares and their intervals; the figures are those of tables of the Wilson score interval."""

import unittest

from crm_pipeline.rules.shares import Interval, contains, interval, share


class TestShares(unittest.TestCase):
	def test_share(self):
		self.assertEqual(share(1, 4), 25)
		self.assertEqual(share(0, 4), 0)
		self.assertIsNone(share(0, 0))

	def test_interval(self):
		for part, whole, low, high in (
			(0, 10, 0, 27.75),
			(10, 10, 72.25, 100),
			(5, 10, 23.66, 76.34),
			(1, 1, 20.65, 100),
			(50, 100, 40.38, 59.62),
			(1, 1000, 0.02, 0.56),
		):
			with self.subTest(f"{part} of {whole}"):
				found = interval(part, whole)
				self.assertAlmostEqual(found.low, low, 2)
				self.assertAlmostEqual(found.high, high, 2)
		self.assertIsNone(interval(0, 0))

	def test_it_narrows_with_the_sample_and_holds_what_was_found(self):
		spans = []
		for times in (1, 10, 100):
			found = interval(3 * times, 10 * times)
			self.assertTrue(contains(found, 30))
			spans.append(found.high - found.low)
		self.assertEqual(spans, sorted(spans, reverse=True))

	def test_its_ends_belong_to_it(self):
		self.assertTrue(contains(Interval(10, 20), 10) and contains(Interval(10, 20), 20))
		self.assertFalse(contains(Interval(10, 20), 9.99) or contains(Interval(10, 20), 20.01))
