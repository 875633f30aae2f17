"""No name in a list means no record: Frappe takes an empty list in a filter for "is not set"."""

import re

import frappe

from crm_pipeline.api.activities import activities, timeline_content
from crm_pipeline.api.party_history import party_history
from crm_pipeline.parties.related_documents import related_documents
from crm_pipeline.quoting.quotations import has_valid_supplier_quotation, quotations_naming
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_customer,
	make_lead,
	make_opportunity,
	make_quotation,
	make_supplier,
)
from crm_pipeline.tests.sources import APP, modules
from crm_pipeline.utils.bulk_sql import NO_NAME, in_list

EMPTY_TEXT_FOR_NOTHING = re.compile(r"""or \[(""|'')\]""")


class TestEmptyLists(TestCase):
	def setUp(self):
		super().setUp()
		self.quotation = make_quotation(submit=False)
		rows = [{"item_name": "Advice", "qty": 1, "rate": 1}]
		self.supplied = make("Supplier Quotation", supplier=make_supplier().name, items=rows).submit()
		for document in (self.quotation, self.supplied):
			document.add_comment("Comment", "Of nobody else's concern")

	def test_the_helper(self):
		self.assertEqual(in_list(["a", "b"]), ["a", "b"])
		self.assertEqual(in_list(each for each in ()), [NO_NAME])
		unnamed = frappe.get_all("Quotation", {"opportunity": ["in", in_list([])]})
		self.assertEqual(unnamed, [])

	def test_a_party_without_opportunities(self):
		for party in (make_lead(), make_customer()):
			with self.subTest(party.doctype):
				self.assertEqual(related_documents(party.doctype, party.name), {party.doctype: [party.name]})
				self.assertEqual(activities(party.doctype, party.name), [])
				self.assertEqual(timeline_content(party.doctype, party.name), [])

	def test_opportunities_with_a_party_type_and_no_party(self):
		opportunity = make_opportunity(opportunity_from="Lead")
		customer = make_customer()
		self.assertEqual(
			related_documents("Opportunity", opportunity.name), {"Opportunity": [opportunity.name]}
		)
		self.assertEqual(related_documents("Customer", customer.name), {"Customer": [customer.name]})
		self.assertEqual(party_history("Customer", customer.name)["counts"]["Open"], 0)
		self.assertEqual(party_history("Opportunity", opportunity.name)["opportunities"], [])

	def test_an_opportunity_without_quotations(self):
		opportunity = make_opportunity()
		self.assertEqual(quotations_naming(opportunity.name), [])
		self.assertFalse(has_valid_supplier_quotation(opportunity.name))
		opportunity.delete()

	def test_nothing_is_meant_by_an_empty_text(self):
		places = [
			str(path.relative_to(APP))
			for path in modules()
			if EMPTY_TEXT_FOR_NOTHING.search(path.read_text())
		]
		self.assertEqual(places, [])
