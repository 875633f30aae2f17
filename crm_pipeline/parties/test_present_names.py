"""Quotations are called by the present name and organization of their party, submitted ones too."""

import frappe

from crm_pipeline.parties.organization import fill_organizations
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_customer,
	make_lead,
	make_opportunity,
	make_quotation,
	make_supplier,
	unique,
)


class TestTitles(TestCase):
	def setUp(self):
		super().setUp()
		self.lead = make_lead(first_name="Ada", last_name="Lovelace", company_name=unique("Engines"))

	def quotations(self, party) -> list:
		"""A draft and a submitted quotation to a party."""
		opportunity = make_opportunity(opportunity_from=party.doctype, party_name=party.name)
		return [make_quotation(opportunity, submit=submit) for submit in (False, True)]

	def assertCalled(self, quotations: list, title: str, **fields):
		for quotation in quotations:
			with self.subTest(docstatus=quotation.docstatus):
				expected = {"title": title, **fields}
				shown = frappe.db.get_value("Quotation", quotation.name, list(expected), as_dict=True)
				self.assertEqual(shown, expected)

	def move_to(self, organization: str | None):
		self.lead.reload()
		self.lead.company_name = organization
		self.lead.save()

	def test_they_follow_the_organization_of_their_lead(self):
		quotations = self.quotations(self.lead)
		for organization in ("New Employer", 'O\'Hara & "Söhne" #7, 100 %', "Back\\slash"):
			self.move_to(organization)
			self.assertCalled(quotations, f"Ada Lovelace, {organization}", company_name=organization)
		self.move_to(None)
		self.assertCalled(quotations, "Ada Lovelace", company_name=None)

	def test_they_are_called_as_saving_would_call_them(self):
		quotations = self.quotations(self.lead)
		self.move_to("ß" * 138)
		self.assertCalled(quotations, f"Ada Lovelace, {'ß' * 126}")
		quotations[0].reload().save()
		self.assertCalled(quotations, f"Ada Lovelace, {'ß' * 126}")

	def test_of_another_lead_they_stay(self):
		other = make_lead(first_name="Mary", last_name="Somerville", company_name="Royal Society")
		quotations = self.quotations(other)
		self.move_to("New Employer")
		self.assertCalled(quotations, "Mary Somerville, Royal Society")

	def test_what_was_there_before_is_filled(self):
		quotations = self.quotations(self.lead)
		for quotation in quotations:
			frappe.db.set_value("Quotation", quotation.name, {"title": "Stale", "company_name": None})
		fill_organizations()
		self.assertCalled(quotations, f"Ada Lovelace, {self.lead.company_name}")

	def test_they_follow_a_merged_lead(self):
		other = make_lead(first_name="Mary", last_name="Somerville", company_name="Royal Society")
		quotations = self.quotations(self.lead)
		frappe.rename_doc("Lead", self.lead.name, other.name, force=True, merge=True)
		self.assertCalled(
			quotations,
			"Mary Somerville, Royal Society",
			party_name=other.name,
			customer_name="Mary Somerville",
			company_name="Royal Society",
		)

	def test_they_follow_a_renamed_customer(self):
		customer = make_customer()
		quotations, name = self.quotations(customer), unique("Engines")
		customer.db_set("customer_name", name)
		frappe.rename_doc("Customer", customer.name, name)
		self.assertCalled(quotations, name, party_name=name, customer_name=name)


class TestSuppliers(TestCase):
	def shown(self, quotation) -> tuple[str, ...]:
		return frappe.db.get_value(
			"Supplier Quotation", quotation.name, ["supplier", "supplier_name", "title"]
		)

	def test_their_quotations_follow_a_merged_supplier(self):
		supplier, other = make_supplier(), make_supplier()
		quotation = make("Supplier Quotation", supplier=supplier.name, net_total=5)
		bystander = make("Supplier Quotation", supplier=make_supplier().name, net_total=5)
		before = self.shown(bystander)
		frappe.rename_doc("Supplier", supplier.name, other.name, force=True, merge=True)
		self.assertEqual(self.shown(quotation), (other.name, other.supplier_name, other.supplier_name))
		self.assertEqual(self.shown(bystander), before)
