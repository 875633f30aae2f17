"""New documents are in the currency that their party is billed in, unless they say another."""

import frappe
from frappe.utils import flt

from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import make_opportunity_from_contact
from crm_pipeline.exceptions import ExchangeRateMissing
from crm_pipeline.money.exchange_rates import base_currency
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_contact,
	make_customer,
	make_exchange_rate,
	make_opportunity,
	make_quotation,
	make_supplier,
	unique,
)
from crm_pipeline.tests.importing import ImportCase
from crm_pipeline.tests.mail import deliver, make_mailbox, write

CURRENCY = "SEK"  # of no other test


class TestPartyCurrency(TestCase):
	def setUp(self):
		super().setUp()
		self.base = base_currency()
		# As a site has it that was set up: Frappe fills in the site's currency before it asks the app.
		frappe.db.set_default("currency", self.base)
		self.addCleanup(frappe.clear_cache)
		make_exchange_rate(CURRENCY, self.base, 0.1)
		self.customer = make_customer(default_currency=CURRENCY)

	def opportunity(self, **fields):
		return make_opportunity(opportunity_from="Customer", party_name=self.customer.name, **fields)

	def test_opportunity(self):
		opportunity = self.opportunity(opportunity_amount=500)
		self.assertEqual((opportunity.currency, opportunity.base_opportunity_amount), (CURRENCY, 50))

	def test_a_typed_currency_stays(self):
		self.assertEqual(self.opportunity(currency=self.base).currency, self.base)

	def test_a_party_without(self):
		opportunity = make_opportunity(opportunity_from="Customer", party_name=make_customer().name)
		self.assertEqual(opportunity.currency, self.base)

	def test_without_party(self):
		self.assertEqual(make_opportunity().currency, self.base)

	def test_quotation(self):
		self.assertEqual(make_quotation(party_name=self.customer.name).currency, CURRENCY)

	def test_supplier_quotation(self):
		supplier = make_supplier(default_currency=CURRENCY)
		rows = [{"item_name": "Consulting", "qty": 1, "rate": 100}]
		quotation = make("Supplier Quotation", supplier=supplier.name, items=rows)
		self.assertEqual((quotation.currency, quotation.base_net_total), (CURRENCY, 10))

	def test_a_quotation_keeps_the_currency_of_its_opportunity(self):
		self.assertEqual(make_quotation(self.opportunity(currency=self.base)).currency, self.base)

	def test_from_a_contact(self):
		contact = make_contact(self.customer)
		self.assertEqual(make_opportunity_from_contact(contact.name).currency, CURRENCY)

	def test_a_later_party_changes_nothing(self):
		opportunity = make_opportunity(opportunity_amount=500)
		opportunity.update({"opportunity_from": "Customer", "party_name": self.customer.name}).save()
		self.assertEqual((opportunity.currency, opportunity.opportunity_amount), (self.base, 500))

	def test_emptied_it_stays_as_stored(self):
		opportunity = self.opportunity(opportunity_amount=500)
		opportunity.update({"currency": None}).save()
		self.assertEqual((opportunity.currency, flt(opportunity.opportunity_amount)), (CURRENCY, 500))

	def test_without_rate(self):
		customer = make_customer(default_currency="NOK")
		with self.assertRefused(ExchangeRateMissing, "NOK"):
			make_opportunity(opportunity_from="Customer", party_name=customer.name)

	def test_a_mail_does_not_wait_for_a_rate(self):
		customer = make_customer(default_currency="NOK")
		contact = make_contact(customer)
		mailbox = make_mailbox()
		mail = deliver(write(contact.email_id, mailbox), mailbox)
		opportunity = frappe.get_doc("Opportunity", mail.reference_name)
		self.assertEqual((opportunity.party_name, opportunity.currency), (customer.name, self.base))


class TestPartyCurrencyInImports(ImportCase):
	def test_a_file_without_currency(self):
		base = base_currency()
		frappe.db.set_default("currency", base)
		rate = make_exchange_rate(CURRENCY, base, 0.1)
		customer = make_customer(default_currency=CURRENCY)
		title = unique("Imported")
		self.import_content(
			"Opportunity",
			"title,opportunity_from,party_name,opportunity_amount,currency\n"
			f"{title} 1,Customer,{customer.name},500,\n"
			f"{title} 2,Customer,{customer.name},500,{base}\n",
			title=["like", f"{title}%"],
		)
		self.mine += [
			("Customer", {"name": customer.name}),
			("Currency Exchange", {"name": rate.name}),
		]
		rows = frappe.get_all(
			"Opportunity",
			{"title": ["like", f"{title}%"]},
			["title", "currency"],
			as_list=True,
			order_by="title",
		)
		self.assertEqual([tuple(row) for row in rows], [(f"{title} 1", CURRENCY), (f"{title} 2", base)])
