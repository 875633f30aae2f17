"""Shares and their intervals; the figures are those of tables of the Wilson score interval."""

import unittest

from crm_pipeline.rules.shares import Share, share


class TestShares(unittest.TestCase):
	def test_what_was_found(self):
		self.assertEqual(share(1, 4).found, 25)
		self.assertEqual(share(0, 4).found, 0)
		self.assertEqual(share(0, 0), Share(None, None, None))

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
				found = share(part, whole)
				self.assertAlmostEqual(found.low, low, 2)
				self.assertAlmostEqual(found.high, high, 2)

	def test_it_narrows_with_the_sample_around_what_was_found(self):
		shares = [share(3 * times, 10 * times) for times in (1, 10, 100)]
		self.assertTrue(all(each.low < each.found < each.high for each in shares))
		spans = [each.high - each.low for each in shares]
		self.assertEqual(spans, sorted(spans, reverse=True))
