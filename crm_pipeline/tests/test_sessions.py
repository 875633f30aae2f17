"""Signing in and out, the CSRF token, and API tokens."""

import base64
import json
import re

import frappe
from frappe.utils import add_days, get_datetime, now_datetime
from frappe.utils.password import update_password

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.clearing import remove
from crm_pipeline.tests.factories import make_opportunity, make_user, unique
from crm_pipeline.tests.http import Api, Browser, send
from crm_pipeline.tests.versions import AS_15

PASSWORD = "a long pass phrase, said twice"


class SessionCase(TestCase):
	"""Commits, since requests do; the users it made are deleted afterwards, with all they own."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.set_user("Administrator")
		cls.user = make_user("Sales User")
		update_password(cls.user, PASSWORD)
		frappe.db.commit()

	@classmethod
	def tearDownClass(cls):
		frappe.set_user("Administrator")
		cls.forget(cls.user)
		super().tearDownClass()

	@staticmethod
	def forget(user: str):
		theirs = {"owner": user, "opportunity_owner": user}
		for name in frappe.get_all("Opportunity", or_filters=theirs, pluck="name"):
			remove("Opportunity", name)
		remove("User", user)
		frappe.db.commit()

	def undo(self):
		frappe.db.rollback()

	def signed_in(self) -> Browser:
		browser = Browser()
		answer = browser.sign_in(self.user, PASSWORD)
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		return browser

	def assertAnswer(self, answer, status: int, exc_type: str):
		self.assertEqual((answer.status_code, answer.json.get("exc_type")), (status, exc_type))


class TestPassword(SessionCase):
	def test_the_right_one_opens_a_session(self):
		browser = Browser()
		answer = browser.sign_in(self.user, PASSWORD)
		self.assertEqual((answer.status_code, answer.json["message"]), (200, "Logged In"))
		self.assertEqual(browser.user(), self.user)
		self.assertEqual(browser.call("GET", "/api/resource/Opportunity").status_code, 200)

	def test_a_wrong_one_an_unknown_user_and_nothing_are_refused(self):
		for user, password in (
			(self.user, "wrong"),
			("nobody@example.com", PASSWORD),
			(self.user, ""),
			("", ""),
		):
			with self.subTest(user=user, password=password):
				browser = Browser()
				self.assertAnswer(browser.sign_in(user, password), 401, "AuthenticationError")
				self.assertIsNone(browser.user())

	def test_a_disabled_user_is_refused(self):
		user = make_user("Sales User")
		self.addCleanup(self.forget, user)
		update_password(user, PASSWORD)
		frappe.get_doc("User", user).update({"enabled": 0}).save()
		self.assertAnswer(Browser().sign_in(user, PASSWORD), 401, "AuthenticationError")

	def test_signing_out_ends_the_session(self):
		browser = self.signed_in()
		sid = browser.client.get_cookie("sid").value
		by_get = browser.call("GET", "/api/method/logout")
		if not AS_15:  # where a link or a picture signs nobody out
			self.assertAnswer(by_get, 403, "PermissionError")
			self.assertIsNotNone(browser.user())
			self.assertEqual(browser.call("POST", "/api/method/logout").status_code, 200)
		self.assertIsNone(browser.user())
		browser.client.set_cookie("sid", sid)
		self.assertIsNone(browser.user())

	def test_an_invented_session_is_a_guest(self):
		browser = Browser()
		browser.client.set_cookie("sid", "invented")
		answer = browser.call("GET", "/api/method/ping")
		self.assertEqual((answer.json["message"], answer.json["session_expired"]), ("pong", 1))


class TestCsrfToken(SessionCase):
	def setUp(self):
		super().setUp()
		self.browser = self.signed_in()
		page = self.browser.call("GET", "/pipeline").get_data(as_text=True)
		self.token = re.search(r'"csrf_token": "(\w+)"', page)[1]

	def create(self):
		return self.browser.call("POST", "/api/resource/Opportunity", json={"title": unique("By form")})

	def test_without_it_nothing_is_written(self):
		before = frappe.db.count("Opportunity")
		for self.browser.token in (None, "wrong"):
			self.assertAnswer(self.create(), 400, "CSRFTokenError")
		self.assertEqual(frappe.db.count("Opportunity"), before)

	def test_with_it_the_user_writes(self):
		self.browser.token = self.token
		answer = self.create()
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		self.assertEqual(answer.json["data"]["owner"], self.user)

	def test_the_pipeline_page_does_and_snoozes_follow_ups_with_it(self):
		due = {"next_contact_date": str(add_days(now_datetime(), -1))}
		opportunity = make_opportunity(owner=self.user, opportunity_owner=self.user, **due).name
		until, outcome = "2199-12-31 10:00:00", {"outcome": "Seen", "medium": None, "to_discuss": None}
		self.assertAnswer(self.follow_up(opportunity, "snooze_follow_up", until=until), 400, "CSRFTokenError")
		self.browser.token = self.token
		past = self.follow_up(opportunity, "snooze_follow_up", until="2020-01-01 10:00:00")
		self.assertAnswer(past, 417, "SnoozeDatePassed")
		self.assertIn("That time is past.", past.json["_server_messages"])
		self.assertEqual(self.follow_up(opportunity, "snooze_follow_up", until=until).status_code, 200)
		self.assertEqual(self.next_contact(opportunity), get_datetime(until))
		self.assertEqual(self.follow_up(opportunity, "complete_follow_up", **outcome).status_code, 200)
		self.assertIsNone(self.next_contact(opportunity))

	def follow_up(self, opportunity: str, method: str, **arguments):
		values = {"dt": "Opportunity", "dn": opportunity, "method": method, "args": json.dumps(arguments)}
		return self.browser.call("POST", "/api/method/run_doc_method", json=values)

	def next_contact(self, opportunity: str):
		return frappe.db.get_value("Opportunity", opportunity, "next_contact_date")

	def test_reading_needs_none(self):
		self.assertEqual(self.browser.call("GET", "/api/resource/Opportunity").status_code, 200)


class TestTokens(SessionCase):
	def setUp(self):
		super().setUp()
		self.api = Api("Sales User")
		self.addCleanup(self.forget, self.api.user)
		self.key, self.secret = self.api.headers["Authorization"].removeprefix("token ").split(":")

	def as_whom(self, header: str):
		return send("GET", "/api/method/frappe.auth.get_logged_user", headers={"Authorization": header})

	def test_it_stands_for_its_user(self):
		basic = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
		for header in (f"token {self.key}:{self.secret}", f"Basic {basic}"):
			self.assertEqual(self.as_whom(header).json["message"], self.api.user)

	def test_the_secret_of_another_user_is_refused(self):
		other = Api("Sales User")
		self.addCleanup(self.forget, other.user)
		secret = other.headers["Authorization"].split(":")[1]
		self.assertAnswer(self.as_whom(f"token {self.key}:{secret}"), 401, "AuthenticationError")

	def test_headers_of_no_known_form_are_refused(self):
		for header in (f"token {self.key}", "Basic bm90IGEgcGFpcg==", "Unknown abc"):
			self.assertEqual(self.as_whom(header).status_code, 401, header)
		self.assertAnswer(self.as_whom("Basic abc"), 400, "InvalidAuthorizationToken")

	def test_a_disabled_user_is_refused(self):
		frappe.get_doc("User", self.api.user).update({"enabled": 0}).save()
		self.assertAnswer(self.as_whom(f"token {self.key}:{self.secret}"), 401, "AuthenticationError")
