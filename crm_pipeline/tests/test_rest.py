"""The whole walk over REST with a token, and what REST answers to bad input."""

import json

import frappe

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make_item, make_lost_reason, make_supplier, unique
from crm_pipeline.tests.http import Api, send

MAPPERS = "/api/method/crm_pipeline.crm_pipeline.doctype"


class RestTestCase(TestCase):
	"""Commits, since requests do; takes away what it made, newest first."""

	roles = ("Sales User", "Sales Manager", "Purchase User")

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.set_user("Administrator")
		cls.api = Api(*cls.roles)
		cls.made = [("User", cls.api.user)]

	@classmethod
	def tearDownClass(cls):
		frappe.set_user("Administrator")
		for doctype, name in reversed(cls.made):
			doc = frappe.get_doc(doctype, name)
			if doc.docstatus == 1:
				doc.cancel()
			frappe.delete_doc(doctype, name, force=True, ignore_permissions=True)
		frappe.db.commit()
		super().tearDownClass()

	def undo(self):
		frappe.db.rollback()

	def create(self, doctype: str, /, **values) -> dict:
		answer = self.api.post(f"/api/resource/{doctype}", **values)
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		data = answer.json["data"]
		self.made.append((doctype, data["name"]))
		return data

	def keep(self, doc) -> str:
		self.made.append((doc.doctype, doc.name))
		frappe.db.commit()
		return doc.name

	def map(self, path: str, source: str) -> dict:
		answer = self.api.get(f"{MAPPERS}.{path}", source_name=source)
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		return {key: value for key, value in answer.json["message"].items() if key != "name"}

	def deal(self, name: str) -> dict:
		return self.api.get(f"/api/resource/Opportunity/{name}").json["data"]

	def run_ok(self, name: str, method: str, **arguments) -> dict:
		answer = self.api.run("Opportunity", name, method, **arguments)
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		return self.deal(name)

	def assertAnswer(self, answer, status: int, exc_type: str):
		self.assertEqual((answer.status_code, answer.json.get("exc_type")), (status, exc_type))


