"""The description of the interface is what the app has, says what it does, and is the file in docs."""

import json
from pathlib import Path

import frappe

import crm_pipeline
from crm_pipeline import exceptions
from crm_pipeline.api import openapi
from crm_pipeline.exceptions import OpportunitiesSwitchedOff
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.http import send
from crm_pipeline.tests.matrix import endpoints
from crm_pipeline.tests.rest import RestTestCase

FILE = Path(crm_pipeline.__file__).parents[1] / "docs" / "openapi.json"
ADDRESS = "/api/method/crm_pipeline.api.openapi.describe"
DESK = (
	"crm_pipeline.permissions.",
	"crm_pipeline.overrides.",
)  # under Frappe's names, which Frappe would describe


def described() -> dict:
	return json.loads(openapi.description())


class TestDescription(TestCase):
	def test_the_file_is_what_is_made_now(self):
		self.assertTrue(
			FILE.read_text() == openapi.description(), "Run `make openapi` and commit docs/openapi.json."
		)

	def test_it_is_made_alike_each_time(self):
		self.assertEqual(openapi.description.__wrapped__(), openapi.description())

	def test_nothing_that_clients_may_call_is_left_out(self):
		endpoints.import_all()
		paths = set(described()["paths"])
		for name in endpoints.declared():
			if not name.startswith(DESK):
				with self.subTest(name):
					self.assertTrue(any(path.endswith(name.rpartition(".")[2]) for path in paths))

	def test_every_operation_is_named_once(self):
		named = [each["operationId"] for each in operations()]
		self.assertEqual(len(named), len(set(named)))

	def test_every_refusal_is_listed_with_its_status(self):
		listed = described()["x-refusals"]
		own = {name for name in vars(exceptions) if getattr(exceptions, name).__class__ is type} - set(
			dir(frappe)
		)
		self.assertEqual(set(listed), own)
		self.assertEqual(listed["StateGone"]["status"], 417)
		self.assertEqual(listed["OpportunityReadOnly"]["status"], 403)

	def test_references_lead_somewhere(self):
		whole = described()
		for reference in references(whole):
			part = whole
			for step in reference.removeprefix("#/").split("/"):
				part = part[step]

	def test_a_method_of_documents(self):
		path = described()["paths"]["/api/v2/document/Opportunity/{name}/method/pause"]
		self.assertEqual(list(path), ["post"])
		body = path["post"]["requestBody"]["content"]["application/json"]["schema"]
		self.assertEqual(body["required"], ["until"])
		self.assertEqual(list(body["properties"]), ["until", "reason", "from_status"])
		self.assertIn("PauseDatePassed", path["post"]["responses"]["417"]["description"])

	def test_arguments_in_an_address(self):
		path = described()["paths"]["/api/method/crm_pipeline.api.pipeline.get_cards"]
		given = {each["name"]: each for each in path["get"]["parameters"]}
		self.assertTrue(given["stage"]["required"])
		self.assertNotIn("required", given["limit"])
		self.assertEqual(given["limit"]["schema"], {"type": "integer", "default": 50})
		self.assertEqual(given["filters"]["schema"]["contentMediaType"], "application/json")

	def test_what_no_role_may_do_is_not_offered(self):
		paths = described()["paths"]
		self.assertEqual(list(paths["/api/resource/Pipeline%20Change"]), ["get"])
		self.assertEqual(list(paths["/api/resource/Opportunity/{name}"]), ["get", "put", "delete"])
		self.assertNotIn("/api/resource/Pipeline%20Write", paths)
		self.assertNotIn("/api/resource/Opportunity%20Item", paths)
		self.assertIn("/api/resource/Selling%20Settings/Selling%20Settings", paths)

	def test_fields(self):
		fields = described()["components"]["schemas"]["Opportunity"]["allOf"][1]["properties"]
		self.assertNotIn("stage_section", fields)
		self.assertEqual(
			fields["items"], {"type": "array", "items": {"$ref": "#/components/schemas/OpportunityItem"}}
		)
		self.assertEqual(fields["status"]["enum"][:2], ["Open", "Replied"])
		self.assertTrue(fields["weighted_amount"]["readOnly"])
		self.assertEqual(fields["opportunity_amount"]["minimum"], 0)
		self.assertEqual(fields["title"]["maxLength"], 140)
		self.assertNotIn("enum", fields["naming_series"])
		self.assertEqual(
			set(fields), {df.fieldname for df in frappe.get_meta("Opportunity").fields if stored(df)}
		)

	def test_what_is_required_is(self):
		for doctype, needed, values in (
			("Quotation", "party_name", {"quotation_to": "Lead", "currency": "USD"}),
			("Supplier Quotation", "supplier", {"currency": "USD"}),
			("Customer", "customer_name", {}),
			("Sales Process", "stages", {"process_name": "Without Stages"}),
		):
			path = described()["paths"][f"/api/resource/{doctype.replace(' ', '%20')}"]["post"]
			sent = path["requestBody"]["content"]["application/json"]["schema"]
			with self.subTest(doctype, needed=needed), self.assertRaises(frappe.ValidationError):
				self.assertIn(needed, sent["allOf"][1]["required"])
				frappe.get_doc({"doctype": doctype, **values}).insert()

	def test_who_may_read_it(self):
		for role in ("Sales User", "Purchase User", "System Manager"):
			with self.subTest(role), self.as_user(role):
				self.assertEqual(json.loads(openapi.describe().get_data())["openapi"], "3.1.0")
		with self.as_user(), self.assertRaises(frappe.PermissionError):
			openapi.describe()
		frappe.db.set_single_value("Selling Settings", "disable_opportunities", 1)
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		with self.as_user("Sales User"), self.assertRefused(OpportunitiesSwitchedOff):
			openapi.describe()


class TestOverHttp(RestTestCase):
	def test_the_answer_is_the_file(self):
		answer = self.api.get(ADDRESS)
		self.assertEqual((answer.status_code, answer.mimetype), (200, "application/json"))
		self.assertTrue(answer.get_data(as_text=True) == openapi.description())

	def test_guests_are_refused(self):
		self.assertEqual(send("GET", ADDRESS).status_code, 403)


def stored(df) -> bool:
	return df.fieldtype not in frappe.model.no_value_fields or df.fieldtype in frappe.model.table_fields


def operations() -> list[dict]:
	return [operation for path in described()["paths"].values() for operation in path.values()]


def references(part) -> list[str]:
	if isinstance(part, list):
		return [each for item in part for each in references(item)]
	if not isinstance(part, dict):
		return []
	own = [part["$ref"]] if "$ref" in part else []
	return own + [each for item in part.values() for each in references(item)]
