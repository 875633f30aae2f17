"""In which order to work."""

from unittest import TestCase

from crm_pipeline.rules.ranking import LATENESS, lateness, rank


class TestRanking(TestCase):
	def test_what_waits_longer_counts_more_and_never_less(self):
		factors = [lateness(days) for days in range(-3, 400)]
		self.assertEqual(factors, sorted(factors))
		self.assertEqual((lateness(-3), lateness(0), lateness(1), lateness(2)), (1, 1, 2, 3))
		self.assertEqual(lateness(400), 34)

	def test_the_steps_stand_from_the_longest_to_the_shortest(self):
		self.assertEqual(list(LATENESS), sorted(LATENESS, reverse=True))

	def test_value_probability_and_lateness_multiply(self):
		self.assertEqual(rank(100.0, 8), 800)
		self.assertGreater(rank(1000, 0), rank(100, 7))
		self.assertGreater(rank(100, 30), rank(1000, 1))
		self.assertEqual(rank(0, 900), 0)
