import unittest

from crm_pipeline.rules.numbers import AmbiguousNumber, in_plain_form, read

GERMAN, FRENCH, SWISS, INDIAN = "#.###,##", "# ###,##", "#'###.##", "#,##,###.##"


class TestNumbers(unittest.TestCase):
	def test_what_is_plainly_a_number_is_read(self):
		for text, number in (
			("1234.56", 1234.56),
			("1,234.56", 1234.56),
			("1,234", 1234),
			("1,234,567.8", 1234567.8),
			("1,23,456.78", 123456.78),
			("12,34,56,789", 123456789),
			("-5", -5),
			("+5.", 5),
			(".5", 0.5),
			("0", 0),
			(" 7 ", 7),
			("1e-05", 0.00001),
			("2.5E+3", 2500),
			("007", 7),
		):
			with self.subTest(text):
				self.assertEqual(read(text), number)

	def test_anything_else_is_refused(self):
		for text in (
			*("1.234,56", "12,5", "500 EUR", "$1,234.56", "1 234", "abc", "", " ", "1234,5"),
			*(
				"1.234.567",
				"1,2345",
				"12,34",
				"1,23,45",
				"1,,234",
				",234",
				"1234,567",
				"0,123",
				"00,123",
				"123,45,678",
			),
			*(
				"₹ 1,23,456.78",
				"R$ 5",
				"5 €",
				"1'234",
				"1_000",
				"١٢٣",
				"１２",
				"1\u00a0234",
				"--1",
				"1-",
				"(5)",
			),
			*("nan", "inf", "-Infinity", "0x10", "1e", "True", "5%", "1.2.3", "1,234e", "\n"),
		):
			with self.subTest(text), self.assertRaises(ValueError) as raised:
				read(text)
			self.assertNotIsInstance(raised.exception, AmbiguousNumber)

	def test_what_people_of_the_site_read_otherwise_is_refused(self):
		for number_format, texts in (
			(GERMAN, ("1.234", "1,234", "-12.500", "999,999")),
			(FRENCH, ("1,234",)),
			("#.###", ("1.234", "1,234")),
		):
			for text in texts:
				with (
					self.subTest(text, number_format=number_format),
					self.assertRaises(AmbiguousNumber) as raised,
				):
					read(text, number_format)
				self.assertEqual(float(raised.exception.whole), float(raised.exception.decimal) * 1000)

	def test_what_they_read_alike_is_read(self):
		for number_format, text, number in (
			(GERMAN, "1.2340", 1.234),
			(GERMAN, "1234", 1234),
			(GERMAN, "0.125", 0.125),
			(GERMAN, "1234.567", 1234.567),
			(GERMAN, "1,234.56", 1234.56),
			(GERMAN, "1,234,567", 1234567),
			(FRENCH, "1.234", 1.234),
			(SWISS, "1,234", 1234),
			(INDIAN, "1,234", 1234),
			("#,###.##", "1.234", 1.234),
		):
			with self.subTest(text, number_format=number_format):
				self.assertEqual(read(text, number_format), number)


class TestPlainForm(unittest.TestCase):
	def test_what_has_one_reading(self):
		for typed, number in (
			("12,5", 12.5),
			(" 12,50 ", 12.5),
			("12.50", 12.5),
			("1.234,50", 1234.5),
			("1,234.50", 1234.5),
			("1.234.567", 1234567),
			("1 234,5", 1234.5),
			("1\u202f234\u00a0567", 1234567),
			("1'234.50", 1234.5),
			("0,125", 0.125),
			("1234,567", 1234.567),
			("١٢٫٥", 12.5),
			("١٬٢٣٤٫٥", 1234.5),
			("１２", 12),
		):
			with self.subTest(typed):
				self.assertEqual(read(in_plain_form(typed)), number)

	def test_groups_of_three_are_left_to_the_reader(self):
		for typed in ("1,234", "1.234"):
			with self.subTest(typed), self.assertRaises(AmbiguousNumber):
				read(in_plain_form(typed), "#.###,##")

	def test_what_is_no_number_stays_none(self):
		for typed in ("", "12,5,1", "1.2.3", "12 5", "a,5", "1,2e3", "--5", "5 €"):
			with self.subTest(typed), self.assertRaises(ValueError):
				read(in_plain_form(typed))
