"""What customers get printed holds nothing that is meant for us alone."""

import frappe
import pytest

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_competitor,
	make_item,
	make_lost_reason,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	unique,
)

FOR_CUSTOMERS = {
	"Opportunity": {
		*("title", "opportunity_from", "party_name", "customer_name", "opportunity_amount", "currency"),
		*("opportunity_owner", "transaction_date", "items", "total", "contact_person", "contact_email"),
		*("contact_mobile", "country", "customer_need", "proposed_solution", "company_name"),
	},
	"Opportunity Item": {"item_code", "item_name", "qty", "uom", "description", "rate", "amount"},
	"Quotation": {
		*(
			"quotation_to",
			"party_name",
			"customer_name",
			"company_name",
			"transaction_date",
			"valid_till",
			"items",
			"total_qty",
		),
		*("net_total", "terms", "contact_email", "contact_mobile", "address_display", "taxes", "total"),
		*("additional_discount_percentage", "discount_amount", "total_taxes_and_charges", "grand_total"),
	},
	"Quotation Item": {
		*("item_code", "item_name", "qty", "uom", "description", "rate", "amount"),
		*("price_list_rate", "discount_percentage", "discount_amount"),
	},
	"Sales Taxes and Charges": {
		*("charge_type", "description", "rate", "included_in_print_rate", "tax_amount"),
	},
}
LAYOUT = ("Section Break", "Column Break", "Tab Break")


class TestPrintedFields(TestCase):
	def test_only_what_is_for_customers(self):
		for doctype, printed in FOR_CUSTOMERS.items():
			with self.subTest(doctype):
				fields = frappe.get_meta(doctype).fields
				shown = {df.fieldname for df in fields if not df.print_hide and df.fieldtype not in LAYOUT}
				self.assertEqual(shown, printed)


@pytest.mark.bench_only("The embedded host prints nothing.")
class TestPrint(TestCase):
	def setUp(self):
		super().setUp()
		self.secret = unique("Secret")

	def printed(self, doc) -> str:
		return frappe.get_print(doc.doctype, doc.name, doc=doc)

	def test_opportunity(self):
		opportunity = make_party_opportunity(
			to_discuss=self.secret, probability=37.25, customer_need="Printers"
		)
		html = self.printed(opportunity.reload())
		self.assertIn(opportunity.customer_name, html)
		self.assertIn("Printers", html)
		for internal in (self.secret, "37.25", "Weighted", "Probability", "Stage", "Waiting", "Contact By"):
			self.assertNotIn(internal, html)

	def test_lost_opportunity(self):
		opportunity = make_opportunity()
		reason, competitor = make_lost_reason().name, make_competitor().name
		opportunity.declare_lost([reason], [competitor], self.secret)
		html = self.printed(opportunity.reload())
		for internal in (reason, competitor, self.secret):
			self.assertNotIn(internal, html)

	def test_paused_opportunity(self):
		opportunity = make_opportunity()
		opportunity.pause(in_days(5), self.secret)
		self.assertNotIn(self.secret, self.printed(opportunity.reload()))

	def test_quotation(self):
		item = make_item(item_name=unique("Printer"))
		opportunity = make_party_opportunity(items=[{"item_code": item.name, "qty": 2, "rate": 100}])
		quotation = make_quotation(opportunity)
		html = self.printed(quotation.reload())
		self.assertIn(item.item_name, html)
		self.assertNotIn(opportunity.name, html)
		reason = make_lost_reason().name
		quotation.declare_lost([reason], None, self.secret)
		for internal in (reason, self.secret):
			self.assertNotIn(internal, self.printed(quotation.reload()))
