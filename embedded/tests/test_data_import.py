"""Files of imports are decoded as a bench decodes those that Desk uploads."""

import unittest

from frappe.core.doctype.data_import.importer import _decoded


class TestEncodings(unittest.TestCase):
	def test_the_first_encoding_that_fits(self) -> None:
		text = "title\nTüren für das Café, größer als 3 m – dringend\n"
		for encoding in ("utf-8", "utf-8-sig", "windows-1250", "windows-1252"):
			with self.subTest(encoding):
				self.assertEqual(_decoded(text.encode(encoding)), text)
