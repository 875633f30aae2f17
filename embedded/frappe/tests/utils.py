"""The test case of Frappe 15."""

import copy
import unittest
from contextlib import contextmanager

import frappe
from frappe.utils import get_datetime, get_system_timezone


class FrappeTestCase(unittest.TestCase):
	"""What a class's tests write is rolled back after the last of them; tests of a class see each other's."""

	maxDiff = 10_000

	@classmethod
	def setUpClass(cls) -> None:
		frappe.db.commit()
		cls.addClassCleanup(_restore_context, copy.deepcopy(frappe.local.flags))
		cls.addClassCleanup(frappe.db.rollback)
		super().setUpClass()

	@contextmanager
	def freeze_time(self, time_to_freeze, *, tick: bool = False):
		"""Stop the clock at a time in the site's time zone; let it run on from there with `tick`."""
		import time_machine
		from dateutil import tz

		moment = get_datetime(time_to_freeze).replace(tzinfo=tz.gettz(get_system_timezone()))
		with time_machine.travel(moment.astimezone(tz.UTC), tick=tick):
			yield


def _restore_context(flags) -> None:
	"""Give the next class a fresh request: its flags, no messages, nothing cached."""
	frappe.local.flags = flags
	frappe.local.message_log = []
	frappe.local.conf = frappe.get_site_config()
	frappe.local.cache = {}
	frappe.local.lang = "en"
	frappe.local.request = None