class TestWalk(RestTestCase):
	def test_from_lead_to_won(self):
		item, supplier = self.keep(make_item()), self.keep(make_supplier())
		reason = self.keep(make_lost_reason())
		lead = self.create("Lead", first_name="Ada", last_name="Byron", email_id="ada@example.org")
		mapped = self.map("lead.lead.make_opportunity", lead["name"])
		mapped["items"] = [{"item_code": item, "qty": 2, "rate": 50}]
		name = self.create("Opportunity", **mapped)["name"]
		self.assertEqual(self.deal(name)["opportunity_amount"], 100)

		quotation = self.create("Quotation", **self.map("opportunity.opportunity.make_quotation", name))
		self.assertEqual(self.deal(name)["status"], "Open")
		path = f"/api/resource/Quotation/{quotation['name']}"
		self.assertEqual(self.api.put(path, docstatus=1).status_code, 200)
		self.assertEqual(self.deal(name)["status"], "Quotation")

		offer = self.map("opportunity.opportunity.make_supplier_quotation", name)
		offer = self.create("Supplier Quotation", **offer, supplier=supplier)
		answer = self.api.put(f"/api/resource/Supplier Quotation/{offer['name']}", docstatus=1)
		self.assertEqual(answer.json["data"]["status"], "Submitted")

		refused = self.api.run("Opportunity", name, "declare_lost", lost_reasons=[reason])
		self.assertAnswer(refused, 417, "ActiveQuotationStands")
		self.assertIn(
			quotation["name"], json.loads(json.loads(refused.json["_server_messages"])[0])["message"]
		)
		self.assertEqual(self.api.put(path, docstatus=2).status_code, 200)
		self.assertEqual(self.deal(name)["status"], "Open")

		self.assertAnswer(
			self.api.run("Opportunity", name, "declare_lost", lost_reasons=[]), 417, "LostReasonsMissing"
		)
		self.assertEqual(self.run_ok(name, "declare_lost", lost_reasons=[reason])["status"], "Lost")
		self.assertEqual(self.run_ok(name, "reopen")["status"], "Open")
		self.assertEqual(self.run_ok(name, "pause", until=in_days(3))["status"], "Paused")
		self.assertEqual(self.run_ok(name, "resume")["status"], "Open")
		self.assertEqual(self.run_ok(name, "advance")["sales_stage"], "Pitching")
		self.assertEqual(self.run_ok(name, "step_back")["sales_stage"], "Lead")
		won = self.run_ok(name, "mark_won", close_revenue=90)
		self.assertEqual((won["status"], won["sales_stage"], won["close_revenue"]), ("Converted", "Won", 90))

	def test_methods_over_the_second_api_version(self):
		name = self.create("Opportunity", title=unique("Second version"))["name"]
		answer = self.api.post(f"/api/v2/document/Opportunity/{name}/method/advance")
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		self.assertEqual(self.deal(name)["sales_stage"], "Pitching")

	def test_lists_filter_order_and_page(self):
		campaign = unique("Campaign")
		for amount in (30, 10, 20):
			self.create("Opportunity", title=unique("Deal"), campaign=campaign, opportunity_amount=amount)
		query = {"filters": json.dumps({"campaign": campaign}), "fields": '["opportunity_amount"]'}
		answer = self.api.get(
			"/api/resource/Opportunity", **query, order_by="opportunity_amount desc", limit=2
		)
		self.assertEqual([row["opportunity_amount"] for row in answer.json["data"]], [30, 20])
		count = self.api.get(
			"/api/method/frappe.client.get_count", doctype="Opportunity", filters=query["filters"]
		)
		self.assertEqual(count.json["message"], 3)

	def test_functions_that_clients_call(self):
		def call(function: str, **values):
			answer = self.api.post(f"/api/method/frappe.client.{function}", **values)
			self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
			return answer.json.get("message")

		doc = call("insert", doc={"doctype": "Lead", "first_name": "Ada"})
		self.made.append(("Lead", doc["name"]))
		named = {"doctype": "Lead", "name": doc["name"]}
		self.assertEqual(call("set_value", **named, fieldname="first_name", value="Eva")["first_name"], "Eva")
		doc = call("get", **named)
		self.assertEqual(call("save", doc={**doc, "last_name": "Byron"})["last_name"], "Byron")
		update = {"doctype": "Lead", "docname": doc["name"], "last_name": "King"}
		self.assertEqual(call("bulk_update", docs=json.dumps([update]))["failed_docs"], [])
		found = call("get_value", doctype="Lead", fieldname=["last_name"], filters={"name": doc["name"]})
		self.assertEqual(found, {"last_name": "King"})
		listed = call("get_list", doctype="Lead", filters={"name": doc["name"]})
		self.assertEqual(listed, [{"name": doc["name"]}])
		for name in call("insert_many", docs=[{"doctype": "Lead", "first_name": "Ida"}] * 2):
			call("delete", doctype="Lead", name=name)
			self.assertEqual(self.api.get(f"/api/resource/Lead/{name}").status_code, 404)

	def test_rows_are_read_and_written_through_their_parent(self):
		item = self.keep(make_item())
		rows = [{"item_code": item, "qty": 2, "rate": 50}]
		doc = self.create("Opportunity", title=unique("Rows"), with_items=1, items=rows)
		row = {"doctype": "Opportunity Item", "name": doc["items"][0]["name"]}
		client = "/api/method/frappe.client"
		self.assertEqual(self.api.get("/api/resource/Opportunity Item").status_code, 403)
		listed = self.api.get(
			"/api/resource/Opportunity Item",
			parent="Opportunity",
			filters=json.dumps({"parent": doc["name"]}),
		)
		self.assertEqual(listed.json["data"], [{"name": row["name"]}])
		self.api.post(f"{client}.set_value", **row, fieldname="qty", value=3)
		self.assertEqual(self.deal(doc["name"])["opportunity_amount"], 150)
		parent = {"parenttype": "Opportunity", "parent": doc["name"], "parentfield": "items"}
		new = {"doctype": "Opportunity Item", "item_code": item, "qty": 1, "rate": 10, **parent}
		self.api.post(f"{client}.insert", doc=new)
		self.api.post(f"{client}.delete", **row)
		self.assertEqual(self.deal(doc["name"])["opportunity_amount"], 10)

	def test_suggestions_for_links(self):
		lead = self.create("Lead", first_name=unique("Suggested"))
		answer = self.api.get(
			"/api/method/frappe.desk.search.search_link", doctype="Lead", txt=lead["first_name"][:14]
		)
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		suggested = answer.json.get("message") or answer.json["results"]
		self.assertIn(lead["name"], [row["value"] for row in suggested])

	def test_a_method_of_a_stored_document_in_its_own_path(self):
		name = self.create("Opportunity", title=unique("Own path"))["name"]
		answer = self.api.post(f"/api/resource/Opportunity/{name}", run_method="advance")
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		self.assertEqual(self.deal(name)["sales_stage"], "Pitching")

	def test_deleting(self):
		name = self.create("Lead", first_name=unique("Deleted"))["name"]
		self.made.remove(("Lead", name))
		answer = self.api.delete(f"/api/resource/Lead/{name}")
		self.assertEqual((answer.status_code, answer.json.get("data") or answer.json["message"]), (202, "ok"))
		self.assertEqual(self.api.get(f"/api/resource/Lead/{name}").status_code, 404)

	def test_reports_run_over_rest(self):
		answer = self.api.get("/api/method/frappe.desk.query_report.run", report_name="Lost Opportunity")
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		self.assertIn("columns", answer.json["message"])


