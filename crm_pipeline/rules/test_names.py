import unittest

from crm_pipeline.rules.names import name_key, plain_name


class TestNames(unittest.TestCase):
	def test_names_that_are_one(self):
		for one, other in (
			("Acme", "ACME"),
			("Acme", " Acme\u00a0 "),
			("Acme  Inc", "acme inc"),
			("Müller AG", "Mu\u0308ller AG"),
			("ガス会社", "ｶﾞｽ会社"),
			("Weiß KG", "WEISS KG"),
			("Ａｃｍｅ", "acme"),
			("Acme™ ㎒", "acmetm mhz"),
			("ΣΙΓΜΑ ΑΕ", "σίγμα αε".replace("ί", "ι")),
		):
			with self.subTest(one):
				self.assertEqual(name_key(one), name_key(other))

	def test_names_that_are_two(self):
		for one, other in (("Müller AG", "Muller AG"), ("Acme", "Acme 2"), ("Acme", "A cme"), ("Sø", "So")):
			with self.subTest(one):
				self.assertNotEqual(name_key(one), name_key(other))

	def test_a_name_is_kept_as_typed_but_for_spaces_and_form(self):
		self.assertEqual(plain_name("  Mu\u0308ller \t AG "), "Müller AG")
		self.assertEqual(plain_name("ｶﾞｽ会社"), "ｶﾞｽ会社")
