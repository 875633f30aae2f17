"""Opportunities and quotations of a lead say where the person works."""

import frappe

from crm_pipeline.parties.organization import fill_organizations
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_customer, make_lead, make_opportunity, make_quotation, unique


class TestOrganization(TestCase):
	def setUp(self):
		self.firm = unique("Engines")
		self.lead = make_lead(first_name="Ada", last_name="Lovelace", company_name=self.firm)

	def opportunity(self, lead=None):
		return make_opportunity(opportunity_from="Lead", party_name=(lead or self.lead).name)

	def shown(self, doc):
		return frappe.db.get_value(doc.doctype, doc.name, "company_name")

	def test_an_opportunity_shows_the_organization_beside_the_person(self):
		opportunity = self.opportunity()
		self.assertEqual((opportunity.customer_name, opportunity.company_name), ("Ada Lovelace", self.firm))

	def test_a_lead_that_is_its_organization_shows_it_once(self):
		lead = make_lead(first_name=None, last_name=None, company_name=self.firm)
		self.assertIsNone(self.opportunity(lead).company_name)

	def test_so_does_a_customer(self):
		customer = make_customer()
		opportunity = make_opportunity(opportunity_from="Customer", party_name=customer.name)
		self.assertIsNone(opportunity.company_name)

	def test_another_party_brings_its_own(self):
		opportunity = self.opportunity()
		opportunity.party_name = make_lead(company_name=unique("Other")).name
		opportunity.save()
		self.assertTrue(opportunity.company_name.startswith("Other"))
		opportunity.update({"opportunity_from": "Customer", "party_name": make_customer().name})
		self.assertIsNone(opportunity.save().company_name)

	def test_a_quotation_is_called_after_both(self):
		quotation = make_quotation(self.opportunity(), submit=False)
		self.assertEqual(quotation.title, f"Ada Lovelace, {self.firm}")

	def test_long_names_fit_into_the_title(self):
		lead = make_lead(first_name="A" * 120, last_name=None, company_name="B" * 120)
		quotation = make_quotation(self.opportunity(lead), submit=False)
		self.assertEqual(quotation.title, f"{'A' * 120}, {'B' * 18}")

	def test_a_person_who_changes_jobs_takes_them_along(self):
		opportunity = self.opportunity()
		quotation = make_quotation(opportunity)
		self.lead.reload()
		self.lead.company_name = "New Employer"
		self.lead.save()
		self.assertEqual([self.shown(doc) for doc in (opportunity, quotation)], ["New Employer"] * 2)

	def test_what_was_there_before_is_filled(self):
		opportunity, customer = (
			self.opportunity(),
			make_opportunity(opportunity_from="Customer", party_name=make_customer().name),
		)
		for doc in (opportunity, customer):
			doc.db_set("company_name", None)
		fill_organizations()
		self.assertEqual([self.shown(doc) for doc in (opportunity, customer)], [self.firm, None])

	def test_links_search_the_organization_too(self):
		self.assertIn("company_name", frappe.get_meta("Opportunity").get_search_fields())
