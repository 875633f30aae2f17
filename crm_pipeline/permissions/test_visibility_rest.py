"""Who sees which opportunities, asked from outside: REST in both versions, document methods and the pipeline page."""

import json

import frappe

from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.factories import make_party_opportunity
from crm_pipeline.tests.http import Api, Browser, answering
from crm_pipeline.tests.rest import RestTestCase

RESOURCE = "/api/resource"
CLIENT = "/api/method/frappe.client"


class TestRest(RestTestCase):
	roles = ("Sales User",)

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.other = Api("Sales User")
		cls.made.append(("User", cls.other.user))
		cls.own, cls.colleagues = (
			make_party_opportunity(opportunity_owner=api.user) for api in (cls.api, cls.other)
		)
		for opportunity in (cls.own, cls.colleagues):
			cls.made += [
				("Item", opportunity.items[0].item_code),
				("Customer", opportunity.party_name),
				("Opportunity", opportunity.name),
			]
		cls.former = frappe.db.get_single_value("Selling Settings", "opportunity_visibility") or "All"
		cls.set(opportunity_visibility=OWN)

	@classmethod
	def tearDownClass(cls):
		cls.set(opportunity_visibility=cls.former, disable_opportunities=0, disabled_roles=[])
		super().tearDownClass()

	@classmethod
	def set(cls, **values):
		frappe.set_user("Administrator")
		frappe.get_doc("Selling Settings").update(values).save()
		frappe.db.commit()

	def assertDenied(self, answer):
		self.assertEqual(answer.status_code, 403, answer.get_data(as_text=True)[:300])
		self.assertNotIn(self.colleagues.title, answer.get_data(as_text=True))

	def assertAbsent(self, answer):
		"""What is hidden answers as what does not exist."""
		self.assertEqual(answer.status_code, 404, answer.get_data(as_text=True)[:300])
		self.assertNotIn(self.colleagues.title, answer.get_data(as_text=True))

	def ask(self, path: str, **query):
		answer = self.api.get(path, **query)
		self.assertEqual(answer.status_code, 200, answer.get_data(as_text=True))
		return answer.json.get("data", answer.json.get("message"))

	def switched(self, **values):
		self.set(**values)
		self.addCleanup(self.set, disable_opportunities=0, disabled_roles=[])

	def test_lists_and_documents(self):
		for base in ("/api", "/api/v1"):
			names = {row["name"] for row in self.ask(f"{base}/resource/Opportunity", limit_page_length=0)}
			self.assertIn(self.own.name, names)
			self.assertNotIn(self.colleagues.name, names)
			self.assertEqual(self.ask(f"{base}/resource/Opportunity/{self.own.name}")["name"], self.own.name)
			self.assertAbsent(self.api.get(f"{base}/resource/Opportunity/{self.colleagues.name}"))
		self.assertAbsent(
			self.api.put(f"{RESOURCE}/Opportunity/{self.colleagues.name}", opportunity_owner=self.api.user)
		)
		self.assertAbsent(self.api.delete(f"{RESOURCE}/Opportunity/{self.colleagues.name}"))

	def test_rows(self):
		rows = self.ask(
			f"{RESOURCE}/Opportunity Item", parent="Opportunity", fields='["parent"]', limit_page_length=0
		)
		parents = {row["parent"] for row in rows}
		self.assertIn(self.own.name, parents)
		self.assertNotIn(self.colleagues.name, parents)
		self.assertEqual(self.ask(f"{RESOURCE}/Opportunity Item/{self.own.items[0].name}")["qty"], 2)
		self.assertDenied(self.api.get(f"{RESOURCE}/Opportunity Item/{self.colleagues.items[0].name}"))
		self.assertDenied(self.api.put(f"{RESOURCE}/Opportunity Item/{self.colleagues.items[0].name}", qty=9))

	def test_client_functions(self):
		for opportunity, seen in ((self.own, True), (self.colleagues, False)):
			filters = json.dumps({"name": opportunity.name})
			self.assertEqual(
				self.ask(f"{CLIENT}.get_count", doctype="Opportunity", filters=filters), int(seen)
			)
			value = self.ask(f"{CLIENT}.get_value", doctype="Opportunity", fieldname="title", filters=filters)
			self.assertEqual(bool(value), seen)
			listed = self.ask(f"{CLIENT}.get_list", doctype="Opportunity", filters=filters)
			self.assertEqual(bool(listed), seen)
			found = self.ask(
				"/api/method/frappe.desk.search.search_link",
				doctype="Opportunity",
				txt=opportunity.name,
				ignore_user_permissions=1,
			)
			self.assertEqual(bool(found), seen)
		self.assertAbsent(self.api.get(f"{CLIENT}.get", doctype="Opportunity", name=self.colleagues.name))

	def test_a_name_within_another_word_asks_for_nothing(self):
		"""Code that looks at other records on the way gets its no."""
		hidden = frappe.get_doc("Opportunity", self.colleagues.name)
		frappe.set_user(self.api.user)
		for sent, missing in (
			({"name": self.colleagues.name}, True),
			({"docs": json.dumps({"name": self.colleagues.name})}, True),
			({"text": f"See {self.colleagues.name}, please"}, False),
			({"name": f"{self.colleagues.name}0"}, False),
			({}, False),
		):
			with self.subTest(sent), answering(**sent):
				if missing:
					self.assertRaises(frappe.DoesNotExistError, hidden.has_permission, "write")
				else:
					self.assertFalse(hidden.has_permission("write"))

	def test_document_methods(self):
		self.assertEqual(self.api.run("Opportunity", self.own.name, "advance").status_code, 200)
		self.assertAbsent(self.api.run("Opportunity", self.colleagues.name, "advance"))
		for opportunity, status in ((self.own, 200), (self.colleagues, 404)):
			path = f"/api/v2/document/Opportunity/{opportunity.name}/method/step_back"
			self.assertEqual(self.api.post(path).status_code, status)

	def test_a_reader_gets_no_more_rights_by_assigning(self):
		frappe.set_user("Administrator")
		frappe.share.add("Opportunity", self.colleagues.name, self.api.user)
		frappe.db.commit()
		self.addCleanup(self.unshare)
		for path, name in (
			("add", self.colleagues.name),
			("add_multiple", json.dumps([self.colleagues.name])),
		):
			sent = {"doctype": "Opportunity", "name": name, "assign_to": json.dumps([self.api.user])}
			answer = self.api.post(f"/api/method/frappe.desk.form.assign_to.{path}", **sent)
			self.assertAnswer(answer, 403, "OpportunityReadOnly")
		self.assertFalse(frappe.db.exists("ToDo", {"reference_name": self.colleagues.name}))
		self.unshare()
		self.assertAbsent(
			self.api.post(
				"/api/method/frappe.desk.form.assign_to.add", **{**sent, "name": self.colleagues.name}
			)
		)

	def unshare(self):
		frappe.set_user("Administrator")
		frappe.db.delete("DocShare", {"share_name": self.colleagues.name, "user": self.api.user})
		frappe.db.commit()

	def test_mappers(self):
		mapper = "/api/method/crm_pipeline.crm_pipeline.doctype.opportunity.opportunity.make_quotation"
		self.assertEqual(self.ask(mapper, source_name=self.own.name)["opportunity"], self.own.name)
		self.assertAbsent(self.api.get(mapper, source_name=self.colleagues.name))

	def test_switched_off_and_on(self):
		for values in ({"disable_opportunities": 1}, {"disabled_roles": [{"role": "Sales User"}]}):
			self.switched(**values)
			for answer in (
				self.api.get(f"{RESOURCE}/Opportunity"),
				self.api.get(f"{RESOURCE}/Opportunity/{self.own.name}"),
				self.api.post(f"{RESOURCE}/Opportunity", title="New"),
				self.api.get("/api/method/crm_pipeline.api.pipeline.get_board"),
			):
				self.assertAnswer(answer, 403, "OpportunitiesSwitchedOff")
			self.set(disable_opportunities=0, disabled_roles=[])
			self.assertEqual(self.ask(f"{RESOURCE}/Opportunity/{self.own.name}")["name"], self.own.name)

	def test_page(self):
		password = frappe.generate_hash(length=20)
		frappe.get_doc("User", self.api.user).update({"new_password": password}).save()
		frappe.db.commit()
		browser = Browser()
		browser.sign_in(self.api.user, password)
		page = browser.call("GET", "/pipeline", headers={"Accept": "text/html"})
		self.assertEqual(page.status_code, 200)
		self.assertIn('id="boot"', page.get_data(as_text=True))
		self.switched(disable_opportunities=1)
		page = browser.call("GET", "/pipeline", headers={"Accept": "text/html"})
		self.assertEqual(page.status_code, 403)
		self.assertIn("Opportunities Switched Off", page.get_data(as_text=True))
		self.assertNotIn('id="boot"', page.get_data(as_text=True))
