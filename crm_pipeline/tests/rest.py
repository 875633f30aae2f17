"""Tests that go over REST with a token."""

import frappe

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.clearing import remove
from crm_pipeline.tests.http import Api

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
			remove(doctype, name)
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

	def opportunity(self, name: str) -> dict:
		return self.api.get(f"/api/resource/Opportunity/{name}").json["data"]

	def run_ok(self, name: str, method: str, **arguments) -> dict:
		answer = self.api.run("Opportunity", name, method, **arguments)
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		return self.opportunity(name)

	def assertAnswer(self, answer, status: int, exc_type: str):
		self.assertEqual((answer.status_code, answer.json.get("exc_type")), (status, exc_type))
