"""A site's own currency: amounts are kept in it from the first one on, whatever was set up in which order."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.crm_pipeline.doctype.lead.lead import make_customer, make_opportunity
from crm_pipeline.money import site_currency
from crm_pipeline.patches import follow_site_currency
from crm_pipeline.tests import factories
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_exchange_rate, make_item, make_lead, make_quotation, unique
from crm_pipeline.utils.bulk_sql import update_where

SETTINGS = "Selling Settings"


class TestSiteCurrency(TestCase):
	def setUp(self):
		super().setUp()
		self.addCleanup(frappe.clear_cache)
		for doctype, fields in {**site_currency.VALUE_FIELDS, **site_currency.PRICE_FIELDS}.items():
			table = frappe.qb.DocType(doctype)
			update_where(table, table.name.isnotnull(), dict.fromkeys(fields, 0))
		frappe.db.delete("Currency Exchange")
		self.set_site("USD")
		self.set_base("USD")

	def set_site(self, currency: str):
		settings = frappe.get_doc("System Settings")
		settings.currency = currency
		settings.save()

	def set_base(self, currency: str):
		settings = frappe.get_doc(SETTINGS)
		settings.base_currency = currency
		settings.save()

	def base(self) -> str:
		return frappe.db.get_single_value(SETTINGS, "base_currency")

	def disable(self, *currencies: str):
		for currency in currencies:
			frappe.db.set_value("Currency", currency, "enabled", 0)

	def is_enabled(self, currency: str) -> bool:
		return bool(frappe.db.get_value("Currency", currency, "enabled"))

	def answer_wizard(self, currency: str):
		"""What Frappe's setup wizard does about currencies: it saves the settings, then calls the hooks."""
		self.set_site(currency)
		for hook in frappe.get_hooks("setup_wizard_complete", app_name="crm_pipeline"):
			frappe.get_attr(hook)(frappe._dict(currency=currency, country="Brazil"))

	def test_the_wizard_after_the_installation_decides(self):
		for currency in ("BRL", "KWD", "EUR", "JPY", "INR"):
			self.disable(currency)
			self.answer_wizard(currency)
			self.assertEqual((self.base(), self.is_enabled(currency)), (currency, True))

	def test_the_wizard_s_hook_alone_does_too(self):
		self.disable("COP")
		for hook in frappe.get_hooks("setup_wizard_complete", app_name="crm_pipeline"):
			frappe.get_attr(hook)(frappe._dict(currency="COP"))
		self.assertEqual((self.base(), self.is_enabled("COP")), ("COP", True))

	def test_from_lead_to_order_without_touching_a_setting(self):
		self.answer_wizard("BRL")
		lead = make_lead(company_name=unique("Padaria"))
		customer = make_customer(lead.name).insert()
		opportunity = make_opportunity(lead.name)
		opportunity.update({"opportunity_from": "Customer", "party_name": customer.name})
		opportunity.append("items", {"item_name": "Pão", "qty": 3, "rate": 1234.56})
		opportunity.insert()
		quotation = make_quotation(opportunity)
		quotation.mark_ordered()
		opportunity.reload()
		self.assertEqual((opportunity.status, opportunity.currency), ("Converted", "BRL"))
		self.assertEqual((opportunity.base_close_revenue, opportunity.base_currency), (3703.68, "BRL"))

	def test_the_base_currency_follows_the_site_s_until_the_first_amount(self):
		self.set_site("EUR")
		self.assertEqual(self.base(), "EUR")
		opportunity = factories.make_opportunity(opportunity_amount=1)
		self.set_site("BRL")
		self.assertEqual((self.base(), self.is_enabled("BRL")), ("EUR", True))
		opportunity.opportunity_amount = 0
		opportunity.save()
		self.set_site("EUR")
		self.set_site("JPY")
		self.assertEqual(self.base(), "JPY")

	def test_a_price_or_a_revenue_is_an_amount_too(self):
		for make in (
			lambda: make_item(standard_rate=5),
			lambda: factories.make_opportunity(items=[{"item_name": "A", "qty": 0, "rate": 5}]),
			lambda: factories.make_taxes({"charge_type": "Actual", "tax_amount": 5}),
			lambda: factories.make_opportunity(status="Open").mark_won(close_revenue=5),
		):
			frappe.db.savepoint("before_amount")
			make()
			self.set_site("EUR")
			self.assertEqual(self.base(), "USD")
			with self.assertRaises(exceptions.BaseCurrencyFixed):
				self.set_base("EUR")
			frappe.db.rollback(save_point="before_amount")
			frappe.clear_cache()

	def test_a_base_currency_chosen_by_hand_stays(self):
		self.set_base("GBP")
		self.set_site("EUR")
		self.assertEqual(self.base(), "GBP")

	def test_choosing_a_base_currency_enables_it(self):
		self.disable("VND")
		self.set_base("VND")
		self.assertTrue(self.is_enabled("VND"))

	def test_documents_without_amount_come_along(self):
		opportunity = factories.make_opportunity()
		won = factories.make_opportunity().mark_won()
		self.assertEqual((opportunity.currency, opportunity.base_currency), ("USD", "USD"))
		self.set_site("EUR")
		for record in (opportunity, won):
			record.reload().save()
			self.assertEqual(
				(record.currency, record.base_currency, record.conversion_rate), ("EUR", "EUR", 1)
			)
		self.assertEqual(won.close_revenue_currency, "EUR")

	def test_a_missing_rate_names_the_base_currency_where_that_is_the_cause(self):
		self.set_base("GBP")
		self.set_site("EUR")
		with self.assertRefused(exceptions.ExchangeRateMissing, "Base Currency in Selling Settings"):
			factories.make_opportunity(currency="EUR")
		with self.assertRefused(exceptions.ExchangeRateMissing, "There is no exchange rate"):
			factories.make_opportunity(currency="JPY")
		factories.make_opportunity(currency="GBP", opportunity_amount=1)
		with self.assertRefused(exceptions.ExchangeRateMissing, "There is no exchange rate"):
			factories.make_opportunity(currency="EUR")

	def test_sites_that_stand_there_already_are_mended(self):
		frappe.db.set_default("currency", "BRL")
		self.disable("BRL")
		follow_site_currency.execute()
		self.assertEqual((self.base(), self.is_enabled("BRL")), ("BRL", True))

	def test_a_site_that_has_come_to_terms_is_left_alone(self):
		make_exchange_rate("BRL", "USD", 0.2)
		frappe.db.set_default("currency", "BRL")
		follow_site_currency.execute()
		self.assertEqual((self.base(), self.is_enabled("BRL")), ("USD", True))
