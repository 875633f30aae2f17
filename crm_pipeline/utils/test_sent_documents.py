"""Methods called with the document as a client has it: what Desk's forms send, and version 2 of the API."""

import json

from crm_pipeline.tests.factories import unique
from crm_pipeline.tests.http import Api
from crm_pipeline.tests.rest import RestTestCase

PATH = "/api/method/run_doc_method"


class SentDocumentCase(RestTestCase):
	def setUp(self):
		super().setUp()
		self.name = self.create("Opportunity", title=unique("In a form"))["name"]

	def form(self, **changes) -> dict:
		"""Return the opportunity as a form keeps it that has changed some fields."""
		return {**self.opportunity(self.name), "doctype": "Opportunity", "__unsaved": 1, **changes}

	def stage(self) -> str:
		return self.opportunity(self.name)["sales_stage"]


class TestForms(SentDocumentCase):
	def test_a_button_acts_and_the_form_gets_the_document_back(self):
		answer = self.api.press(self.form(), "advance")
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		self.assertEqual(self.stage(), "Pitching")
		(returned,) = answer.json["docs"]
		self.assertEqual((returned["name"], returned["sales_stage"]), (self.name, "Pitching"))
		self.assertEqual(answer.json["message"]["name"], self.name)
		self.assertNotIn("__unsaved", returned)

	def test_a_form_that_somebody_else_has_overtaken_is_refused(self):
		form = self.form()
		self.run_ok(self.name, "advance")
		self.assertAnswer(self.api.press(form, "mark_won"), 417, "TimestampMismatchError")
		without = {key: value for key, value in self.form().items() if key != "modified"}
		self.assertAnswer(self.api.press(without, "mark_won"), 417, "TimestampMismatchError")
		self.assertEqual(self.stage(), "Pitching")

	def test_only_what_is_whitelisted_runs(self):
		for method in ("delete", "db_set", "run_method", "reload"):
			with self.subTest(method=method):
				self.assertAnswer(self.api.press(self.form(), method), 403, "PermissionError")
		self.assertEqual(self.stage(), "Lead")

	def test_only_by_the_http_methods_it_allows(self):
		answer = self.api.get(PATH, docs=json.dumps(self.form()), method="advance")
		self.assertAnswer(answer, 403, "PermissionError")
		self.assertEqual(self.stage(), "Lead")

	def test_only_for_those_who_may_read_it(self):
		stranger = Api()
		self.made.append(("User", stranger.user))
		self.assertAnswer(stranger.press(self.form(), "advance"), 403, "PermissionError")
		self.assertEqual(self.stage(), "Lead")

	def test_of_what_is_not_stored(self):
		answer = self.api.press(self.form(name="CRM-OPP-none"), "advance")
		self.assertAnswer(answer, 404, "DoesNotExistError")

	def test_a_changed_document_status_needs_the_right_to_submit(self):
		self.assertAnswer(self.api.press(self.form(docstatus=1), "advance"), 403, "PermissionError")
		answer = self.api.press(self.form(docstatus=2), "advance")
		self.assertEqual(answer.json["exc_type"], "DocstatusTransitionError")

	def test_arguments_go_to_those_methods_that_take_some(self):
		self.assertAnswer(
			self.api.press(self.form(), "resume", until="2199-01-01"), 417, "IllegalStatusChange"
		)
		paused = self.api.press(self.form(), "pause", until="2199-01-01", reason="Budget")
		self.assertEqual(paused.json["docs"][0]["pause_reason"], "Budget")

	def test_an_argument_that_is_no_object_is_the_first(self):
		body = {"docs": json.dumps(self.form()), "method": "pause", "args": '"2199-01-01"'}
		self.assertEqual(self.api.post(PATH, **body).json["docs"][0]["paused_until"], "2199-01-01")
		body = {"docs": json.dumps(self.form()), "method": "resume", "arg": "no JSON at all"}
		self.assertEqual(self.api.post(PATH, **body).status_code, 200)


class TestSecondApiVersion(SentDocumentCase):
	def press(self, document, method: str, **kwargs):
		return self.api.post("/api/v2/method/run_doc_method", document=document, method=method, kwargs=kwargs)

	def test_the_result_and_the_document_come_back(self):
		answer = self.press(self.form(), "pause", until="2199-01-01", reason="Budget", flags={"in_test": 1})
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		self.assertEqual(answer.json["data"]["pause_reason"], "Budget")
		self.assertEqual(answer.json["docs"][0]["status"], "Paused")
		answer = self.press(json.dumps(self.form()), "resume")
		self.assertEqual(answer.json["data"]["status"], "Open")

	def test_the_same_refusals(self):
		def refusal(*arguments):
			answer = self.press(*arguments)
			return answer.status_code, answer.json["errors"][0]["type"]

		form = self.form()
		self.assertEqual(refusal(form, "delete"), (403, "PermissionError"))
		self.run_ok(self.name, "advance")
		self.assertEqual(refusal(form, "advance"), (417, "TimestampMismatchError"))
