"""The test case of Frappe 15."""

import copy
import unittest

import frappe


class FrappeTestCase(unittest.TestCase):
	"""What a class's tests write is rolled back after the last of them; tests of a class see each other's."""

	maxDiff = 10_000

	@classmethod
	def setUpClass(cls) -> None:
		frappe.db.commit()
		cls.addClassCleanup(_restore_context, copy.deepcopy(frappe.local.flags))
		cls.addClassCleanup(frappe.db.rollback)
		super().setUpClass()


def _restore_context(flags: dict) -> None:
	"""Give the next class a fresh request: its flags, no messages, nothing cached."""
	frappe.local.flags = flags
	frappe.local.message_log = []
	frappe.local.conf = frappe.get_site_config()
	frappe.local.cache = {}
	frappe.local.lang = "en"
	frappe.local.request = None
