"""What stops a password from being guessed, and the settings that say so."""

from contextlib import contextmanager

import frappe
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.tests.factories import unique
from crm_pipeline.tests.http import Browser
from crm_pipeline.tests.test_sessions import PASSWORD, SessionCase


class SignInCase(SessionCase):
	def setUp(self):
		super().setUp()
		self.place = unique("198.51.100")

	@contextmanager
	def settings(self, **values):
		"""Commit System Settings for the time of a test."""
		doc = frappe.get_doc("System Settings")
		former = {key: doc.get(key) for key in values}
		self.change(values)
		try:
			yield
		finally:
			self.change(former)

	@staticmethod
	def change(values: dict):
		for key, value in values.items():
			frappe.db.set_single_value("System Settings", key, value)
		frappe.clear_document_cache("System Settings", "System Settings")
		frappe.db.commit()

	def sign_in(self, password: str, user: str | None = None, place: str | None = None):
		headers = {"X-Forwarded-For": place or self.place}
		data = {"usr": user or self.user, "pwd": password}
		return Browser().call("POST", "/api/method/login", json=data, headers=headers)


class TestLock(SignInCase):
	def setUp(self):
		super().setUp()
		settings = self.settings(allow_consecutive_login_attempts=3, allow_login_after_fail=90)
		settings.__enter__()
		self.addCleanup(settings.__exit__, None, None, None)
		self.addCleanup(self.unlock)

	def unlock(self):
		with self.at(add_to_date(now_datetime(), seconds=200)):
			self.sign_in(PASSWORD)

	def guess_wrong(self, times: int, **options):
		for _attempt in range(times):
			self.assertAnswer(self.sign_in("wrong", **options), 401, "AuthenticationError")

	def test_a_user_is_locked_after_too_many_wrong_passwords_from_anywhere(self):
		for _attempt in range(4):
			self.guess_wrong(1, place=unique("198.51.100"))
		refused = self.sign_in(PASSWORD, place=unique("198.51.100"))
		self.assertAnswer(refused, 500, "SecurityException")
		self.assertIn("locked", refused.json["_server_messages"])

	def test_the_lock_ends(self):
		self.guess_wrong(4)
		self.assertAnswer(self.sign_in(PASSWORD), 500, "SecurityException")
		with self.at(add_to_date(now_datetime(), seconds=91)):
			self.assertEqual(self.sign_in(PASSWORD).status_code, 200)

	def test_an_address_is_locked_whomever_it_tries(self):
		self.guess_wrong(4, user="nobody@example.com")
		self.assertAnswer(self.sign_in(PASSWORD), 500, "SecurityException")
		self.assertEqual(self.sign_in(PASSWORD, place=unique("198.51.100")).status_code, 200)

	def test_the_right_password_forgives(self):
		for _round in range(3):
			self.guess_wrong(3)
			self.assertEqual(self.sign_in(PASSWORD).status_code, 200)

	def test_no_limit(self):
		with self.settings(allow_consecutive_login_attempts=0):
			self.guess_wrong(6)
			self.assertEqual(self.sign_in(PASSWORD).status_code, 200)


class TestSettings(SignInCase):
	def test_passwords_may_be_switched_off(self):
		with self.settings(disable_user_pass_login=1):
			self.assertAnswer(self.sign_in(PASSWORD), 401, "AuthenticationError")
		self.assertEqual(self.sign_in(PASSWORD).status_code, 200)

	def test_one_session_at_a_time(self):
		first, second = self.signed_in(), self.signed_in()
		self.assertEqual(first.user(), self.user)
		with self.settings(deny_multiple_sessions=1):
			self.assertEqual(second.user(), self.user)
			self.assertIsNone(first.user())
			third = self.signed_in()
			self.assertIsNone(second.user())
			self.assertEqual(third.user(), self.user)
