"""What REST answers to bad input, and to whom it answers nothing."""

import json

from crm_pipeline.tests.factories import unique
from crm_pipeline.tests.http import Api, send
from crm_pipeline.tests.rest import MAPPERS, RestTestCase
from crm_pipeline.tests.versions import AS_15

BULK = "/api/method/frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs"
ASSIGN = "/api/method/frappe.desk.form.assign_to.add_multiple"


class TestRefusals(RestTestCase):
	roles = ("Sales User",)

	def setUp(self):
		super().setUp()
		self.name = self.create("Opportunity", title=unique("Opportunity"), opportunity_amount=10)["name"]
		self.path = f"/api/resource/Opportunity/{self.name}"

	def test_values_that_cannot_be(self):
		for values, exc_type in (
			({"source": "Rumour"}, "LinkValidationError"),
			({"opportunity_amount": -1}, "NonNegativeError"),
			({"opportunity_amount": float("nan")}, "ImpossibleNumber" if AS_15 else "DataError"),
			({"opportunity_amount": "nan"}, "ImpossibleNumber"),
			({"opportunity_amount": "a lot"}, "ImpossibleNumber"),
			({"expected_closing": "2026-02-30"}, "ImpossibleDate"),
			({"probability": 101}, "ProbabilityOutOfRange"),
			({"currency": "CHF"}, "ExchangeRateMissing"),
			({"status": "Converted"}, "IllegalStatusChange"),
			({"status": "Quotation"}, "IllegalStatusChange"),
			({"status": "Lost"}, "LostReasonsMissing"),
			({"title": "x" * 2**20}, "CharacterLengthExceededError"),
		):
			with self.subTest(values=str(values)[:60]):
				before = self.opportunity(self.name)
				self.assertAnswer(self.api.put(self.path, **values), 417, exc_type)
				self.assertEqual(self.opportunity(self.name), before)

	def test_names_and_values_for_many_that_are_none(self):
		before = self.opportunity(self.name)
		names = json.dumps([self.name])
		fine = {
			"doctype": "Opportunity",
			"docnames": names,
			"action": "update",
			"data": '{"campaign": "Autumn"}',
		}
		for lists in ("5", "null", '[{"a": 1}]', '[["x"]]', "abc", "", '{"a": 1}', f'["{self.name}", 5]'):
			with self.subTest(names=lists):
				self.assertAnswer(self.api.post(BULK, **{**fine, "docnames": lists}), 417, "UnreadableList")
				sent = {"doctype": "Opportunity", "name": lists, "assign_to": '["Administrator"]'}
				self.assertAnswer(self.api.post(ASSIGN, **sent), 417, "UnreadableList")
		for data in ("[1]", '"x"', "x", "5", "true"):
			with self.subTest(data=data):
				self.assertAnswer(self.api.post(BULK, **{**fine, "data": data}), 417, "UnreadableValues")
		self.assertEqual(self.opportunity(self.name), before)
		self.assertEqual(self.api.post(BULK, **fine).status_code, 200)
		self.assertEqual(self.opportunity(self.name)["campaign"], "Autumn")

	def test_who_made_a_record_and_when_stays(self):
		for values in ({"owner": "Administrator"}, {"creation": "2020-01-01 00:00:00"}):
			with self.subTest(values=values):
				before = self.opportunity(self.name)
				self.assertAnswer(self.api.put(self.path, **values), 417, "CannotChangeConstantError")
				self.assertEqual(self.opportunity(self.name), before)

	def test_a_quotation_without_party(self):
		answer = self.api.get(f"{MAPPERS}.opportunity.opportunity.make_quotation", source_name=self.name)
		self.assertAnswer(answer, 417, "PartyMissing")

	def test_a_stale_save(self):
		stale = self.opportunity(self.name)
		self.assertEqual(self.api.put(self.path, campaign="Autumn").status_code, 200)
		self.assertAnswer(
			self.api.put(self.path, **{**stale, "campaign": "Spring"}), 417, "TimestampMismatchError"
		)
		self.assertEqual(self.opportunity(self.name)["campaign"], "Autumn")

	def test_what_is_not_there(self):
		missing = "/api/resource/Opportunity/CRM-OPP-0000-00000"
		for answer in (
			self.api.get(missing),
			self.api.put(missing, campaign="Autumn"),
			self.api.get("/api/nothing"),
		):
			self.assertAnswer(answer, 404, "DoesNotExistError")
		self.assertEqual(self.api.get("/api/resource/Opportunities").status_code, 403)
		self.assertAnswer(self.api.get("/api/method/crm_pipeline.nothing"), 417, "ValidationError")
		self.assertEqual(self.api.run("Opportunity", self.name, "nothing").status_code, 500)
		self.assertEqual(send("GET", "/assets/crm_pipeline/nothing.js").status_code, 404)

	def test_bodies_and_arguments_that_are_no_json(self):
		broken = self.api.call("PUT", self.path, data="{", content_type="application/json")
		self.assertAnswer(broken, *((500, "JSONDecodeError") if AS_15 else (417, "DataError")))
		number = self.api.call("PUT", self.path, data="1", content_type="application/json")
		self.assertAnswer(number, 417, "ValidationError")
		for query in ({"filters": "{"}, {"fields": "{"}):
			self.assertAnswer(self.api.get("/api/resource/Opportunity", **query), 500, "JSONDecodeError")

	def test_lists_of_what_the_doctype_lacks(self):
		lists = "/api/resource/Opportunity"
		for query, of_15, of_16 in (
			({"filters": '{"colour": "red"}'}, (417, "DataError"), (417, "DataError")),
			({"fields": '["colour"]'}, (417, "DataError"), (417, "DataError")),
			(
				{"fields": '["(select name from tabUser)"]'},
				(417, "DataError"),
				(403, "PermissionError"),
			),
			(
				{"filters": '[["status", "resembles", "x"]]'},
				(417, "ValidationError"),
				(500, "KeyError"),
			),
			({"order_by": "colour"}, (500, "OperationalError"), (403, "PermissionError")),
			({"group_by": "colour"}, (500, "OperationalError"), (403, "PermissionError")),
			(
				{"order_by": "name; drop table tabLead"},
				(417, "ValidationError"),
				(417, "ValidationError"),
			),
		):
			with self.subTest(query=query):
				self.assertAnswer(self.api.get(lists, **query), *(of_15 if AS_15 else of_16))

	def test_arguments_of_the_wrong_type(self):
		answer = self.api.run("Opportunity", self.name, "mark_won", close_revenue={"much": 1})
		self.assertAnswer(answer, 417, "FrappeTypeError")

	def test_a_method_that_only_posts(self):
		answer = self.api.get("/api/method/run_doc_method", dt="Opportunity", dn=self.name, method="advance")
		self.assertEqual(answer.status_code, 403)
		self.assertEqual(self.opportunity(self.name)["sales_stage"], "Lead")

	def test_a_follow_up_is_done_and_snoozed(self):
		answer = self.api.run("Opportunity", self.name, "complete_follow_up", outcome="Spoke")
		self.assertAnswer(answer, 417, "FollowUpMissing")
		self.api.put(self.path, next_contact_date="2099-01-01 10:00:00")
		self.api.run("Opportunity", self.name, "snooze_follow_up", until="2099-02-01 10:00:00")
		self.assertEqual(self.opportunity(self.name)["next_contact_date"], "2099-02-01 10:00:00")
		answer = self.api.run("Opportunity", self.name, "complete_follow_up", outcome="Spoke")
		self.assertEqual(answer.status_code, 200)
		self.assertNotIn("next_contact_date", self.opportunity(self.name))

	def test_methods_that_are_not_whitelisted(self):
		for method in ("delete", "apply_status", "request_status"):
			self.assertEqual(self.api.run("Opportunity", self.name, method).status_code, 403)

	def test_guests_get_nothing(self):
		for path in ("/api/resource/Opportunity", self.path):
			self.assertEqual(send("GET", path).status_code, 403)

	def test_a_user_without_role_gets_nothing(self):
		nobody = Api()
		self.made.append(("User", nobody.user))
		for path in ("/api/resource/Opportunity", self.path):
			self.assertAnswer(nobody.get(path), 403, "PermissionError")
		self.assertAnswer(nobody.post("/api/resource/Opportunity", title="Mine"), 403, "PermissionError")
		self.assertEqual(nobody.run("Opportunity", self.name, "advance").status_code, 403)

	def test_a_wrong_token(self):
		answer = send("GET", self.path, headers={"Authorization": "token 123:456"})
		self.assertEqual(answer.status_code, 401)
