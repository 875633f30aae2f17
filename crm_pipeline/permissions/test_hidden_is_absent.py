"""Of a record out of sight, every path tells what it tells of one that is not there."""

import frappe
import frappe.client
from frappe.permissions import add_user_permission

from crm_pipeline.crm_pipeline.doctype.lead.lead import make_customer as customer_from_lead
from crm_pipeline.crm_pipeline.doctype.supplier_quotation.supplier_quotation import make_quotation
from crm_pipeline.exceptions import CustomerExists
from crm_pipeline.permissions import desk_overrides
from crm_pipeline.permissions.visibility import has_permission, is_for_user
from crm_pipeline.tests.factories import make, make_customer, make_lead, make_supplier
from crm_pipeline.tests.limited import Limited, as_, settings

NOBODY = "CRM-OPP-1900-00001"


class TestHiddenIsAbsent(Limited):
	def setUp(self):
		super().setUp()
		self.addCleanup(frappe.clear_cache)

	def answer(self, call) -> str:
		"""What a call tells, without the name that it was asked for."""
		frappe.clear_messages()
		try:
			told = call()
		except Exception as error:
			told = f"{type(error).__name__}: {error}"
		messages = "".join(frappe.as_json(message) for message in frappe.local.message_log)
		text = f"{told} {messages}"
		for name in (self.colleagues.name, self.colleagues.title, NOBODY):
			text = text.replace(name, "NAME")
		return text.split("__frappe_exc_id")[0]

	def assertAbsent(self, ask):
		self.assertEqual(self.answer(lambda: ask(self.colleagues.name)), self.answer(lambda: ask(NOBODY)))

	def test_documents_by_filters(self):
		for filters in (
			lambda name: {"name": name},
			lambda name: {"name": name, "opportunity_owner": self.anna},
			lambda name: [["name", "=", name], ["title", "like", "%"]],
		):
			self.assertAbsent(
				lambda name, filters=filters: desk_overrides.get("Opportunity", filters=filters(name))
			)
		found = desk_overrides.get("Opportunity", filters={"title": self.own.title})
		self.assertEqual(found["name"], self.own.name)
		row = desk_overrides.get("Opportunity Item", filters={"parent": self.own.name}, parent="Opportunity")
		self.assertEqual(row["parent"], self.own.name)

	def test_documents_by_filters_beside_a_name_and_of_singles(self):
		found = desk_overrides.get("Opportunity", self.own.name, {"name": self.colleagues.name})
		self.assertEqual(found["name"], self.own.name)
		as_("Administrator")
		ours, frappes = (
			self.answer(lambda get=get: get("Selling Settings", filters={}))
			for get in (desk_overrides.get, frappe.client.get)
		)
		self.assertEqual(ours, frappes)

	def test_rows_by_name_do_not_name_their_parent(self):
		row = frappe.get_doc("Opportunity Item", self.colleagues.items[0].name)
		frappe.clear_messages()
		self.assertFalse(row.has_permission("read"))
		self.assertNotIn(self.colleagues.name, frappe.as_json(frappe.local.message_log))

	def test_batches_of_auto_close(self):
		as_("Administrator")
		batch = frappe.get_doc(doctype="Auto Close Batch", closed=3).insert(ignore_mandatory=True)
		as_(self.ben)
		self.assertEqual(self.names("Auto Close Batch", filters={"name": batch.name}), set())
		self.assertFalse(has_permission(batch))
		as_("Administrator")
		settings(opportunity_visibility="All")
		as_(self.ben)
		self.assertEqual(self.names("Auto Close Batch", filters={"name": batch.name}), {batch.name})

	def test_notifications_are_for_whom_they_are_for(self):
		as_("Administrator")
		log = frappe.get_doc(
			doctype="Notification Log", for_user=self.anna, type="Alert", subject=self.colleagues.title
		).insert(ignore_permissions=True)
		self.assertTrue(is_for_user(log, "read", self.anna))
		self.assertFalse(is_for_user(log, "read", self.ben))

	def test_a_lead_whose_customer_is_hidden(self):
		as_("Administrator")
		lead = make_lead()
		customer, other = make_customer(lead_name=lead.name), make_customer()
		as_(self.ben)
		with self.assertRefused(CustomerExists, customer.name):
			customer_from_lead(lead.name)
		as_("Administrator")
		frappe.db.set_value("Customer", customer.name, "lead_name", lead.name)
		add_user_permission("Customer", other.name, self.ben)
		frappe.clear_cache(user=self.ben)
		as_(self.ben)
		with self.assertRefused(CustomerExists) as refused:
			customer_from_lead(lead.name)
		self.assertNotIn(customer.name, str(refused.exception))

	def test_a_supplier_quotation_for_a_hidden_opportunity(self):
		as_("Administrator")
		for user in (self.anna, self.ben):
			frappe.get_doc("User", user).add_roles("Purchase User")
		rows = [{"item_name": "Advice", "qty": 1, "rate": 10}]
		offer = make(
			"Supplier Quotation", supplier=make_supplier().name, items=rows, opportunity=self.colleagues.name
		)
		frappe.db.set_value("Supplier Quotation", offer.name, "owner", self.ben)
		as_(self.ben)
		self.assertFalse(make_quotation(offer.name).party_name)
		as_(self.anna)
		self.assertEqual(make_quotation(offer.name).party_name, self.colleagues.party_name)
