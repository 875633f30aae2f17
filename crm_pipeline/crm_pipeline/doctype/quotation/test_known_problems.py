"""What users of ERPNext reported of quotations and opportunities (frappe/erpnext): here it must not come true."""

import frappe

from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import make_quotation as map_quotation
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import make_supplier_quotation
from crm_pipeline.crm_pipeline.doctype.supplier_quotation.supplier_quotation import (
	make_quotation as quotation_from_offer,
)
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make_exchange_rate,
	make_item,
	make_opportunity,
	make_party_opportunity,
	make_supplier,
)


class TestKnownProblems(TestCase):
	def offer(self, opportunity, *positions: int):
		"""What a supplier offers of some rows of an opportunity."""
		offer = make_supplier_quotation(opportunity.name)
		offer.supplier = make_supplier().name
		wanted = [opportunity.items[each].name for each in positions]
		offer.items = [row for row in offer.items if row.opportunity_item in wanted]
		return offer.insert().submit()

	def two_items(self):
		rows = [{"item_code": make_item().name, "qty": qty, "rate": 10} for qty in (2, 3)]
		return make_party_opportunity(items=rows)

	def test_issue_25428_a_supplier_s_offer_keeps_its_opportunity_all_the_way(self):
		"""The link to the opportunity was lost between it and the supplier quotation."""
		opportunity = self.two_items()
		offer = self.offer(opportunity, 0, 1)
		quotation = quotation_from_offer(offer.name).insert().submit()
		for document in (offer, quotation):
			self.assertEqual(document.reload().opportunity, opportunity.name)
			self.assertEqual([row.opportunity for row in document.items], [opportunity.name] * 2)
			self.assertEqual(
				[row.opportunity_item for row in document.items], [row.name for row in opportunity.items]
			)
		self.assertEqual(
			[row.supplier_quotation_item for row in quotation.items], [row.name for row in offer.items]
		)
		self.assertEqual(opportunity.reload().status, "Quotation")
		for doctype in ("Quotation", "Supplier Quotation"):
			links = [link.link_fieldname for link in opportunity.meta.links if link.link_doctype == doctype]
			self.assertEqual(links, ["opportunity"])

	def test_issue_45929_each_item_may_come_from_a_supplier_of_its_own(self):
		"""All items went to the same suppliers, and could not be asked for and compared one by one."""
		opportunity = self.two_items()
		offers = [self.offer(opportunity, each) for each in (0, 1)]
		self.assertNotEqual(offers[0].supplier, offers[1].supplier)
		quotation = quotation_from_offer(offers[0].name)
		quotation = quotation_from_offer(offers[1].name, quotation).insert()
		self.assertEqual([row.supplier_quotation for row in quotation.items], [each.name for each in offers])
		self.assertEqual(
			[row.opportunity_item for row in quotation.items], [row.name for row in opportunity.items]
		)

	def test_issue_29253_the_amount_is_not_counted_beside_the_items(self):
		"""A grand total added the typed amount to the sum of the items."""
		opportunity = make_opportunity(
			opportunity_amount=999, items=[{"item_name": "A", "qty": 2, "rate": 100}]
		)
		self.assertEqual((opportunity.total, opportunity.opportunity_amount), (200, 200))
		opportunity.opportunity_amount = 999
		opportunity.save()
		self.assertEqual((opportunity.base_total, opportunity.base_opportunity_amount), (200, 200))
		self.assertFalse([df for df in opportunity.meta.fields if "grand" in df.fieldname])

	def test_issue_32879_the_items_make_the_amount(self):
		"""What was entered as items left the opportunity's amount as it was."""
		opportunity = make_opportunity(opportunity_amount=50)
		opportunity.append("items", {"item_name": "A", "qty": 3, "rate": 40})
		self.assertEqual(opportunity.save().opportunity_amount, 120)
		opportunity.items[0].qty = 1
		self.assertEqual((opportunity.save().opportunity_amount, opportunity.weighted_amount), (40, 4))

	def test_pull_45540_a_quotation_is_in_the_opportunity_s_currency(self):
		"""It came in the company's currency, with the opportunity's figures."""
		make_exchange_rate("EUR", "USD", 1.25)
		base = frappe.get_cached_doc("Selling Settings").base_currency
		opportunity = make_party_opportunity(currency="EUR")
		self.assertNotEqual(base, "EUR")
		quotation = map_quotation(opportunity.name)
		self.assertEqual((quotation.currency, quotation.conversion_rate), ("EUR", 1.25))
		self.assertEqual((quotation.net_total, quotation.base_net_total), (200, 250))
		self.assertEqual(quotation.insert().submit().currency, "EUR")
