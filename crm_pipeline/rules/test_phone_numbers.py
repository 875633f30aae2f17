import unittest

from crm_pipeline.rules.phone_numbers import is_like_number, significant_digits


class TestPhoneNumbers(unittest.TestCase):
	def test_writings_of_one_number(self):
		for text in (
			"030 12345-6",
			"030/123456",
			"(030) 12 34 56",
			"+49 30 123456",
			"+49 (0) 30/123456",
			"0049 30 123456",
			"0049 (0)30 123456",
			"030 \u2013 123 45 6",
			"030\u00a0123\u202f456",
			"30123456",
			"+4930123456",
			"(+49) 30 123456",
		):
			with self.subTest(text):
				self.assertEqual(significant_digits(text), "30123456")

	def test_codes_of_one_two_and_three_digits(self):
		for text, digits in (
			("+1 555 010 0199", "5550100199"),
			("+7 495 1234567", "4951234567"),
			("+44 20 7946 0000", "2079460000"),
			("+353 1 234567", "1234567"),
			("+965 2212 3456", "22123456"),
			("+39 06 698 12345", "669812345"),
			("44 20 7946 0000", "442079460000"),
		):
			with self.subTest(text):
				self.assertEqual(significant_digits(text), digits)

	def test_too_few_digits_are_no_number(self):
		for text in ("", "+", "()", "0301", "00000", "+49 1234", "+49", "1234"):
			with self.subTest(text):
				self.assertEqual(significant_digits(text), "")
		self.assertEqual(significant_digits("12345"), "12345")

	def test_words(self):
		for word in ("+49", "(0)", "\u2013", "030/12", "4.5"):
			self.assertTrue(is_like_number(word), word)
		for word in ("", "1a", "\u0661\u0662", "12,5", "12%"):
			self.assertFalse(is_like_number(word), word)
