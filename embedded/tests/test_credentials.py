"""Credentials and names that are no text: benches answer 500 to the former, Frappe 15 searches by the latter."""

from crm_pipeline.tests.http import Browser
from crm_pipeline.tests.rest import RestTestCase
from crm_pipeline.tests.test_sessions import PASSWORD, SessionCase


class TestCredentials(SessionCase):
	def test_they_are_refused_like_any_wrong_ones(self) -> None:
		for user in (
			["like", f"{self.user[:6]}%"],
			{"name": self.user},
			["=", self.user],
			[self.user],
			1,
			True,
		):
			for password in (PASSWORD, "wrong", [PASSWORD], {"like": "%"}):
				with self.subTest(user=user, password=password):
					browser = Browser()
					answer = browser.call("POST", "/api/method/login", json={"usr": user, "pwd": password})
					self.assertAnswer(answer, 401, "AuthenticationError")
					self.assertIsNone(browser.user())


class TestNames(RestTestCase):
	roles = ("Sales User",)

	def test_a_document_is_named_and_not_searched_for(self) -> None:
		for name in ({"first_name": ["like", "%"]}, ["like", "%"]):
			values = {"dt": "User", "dn": name, "method": "add_comment", "args": "{}"}
			answer = self.api.post("/api/method/run_doc_method", **values)
			self.assertAnswer(answer, 417, "ValidationError")
