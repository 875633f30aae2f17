"""Quotations are seen through the opportunities they name, and show none that is out of sight."""

import frappe
import frappe.client
import frappe.share

from crm_pipeline.permissions import desk_overrides
from crm_pipeline.tests.factories import (
	make,
	make_customer,
	make_supplier,
)
from crm_pipeline.tests.limited import Limited, as_


class TestQuotations(Limited):
	def setUp(self):
		super().setUp()
		as_("Administrator")
		for user in (self.anna, self.ben):
			frappe.get_doc("User", user).add_roles("Purchase User")
		self.rows = [{"item_name": "Advice", "qty": 1, "rate": 10, "opportunity": self.colleagues.name}]

	def quotation(self, **fields):
		rows = [{"item_name": "Advice", "qty": 1, "rate": 10}]
		named = frappe.db.get_value("Opportunity", {"name": fields.get("opportunity") or ""}, "party_name")
		party = {
			"quotation_to": "Customer",
			"party_name": fields.get("party_name") or named or make_customer().name,
		}
		return make("Quotation", **{"items": rows, **party, **fields})

	def supplier_quotation(self, **fields):
		rows = [{"item_name": "Advice", "qty": 1, "rate": 10}]
		return make("Supplier Quotation", **{"supplier": make_supplier().name, "items": rows, **fields})

	def assertSeen(self, document, seen: bool):
		self.assertEqual(document.name in self.names(document.doctype), seen)
		self.assertEqual(document.has_permission("read"), seen)
		table = f"{document.doctype} Item"
		rows = frappe.client.get_list(table, ["parent"], {"parent": document.name}, parent=document.doctype)
		self.assertEqual(bool(rows), seen)
		self.assertEqual(desk_overrides.get_count(table, {"parent": document.name}) > 0, seen)

	def test_seen_through_the_opportunity(self):
		for maker in (self.quotation, self.supplier_quotation):
			as_("Administrator")
			documents = {
				self.ben: maker(opportunity=self.own.name),
				self.anna: maker(opportunity=self.colleagues.name),
			}
			for user in (self.ben, self.anna):
				as_(user)
				for owner, document in documents.items():
					self.assertSeen(document, user == owner)

	def test_seen_through_a_row(self):
		for maker in (self.quotation, self.supplier_quotation):
			as_("Administrator")
			document = maker(items=self.rows)
			as_(self.anna)
			self.assertSeen(document, True)
			as_(self.ben)
			self.assertSeen(document, False)

	def test_without_opportunity_own_assigned_or_shared(self):
		document = self.quotation()
		as_(self.ben)
		self.assertSeen(document, False)
		self.assertSeen(self.quotation(party_name=document.party_name), True)
		as_("Administrator")
		frappe.share.add("Quotation", document.name, self.ben)
		as_(self.ben)
		self.assertSeen(document, True)

	def test_nobody_names_a_hidden_opportunity(self):
		customer = self.own.party_name
		as_(self.ben)
		self.quotation(party_name=customer, opportunity=self.own.name)
		for name in (self.colleagues.name, "CRM-OPP-none"):
			with self.assertRefused(frappe.LinkValidationError, f"Could not find Opportunity: {name}"):
				self.quotation(party_name=customer, opportunity=name)
			rows = [{**self.rows[0], "opportunity": name}]
			with self.assertRefused(
				frappe.LinkValidationError, f"Could not find Row #1: Opportunity: {name}"
			):
				self.quotation(party_name=customer, items=rows)
