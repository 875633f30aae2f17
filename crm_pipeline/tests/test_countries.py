"""Sites of five countries, set up after the installation: from lead to order as a Sales User, without touching a setting.

Numbers come as texts, as people there write them: each is read as it is meant, or refused and named, never another.
"""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.crm_pipeline.doctype.lead.lead import make_customer, make_opportunity
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import make_quotation
from crm_pipeline.money import site_currency
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_exchange_rate, make_lead, make_user, unique
from crm_pipeline.utils.bulk_sql import update_where


class CountryCase:
	currency: str
	number_format = "#,###.##"
	price: float  # of three pieces
	total: float
	weighted: float  # ten percent of the total
	read: tuple[tuple[str, float], ...]
	refused: tuple[str, ...]
	rate: float  # of a dollar
	in_dollars: float  # what 100 dollars are worth

	def setUp(self):
		super().setUp()
		self.addCleanup(frappe.clear_cache)
		for doctype, fields in {**site_currency.VALUE_FIELDS, **site_currency.PRICE_FIELDS}.items():
			table = frappe.qb.DocType(doctype)
			update_where(table, table.name.isnotnull(), dict.fromkeys(fields, 0))
		frappe.db.delete("Currency Exchange")
		self.answer_wizard()
		frappe.set_user(make_user("Sales User"))

	def answer_wizard(self):
		for currency in (
			"USD",
			self.currency,
		):  # the second as a new site has it until the wizard is answered
			settings = frappe.get_doc("System Settings")
			settings.currency = currency
			settings.save()
			if currency == "USD":
				frappe.db.set_value("Currency", self.currency, "enabled", 0)
		for hook in frappe.get_hooks("setup_wizard_complete", app_name="crm_pipeline"):
			frappe.get_attr(hook)(frappe._dict(currency=self.currency))
		former = frappe.db.get_default("number_format")
		self.addCleanup(frappe.db.set_default, "number_format", former)
		frappe.db.set_default("number_format", self.number_format)

	def entered(self, lead, **fields):
		opportunity = make_opportunity(lead.name)
		return opportunity.update(fields).insert()

	def test_it_can_sell(self):
		self.walk_from_lead_to_order()
		self.read_numbers_as_people_there_write_them()
		self.convert_another_currency()

	def walk_from_lead_to_order(self):
		lead = make_lead(first_name="Ada", company_name=unique("Company"))
		opportunity = self.entered(lead, items=[{"item_name": "Chair", "qty": "3", "rate": str(self.price)}])
		self.assertEqual(
			(opportunity.currency, opportunity.opportunity_amount, opportunity.base_opportunity_amount),
			(self.currency, self.total, self.total),
		)
		self.assertEqual((opportunity.probability, opportunity.weighted_amount), (10, self.weighted))
		customer = make_customer(lead.name).insert()
		quotation = make_quotation(opportunity.name).insert()
		quotation.submit()
		self.assertEqual((quotation.currency, quotation.net_total), (self.currency, self.total))
		self.assertEqual(opportunity.reload().status, "Quotation")
		quotation.mark_ordered()
		opportunity.reload()
		self.assertEqual((opportunity.status, opportunity.sales_stage), ("Converted", "Won"))
		self.assertEqual(
			(opportunity.close_revenue, opportunity.close_revenue_currency, opportunity.base_close_revenue),
			(self.total, self.currency, self.total),
		)
		self.assertTrue(customer.name)

	def read_numbers_as_people_there_write_them(self):
		lead = make_lead()
		for text, number in self.read:
			self.assertEqual(self.entered(lead, opportunity_amount=text).opportunity_amount, number)
			row = {"item_name": "Chair", "qty": 1, "rate": text}
			self.assertEqual(self.entered(lead, items=[row]).opportunity_amount, number)
		for text in self.refused:
			with self.assertRefused(exceptions.ImpossibleNumber, text):
				self.entered(lead, opportunity_amount=text)
			with self.assertRefused(exceptions.ImpossibleNumber, text):
				self.entered(lead, items=[{"item_name": "Chair", "qty": 1, "rate": text}])

	def convert_another_currency(self):
		lead = make_lead()
		with self.assertRefused(exceptions.ExchangeRateMissing, "There is no exchange rate"):
			self.entered(lead, currency="USD", opportunity_amount=100)
		frappe.set_user("Administrator")
		make_exchange_rate("USD", self.currency, self.rate)
		opportunity = self.entered(lead, currency="USD", opportunity_amount=100)
		self.assertEqual(opportunity.base_opportunity_amount, self.in_dollars)
		frappe.db.delete("Currency Exchange")
		make_exchange_rate(self.currency, "USD", round(1 / self.rate, 9))
		self.assertAlmostEqual(
			self.entered(lead, currency="USD", opportunity_amount=100).base_opportunity_amount,
			self.in_dollars,
			delta=self.in_dollars / 1e4,
		)


class TestIndia(CountryCase, TestCase):
	currency, number_format = "INR", "#,##,###.##"
	price, total, weighted = 123456.78, 370370.34, 37037.03
	read = (("1,23,456.78", 123456.78), ("1,00,000", 100000), ("123,456.78", 123456.78))
	refused = ("₹ 1,23,456.78", "1,23,456.78 ₹", "१२३", "1,2,3")
	rate, in_dollars = 83.1234, 8312.34


class TestJapan(CountryCase, TestCase):
	currency = "JPY"
	price, total, weighted = 45678, 137034, 13703
	read = (("45,678", 45678), ("45678", 45678), ("45678.4", 45678))
	refused = ("¥45,678", "４５６７８", "4万5678円", "45,678円")
	rate, in_dollars = 151.237, 15124


class TestKuwait(CountryCase, TestCase):
	currency, number_format = "KWD", "#,###.###"
	price, total, weighted = 3703.701, 11111.103, 1111.11
	read = (("3,703.701", 3703.701), ("3703.7014", 3703.701), ("1,234", 1234))
	refused = ("٣٧٠٣٫٧٠١", "3703.701 د.ك", "3.703,701")
	rate, in_dollars = 0.30715, 30.715


class TestBrazil(CountryCase, TestCase):
	currency, number_format = "BRL", "#.###,##"
	price, total, weighted = 1234.56, 3703.68, 370.37
	read = (("1234.56", 1234.56), ("1234", 1234), ("1.2340", 1.23))
	refused = ("R$ 1.234,50", "1.234,50", "1234,5", "1.234", "1,234")
	rate, in_dollars = 5.0567, 505.67


class TestGermany(CountryCase, TestCase):
	currency, number_format = "EUR", "#.###,##"
	price, total, weighted = 1234.56, 3703.68, 370.37
	read = (("1234.5", 1234.5), ("1234", 1234))
	refused = ("1.234,50 €", "1.234,50", "12,5", "1.234", "12.500", "1 234,50")
	rate, in_dollars = 0.92, 92
