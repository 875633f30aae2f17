"""The test case of Frappe 15 and its context managers."""

import copy
import datetime
import unittest
from contextlib import contextmanager
from unittest.mock import patch

import frappe
from frappe.utils import cint, get_datetime, get_system_timezone


class FrappeTestCase(unittest.TestCase):
	"""What a class's tests write is rolled back after the last of them; tests of a class see each other's."""

	maxDiff = 10_000

	@classmethod
	def setUpClass(cls) -> None:
		frappe.db.commit()
		cls.addClassCleanup(_restore_context, copy.deepcopy(frappe.local.flags))
		cls.addClassCleanup(_roll_back)
		super().setUpClass()

	def assertSequenceSubset(self, larger, smaller, msg=None):
		self.assertTrue(set(smaller) <= set(larger), msg=msg)

	def assertDocumentEqual(self, expected, actual):
		"""Compare the fields that `expected` has, floats to the precision of the field."""
		expected = expected if isinstance(expected, dict) else expected.as_dict()
		for fieldname, value in expected.items():
			if isinstance(value, list):
				rows = actual.get(fieldname)
				self.assertEqual(len(value), len(rows), msg=f"{fieldname} length should be same")
				for expected_row, row in zip(value, rows, strict=True):
					self.assertDocumentEqual(expected_row, row)
			else:
				self._compare_field(value, actual.get(fieldname), actual, fieldname)

	def _compare_field(self, expected, value, doc, fieldname):
		message = f"{fieldname} should be same"
		if isinstance(expected, float):
			self.assertAlmostEqual(expected, value, places=doc.precision(fieldname), msg=message)
		elif isinstance(expected, int):
			self.assertEqual(expected, cint(value), msg=message)
		elif isinstance(expected, datetime.date | datetime.time | datetime.timedelta):
			self.assertEqual(str(expected), str(value), msg=message)
		else:
			self.assertEqual(expected, value, msg=message)

	@contextmanager
	def assertQueryCount(self, count: int):
		"""Fail where the block runs more SQL statements than `count`."""
		database_class, queries = type(frappe.local.db), []
		sql = database_class.sql

		def counted(database, query, *args, **kwargs):
			queries.append(str(query))
			return sql(database, query, *args, **kwargs)

		with patch.object(database_class, "sql", counted):
			yield
		self.assertLessEqual(len(queries), count, msg="Queries executed:\n" + "\n\n".join(queries))

	@contextmanager
	def set_user(self, user: str):
		former = frappe.session.user
		frappe.set_user(user)
		try:
			yield
		finally:
			frappe.set_user(former)

	@contextmanager
	def freeze_time(self, time_to_freeze, *, tick: bool = False):
		"""Stop the clock at a time in the site's time zone; let it run on from there with `tick`."""
		import time_machine
		from dateutil import tz

		moment = get_datetime(time_to_freeze).replace(tzinfo=tz.gettz(get_system_timezone()))
		with time_machine.travel(moment.astimezone(tz.UTC), tick=tick):
			yield


@contextmanager
def change_settings(doctype: str, settings_dict: dict | None = None, /, commit: bool = False, **settings):
	"""Change values of a Single for the time of a block, or of the function it decorates."""
	changes = settings_dict if settings_dict is not None else settings
	former = {key: frappe.get_doc(doctype).get(key) for key in changes}
	_save_settings(doctype, changes, commit)
	try:
		yield
	finally:
		_save_settings(doctype, former, commit)


@contextmanager
def patch_hooks(overridden_hooks: dict):
	"""Answer frappe.get_hooks with these hooks where it is asked for one of them."""
	get_hooks = frappe.get_hooks

	def overridden(hook=None, default="_KEEP_DEFAULT_LIST", app_name=None):
		if hook in overridden_hooks:
			return overridden_hooks[hook]
		if default == "_KEEP_DEFAULT_LIST":
			return get_hooks(hook, app_name=app_name)
		return get_hooks(hook, default, app_name)

	with patch.object(frappe, "get_hooks", overridden):
		yield


def _save_settings(doctype: str, values: dict, commit: bool) -> None:
	doc = frappe.get_doc(doctype)
	doc.update(values)
	doc.save(ignore_permissions=True)
	if commit:
		frappe.db.commit()


def _roll_back() -> None:
	frappe.db.value_cache.clear()
	frappe.db.rollback()


def _restore_context(flags) -> None:
	"""Give the next class a fresh request: its flags, no messages, nothing cached."""
	frappe.local.flags = flags
	frappe.local.error_log, frappe.local.message_log, frappe.local.debug_log = [], [], []
	frappe.local.conf = frappe.get_site_config()
	frappe.local.cache = {}
	frappe.local.lang = "en"
	frappe.local.request = None
