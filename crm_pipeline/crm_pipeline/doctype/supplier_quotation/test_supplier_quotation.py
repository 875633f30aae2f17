import frappe

from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import make_supplier_quotation
from crm_pipeline.crm_pipeline.doctype.supplier_quotation.supplier_quotation import make_quotation
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_contact, make_opportunity, make_party_opportunity, make_supplier


class TestSupplierQuotation(TestCase):
	def offer(self, opportunity, rate=60):
		offer = make_supplier_quotation(opportunity.name)
		offer.supplier = make_supplier().name
		for row in offer.items:
			row.rate = rate
		return offer.insert().submit()

	def test_from_the_opportunity_with_links_on_head_and_rows(self):
		opportunity = make_party_opportunity(contact_email="customer@example.org")
		offer = self.offer(opportunity)
		self.assertEqual(
			(offer.opportunity, offer.status, offer.net_total), (opportunity.name, "Submitted", 120)
		)
		self.assertEqual(offer.items[0].opportunity, opportunity.name)
		self.assertEqual(offer.items[0].opportunity_item, opportunity.items[0].name)
		self.assertNotEqual(offer.contact_email, "customer@example.org")

	def test_an_opportunity_without_party_may_ask_suppliers(self):
		opportunity = make_opportunity(items=[{"item_name": "Crane", "qty": 1}])
		self.assertEqual(self.offer(opportunity, 5000).net_total, 5000)

	def test_it_does_not_move_the_opportunity(self):
		opportunity = make_party_opportunity()
		offer = self.offer(opportunity)
		self.assertEqual(opportunity.reload().status, "Open")
		offer.cancel()
		self.assertEqual(offer.status, "Cancelled")

	def test_a_quotation_to_the_customer_from_it(self):
		opportunity = make_party_opportunity()
		offer = self.offer(opportunity)
		quotation = make_quotation(offer.name)
		self.assertEqual((quotation.quotation_to, quotation.party_name), ("Customer", opportunity.party_name))
		row = quotation.items[0]
		self.assertEqual(
			(row.supplier_quotation, row.supplier_quotation_item), (offer.name, offer.items[0].name)
		)
		self.assertEqual(
			(row.opportunity, row.opportunity_item), (opportunity.name, opportunity.items[0].name)
		)
		quotation.insert().submit()
		self.assertEqual(opportunity.reload().status, "Quotation")

	def test_the_supplier_s_contact_is_fetched(self):
		supplier = make_supplier()
		contact = make_contact(supplier, email_id="offers@example.org")
		offer = frappe.get_doc(doctype="Supplier Quotation", supplier=supplier.name, net_total=10).insert()
		self.assertEqual((offer.contact_person, offer.contact_email), (contact.name, "offers@example.org"))