class TestRefusals(RestTestCase):
	roles = ("Sales User",)

	def setUp(self):
		super().setUp()
		self.name = self.create("Opportunity", title=unique("Deal"), opportunity_amount=10)["name"]
		self.path = f"/api/resource/Opportunity/{self.name}"

	def test_values_that_cannot_be(self):
		for values, exc_type in (
			({"source": "Rumour"}, "LinkValidationError"),
			({"opportunity_amount": -1}, "NonNegativeError"),
			({"opportunity_amount": float("nan")}, "ImpossibleNumber"),
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
				before = self.deal(self.name)
				self.assertAnswer(self.api.put(self.path, **values), 417, exc_type)
				self.assertEqual(self.deal(self.name), before)

	def test_a_quotation_without_party(self):
		answer = self.api.get(f"{MAPPERS}.opportunity.opportunity.make_quotation", source_name=self.name)
		self.assertAnswer(answer, 417, "PartyMissing")

	def test_a_stale_save(self):
		stale = self.deal(self.name)
		self.assertEqual(self.api.put(self.path, campaign="Autumn").status_code, 200)
		self.assertAnswer(
			self.api.put(self.path, **{**stale, "campaign": "Spring"}), 417, "TimestampMismatchError"
		)
		self.assertEqual(self.deal(self.name)["campaign"], "Autumn")

	def test_what_is_not_there(self):
		missing = "/api/resource/Opportunity/CRM-OPP-0000-00000"
		for answer in (
			self.api.get(missing),
			self.api.put(missing, campaign="Autumn"),
			self.api.get("/api/nothing"),
		):
			self.assertAnswer(answer, 404, "DoesNotExistError")
		self.assertEqual(self.api.get("/api/resource/Oportunity").status_code, 403)
		self.assertAnswer(self.api.get("/api/method/crm_pipeline.nothing"), 417, "ValidationError")
		self.assertEqual(self.api.run("Opportunity", self.name, "nothing").status_code, 500)
		self.assertEqual(send("GET", "/assets/crm_pipeline/nothing.js").status_code, 404)

	def test_bodies_and_arguments_that_are_no_json(self):
		broken = self.api.call("PUT", self.path, data="{", content_type="application/json")
		self.assertAnswer(broken, 500, "JSONDecodeError")
		number = self.api.call("PUT", self.path, data="1", content_type="application/json")
		self.assertAnswer(number, 417, "ValidationError")
		for query in ({"filters": "{"}, {"fields": "{"}):
			self.assertAnswer(self.api.get("/api/resource/Opportunity", **query), 500, "JSONDecodeError")

	def test_lists_of_what_the_doctype_lacks(self):
		lists = "/api/resource/Opportunity"
		for query in (
			{"filters": '{"colour": "red"}'},
			{"fields": '["colour"]'},
			{"fields": '["(select name from tabUser)"]'},
		):
			with self.subTest(query=query):
				self.assertAnswer(self.api.get(lists, **query), 417, "DataError")
		for query in (
			{"filters": '[["status", "resembles", "x"]]'},
			{"order_by": "name; drop table tabLead"},
		):
			with self.subTest(query=query):
				self.assertAnswer(self.api.get(lists, **query), 417, "ValidationError")

	def test_arguments_of_the_wrong_type(self):
		answer = self.api.run("Opportunity", self.name, "mark_won", close_revenue={"much": 1})
		self.assertAnswer(answer, 417, "FrappeTypeError")

	def test_a_method_that_only_posts(self):
		answer = self.api.get("/api/method/run_doc_method", dt="Opportunity", dn=self.name, method="advance")
		self.assertEqual(answer.status_code, 403)
		self.assertEqual(self.deal(self.name)["sales_stage"], "Lead")

	def test_a_follow_up_is_done_and_snoozed(self):
		answer = self.api.run("Opportunity", self.name, "complete_follow_up", outcome="Spoke")
		self.assertAnswer(answer, 417, "FollowUpMissing")
		self.api.put(self.path, next_contact_date="2099-01-01 10:00:00")
		self.api.run("Opportunity", self.name, "snooze_follow_up", until="2099-02-01 10:00:00")
		self.assertEqual(self.deal(self.name)["next_contact_date"], "2099-02-01 10:00:00")
		answer = self.api.run("Opportunity", self.name, "complete_follow_up", outcome="Spoke")
		self.assertEqual(answer.status_code, 200)
		self.assertNotIn("next_contact_date", self.deal(self.name))

	def test_methods_that_are_not_whitelisted(self):
		for method in ("delete", "apply_status", "ask_for"):
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
