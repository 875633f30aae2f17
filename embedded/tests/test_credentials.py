"""Credentials that are no text. A bench takes them for filters; this host does not."""

from crm_pipeline.tests.http import Browser
from crm_pipeline.tests.test_sessions import PASSWORD, SessionCase


class TestCredentials(SessionCase):
	def test_a_filter_signs_nobody_in(self):
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
