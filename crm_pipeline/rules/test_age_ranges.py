"""Ranges of ages."""

from unittest import TestCase

from crm_pipeline.rules.age_ranges import first_days, range_of, read_ends


class TestAgeRanges(TestCase):
	def test_ascending_whole_days(self):
		self.assertEqual(read_ends("30, 60, 90, 120"), [30, 60, 90, 120])
		self.assertEqual(read_ends(" 7 "), [7])
		self.assertEqual(read_ends("1,2,3,4,5,36500"), [1, 2, 3, 4, 5, 36500])

	def test_what_are_no_ranges(self):
		for text in (
			"",
			"a",
			"0",
			"-1",
			"30,30",
			"60,30",
			"1.5",
			"1,,2",
			"1,2,3,4,5,6,7",
			"36501",
			"9" * 20,
			"٣",
		):
			with self.subTest(text):
				self.assertIsNone(read_ends(text))

	def test_the_last_day_of_a_range_is_in_it(self):
		self.assertEqual([range_of(days, [30, 60]) for days in (0, 30, 31, 60, 61, 9999)], [0, 0, 1, 1, 2, 2])
		self.assertEqual(first_days([30, 60]), [0, 31, 61])
