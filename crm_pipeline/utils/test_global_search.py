"""Desk's search finds records by title, party, number and contact, and only for those who see them."""

from unittest.mock import patch

import frappe
import pytest

from crm_pipeline.install import APP
from crm_pipeline.permissions import desk_search
from crm_pipeline.permissions.desk_search import search_everywhere
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make_contact,
	make_customer,
	make_lead,
	make_opportunity,
	make_quotation,
	make_user,
)
from crm_pipeline.utils import search_index

SEARCHED = {
	"Opportunity": {
		"title",
		"party_name",
		"customer_name",
		"company_name",
		"contact_email",
		"contact_person",
	},
	"Quotation": {"party_name", "customer_name", "company_name", "contact_email", "contact_person"},
	"Supplier Quotation": {"supplier", "supplier_name", "contact_email", "contact_person"},
	"Lead": {"lead_name", "company_name", "email_id"},
	"Customer": {"customer_name", "email_id"},
	"Supplier": {"supplier_name"},
	"Item": {"item_code", "item_name"},
}
NUMBERED = ("Opportunity", "Quotation", "Supplier Quotation", "Lead")


class TestSearchedFields(TestCase):
	def test_fields(self):
		for doctype, fields in SEARCHED.items():
			with self.subTest(doctype):
				marked = {df.fieldname for df in frappe.get_meta(doctype).fields if df.in_global_search}
				self.assertEqual(marked, fields)

	def test_without_an_index_nothing_is_found(self):
		with patch.object(desk_search, "is_there", return_value=False):
			self.assertEqual(search_everywhere("anything"), [])

	def test_numbers(self):
		for doctype in NUMBERED:
			self.assertTrue(frappe.get_meta(doctype).show_name_in_global_search, doctype)

	def test_the_wizard_is_answered(self):
		hook = frappe.get_hooks("global_search_doctypes", app_name=APP)["Default"]
		self.assertEqual([each["doctype"] for each in hook], list(search_index.DOCTYPES))


@pytest.mark.bench_only("The embedded host keeps no index for Desk's search.")
class TestSearch(TestCase):
	def setUp(self):
		super().setUp()
		if not search_index.is_there():
			self.skipTest("Frappe's own search has no SQLite")
		# Words of their own: databases index whole words, and match what is in most rows as nothing.
		self.word = f"q{frappe.generate_hash(length=12)}"
		self.customer = make_customer(customer_name=f"Firm {self.word}")
		self.contact = make_contact(self.customer, email_id=f"{self.word}mail@example.org")
		self.opportunity = make_opportunity(
			title=f"Printers {self.word}title",
			opportunity_from="Customer",
			party_name=self.customer.name,
			contact_person=self.contact.name,
		)
		self.quotation = make_quotation(self.opportunity, net_total=10)
		self.lead = make_lead(last_name=f"{self.word}lead")
		self.rebuild()

	def rebuild(self):
		search_index.set_up_search()
		search_index.rebuild_index()
		frappe.db.commit()  # full-text indexes know what is committed only
		self.addCleanup(self.take_away)

	def take_away(self):
		frappe.set_user("Administrator")
		frappe.db.rollback()
		if frappe.db.exists("Quotation", self.quotation.name):
			frappe.get_doc("Quotation", self.quotation.name).cancel()
		for doc in (self.quotation, self.opportunity, self.contact, self.customer, self.lead):
			if frappe.db.exists(doc.doctype, doc.name):
				frappe.delete_doc(doc.doctype, doc.name, force=True, delete_permanently=True)
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "All")
		frappe.db.commit()

	def undo(self):
		frappe.set_user("Administrator")

	def found(self, text: str) -> set[tuple[str, str]]:
		return {(row["doctype"], row["name"]) for row in search_everywhere(text)}

	def test_found_by_title_party_number_and_contact(self):
		opportunity = ("Opportunity", self.opportunity.name)
		quotation = ("Quotation", self.quotation.name)
		for text, expected in {
			f"{self.word}title": {opportunity},
			self.word: {("Customer", self.customer.name), opportunity, quotation},
			f"{self.word}lead": {("Lead", self.lead.name)},
			f"{self.word}mail@example.org": {opportunity, quotation},
			self.opportunity.name: {opportunity},
		}.items():
			with self.subTest(text):
				self.assertLessEqual(expected, self.found(text))

	def test_hidden_is_not_found(self):
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", OWN)
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		frappe.db.set_value("Opportunity", self.opportunity.name, "owner", "Guest")
		frappe.db.set_value("Quotation", self.quotation.name, "owner", "Guest")
		frappe.db.set_value("Opportunity", self.opportunity.name, "opportunity_owner", None)
		user = make_user("Sales User")
		frappe.set_user(user)
		hidden = {("Opportunity", self.opportunity.name), ("Quotation", self.quotation.name)}
		self.assertIn(("Customer", self.customer.name), self.found(self.word))
		self.assertEqual(self.found(self.word) & hidden, set())
		self.assertEqual(self.found(f"{self.word}title"), set())

	def test_what_a_user_permission_hides_is_not_found(self):
		user, other = make_user("Sales User"), frappe.get_all("Customer", pluck="name", limit=1)[0]
		if other == self.customer.name:
			other = make_customer().name
		frappe.permissions.add_user_permission("Customer", other, user, ignore_permissions=True)
		frappe.set_user(user)
		self.assertNotIn(("Customer", self.customer.name), self.found(self.word))

	def test_clearing(self):
		search_index.clear_index(["Opportunity"])
		self.assertEqual(self.found(f"{self.word}title"), set())
