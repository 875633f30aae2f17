"""The test case of whatever Frappe the suite runs on, and what all tests share."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timezone
from unittest.mock import patch
from zoneinfo import ZoneInfo

import frappe
import time_machine
from frappe.utils import get_datetime, get_system_timezone, now_datetime

try:
	from frappe.tests import IntegrationTestCase as FrappesTestCase
except ImportError:
	from frappe.tests.utils import FrappeTestCase as FrappesTestCase

from crm_pipeline.tests.factories import make_user

begun = {}  # `at`: the full minute in which the present test began


def name_sender():
	"""Frappe builds mails that are muted too, and fails without an address to send them from."""
	frappe.flags.mute_emails = True
	frappe.local.conf.update(mail_server="localhost", auto_email_id="notifications@example.com")


class TestCase(FrappesTestCase):
	"""Everything a test does is rolled back after it."""

	@classmethod
	def setUpClass(cls):
		name_sender()
		super().setUpClass()

	def setUp(self):
		super().setUp()
		begun["at"] = now_datetime().replace(second=0, microsecond=0)
		name_sender()
		frappe.set_user("Administrator")
		frappe.db.savepoint("before_test")
		self.addCleanup(self.undo)

	def undo(self):
		frappe.set_user("Administrator")
		frappe.db.rollback(save_point="before_test")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")

	@contextmanager
	def as_user(self, *roles: str):
		"""Act as a user who has just these roles; yields the user's name."""
		user = make_user(*roles)
		former = frappe.session.user
		frappe.set_user(user)
		try:
			yield user
		finally:
			frappe.set_user(former)

	@contextmanager
	def at(self, moment):
		"""Let the clock stand at a moment of the site's time."""
		there = get_datetime(moment).replace(tzinfo=ZoneInfo(get_system_timezone()))
		with time_machine.travel(there.astimezone(timezone.utc), tick=False):
			yield

	def statements(self, act: Callable[[], object]) -> int:
		"""Return how many statements the database is given."""
		with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
			act()
		return spy.call_count

	@contextmanager
	def assertRefused(self, exception: type[Exception], message: str = ""):
		"""Expect exactly this refusal, with `message` in it, and undo what the attempt wrote."""
		frappe.db.savepoint("attempt")
		with self.assertRaises(exception) as raised:
			yield raised
		frappe.db.rollback(save_point="attempt")
		self.assertIs(type(raised.exception), exception)
		self.assertIn(message, str(raised.exception))
