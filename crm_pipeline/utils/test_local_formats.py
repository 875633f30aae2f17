"""Numbers and days in the way of each language."""

import unittest
from datetime import date, datetime

from crm_pipeline.utils.local_formats import day_text, moment_text, number_format_of, number_text


class TestLocalFormats(unittest.TestCase):
	def test_numbers(self):
		for language, text in (
			("en", "1,234.5"),
			("de", "1.234,5"),
			("de-AT", "1.234,5"),
			("ar", "1,234.5"),
		):
			with self.subTest(language):
				self.assertEqual(number_text(1234.5, language), text)
		self.assertEqual(number_text(1234.5, "de", 2), "1.234,50")
		self.assertEqual(number_text(1234.5, "de", grouped=False), "1234,5")
		self.assertEqual([number_text(2, "en"), number_text(None, "en", 0)], ["2", "0"])
		self.assertEqual(number_text(1234567, "ja", 0), "1,234,567")

	def test_formats(self):
		for language, number_format in (("en", "#,###.##"), ("de", "#.###,##"), ("pt-BR", "#.###,##")):
			self.assertEqual(number_format_of(language), number_format)

	def test_a_language_that_nobody_knows_is_english(self):
		for language in ("xx", "", "not a language"):
			with self.subTest(language):
				self.assertEqual(number_text(1234.5, language), "1,234.5")

	def test_days(self):
		day = date(2031, 5, 14)
		self.assertEqual(day_text(day, "en"), "May 14, 2031")
		self.assertEqual(day_text(day, "de"), "14. Mai 2031")
		self.assertEqual(moment_text(datetime(2031, 5, 14, 9, 5), "de"), "14. Mai 2031, 09:05")
