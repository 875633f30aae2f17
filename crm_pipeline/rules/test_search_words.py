"""What somebody who types a word may mean."""

from unittest import TestCase

from crm_pipeline.rules.search_words import spellings, without_accents, words


class TestWords(TestCase):
	def test_plain_words_are_looked_for_as_they_are(self):
		self.assertEqual(words("  Acme  gmbh "), [("acme",), ("gmbh",)])
		self.assertEqual(words("acme\u3000acme\tx"), [("acme",), ("x",)])
		self.assertEqual(words(" \n "), [])
		self.assertEqual(words("\0a\0\ud800b\0"), [("a",), ("b",)])

	def test_letters_beyond_ascii_in_either_case(self):
		self.assertLessEqual({"müller", "mÜller", "muller"}, set(spellings("MÜLLER")))
		self.assertLessEqual({"ärger", "Ärger", "ÄrGER".lower().capitalize()}, set(spellings("ärger")))

	def test_what_keyboards_lack(self):
		self.assertIn("strasse", spellings("Straße"))
		self.assertIn("straße", spellings("strasse"))
		self.assertEqual(without_accents("søren łódź ısparta œuvre"), "soren lodz isparta oeuvre")

	def test_full_width_letters_and_decomposed_ones(self):
		self.assertIn("acme", spellings("ＡＣＭＥ"))
		self.assertIn("müller", spellings("mu\u0308ller"))

	def test_no_more_than_ten(self):
		self.assertEqual(len(words(" ".join(map(str, range(50))))), 10)
