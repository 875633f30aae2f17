"""Amounts, rates and names as people type them in Desk of a site with German numbers.

Runs against what a bench serves, as `test_browser` does.
"""

import frappe
import pytest
from frappe.utils.password import update_password

from crm_pipeline.rules.test_totals import BY_HAND
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.desk_browser import NO_BROWSER, PASSWORD, Desk, remove_user
from crm_pipeline.tests.factories import (
	make_customer,
	make_exchange_rate,
	make_opportunity,
	make_user,
	unique,
)

TYPE = """
	const { $input } = cur_frm.fields_dict[arguments[0]];
	$input.val(arguments[1]).trigger("change");
"""
MONEY = ("currency", "opportunity_amount", "conversion_rate", "base_opportunity_amount")


@pytest.mark.browser
@pytest.mark.bench_only(NO_BROWSER)
class TestAmounts(TestCase):
	"""Records and defaults are committed, for the server to see them, and put back after."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.set_user("Administrator")
		cls.made = []
		cls.addClassCleanup(cls.remove)
		cls.base = frappe.db.get_single_value("Selling Settings", "base_currency")
		cls.other = "ISK" if cls.base != "ISK" else "USD"
		cls.set_defaults(number_format="#.###,##", currency=cls.other)
		for day, rate in (("2001-01-01", 0.25), ("2002-01-01", 0.5)):
			cls.keep(make_exchange_rate(cls.other, cls.base, rate, day))
		cls.customer = cls.keep(make_customer(customer_name=unique("Müller")))
		cls.opportunity = cls.keep(make_opportunity(opportunity_amount=1000))
		cls.user = make_user("Sales Manager", "Sales User", "System Manager")
		update_password(cls.user, PASSWORD)
		frappe.db.commit()
		cls.desk = Desk(cls.user, PASSWORD)
		cls.addClassCleanup(cls.desk.quit)

	@classmethod
	def set_defaults(cls, **values):
		"""Set defaults of the site, which `remove` puts back."""
		cls.defaults = {key: frappe.db.get_default(key) for key in values}
		for key, value in values.items():
			frappe.db.set_default(key, value)
		frappe.clear_cache()

	@classmethod
	def keep(cls, doc):
		cls.made.append((doc.doctype, doc.name))
		return doc.name

	@classmethod
	def remove(cls):
		frappe.db.rollback()
		for key, value in cls.defaults.items():
			frappe.db.set_default(key, value)
		for doctype, name in reversed(cls.made):
			frappe.delete_doc(doctype, name, force=True, ignore_permissions=True)
		remove_user(cls.user)
		frappe.db.commit()
		frappe.clear_cache()

	def undo(self):
		frappe.db.rollback()

	def new(self, doctype: str):
		self.desk.driver.get(f"{self.desk.url}/app/{frappe.scrub(doctype)}/new")
		self.desk.wait(
			"return window.cur_frm && cur_frm.doctype === arguments[0] && cur_frm.is_new()", doctype
		)
		self.desk.rest()

	def type(self, field: str, text: str):
		self.desk.run(TYPE, field, text)
		self.desk.rest()

	def values(self, *fields: str) -> list:
		return self.desk.run("return arguments[0].map((field) => cur_frm.doc[field])", list(fields))

	def test_german_numbers_and_the_rate_of_the_day(self):
		self.new("Opportunity")
		self.type("currency", self.base)
		self.type("opportunity_amount", "1.234,56")
		self.assertEqual(self.values(*MONEY), [self.base, 1234.56, 1, 1234.56])
		self.type("currency", self.other)
		self.assertEqual(self.values("currency", "conversion_rate"), [self.other, 0.5])
		self.new("Quotation")
		self.type("currency", self.other)
		self.assertEqual(self.values("conversion_rate"), [0.5])
		self.desk.run("return cur_frm.set_value('transaction_date', '2001-06-01')")
		self.desk.rest()
		self.assertEqual(self.values("conversion_rate"), [0.25])

	def test_totals_are_those_of_the_server(self):
		self.new("Quotation")
		for places, amounts, discount, charges, net, charged, net_total, grand_total in BY_HAND:
			with self.subTest(amounts=amounts, discount=discount, charges=charges):
				sent = [charge._asdict() for charge in charges]
				sums = self.desk.run(
					"return crm_pipeline.totals.of_rows(...arguments)", amounts, discount, sent, places
				)
				self.assertEqual((sums["net_amounts"], sums["charge_amounts"]), (net, charged))
				self.assertEqual((sums["net_total"], sums["grand_total"]), (net_total, grand_total))

	def test_a_name_that_is_there_already_is_asked_about(self):
		self.new("Customer")
		self.type("customer_name", self.customer.upper())
		self.desk.run("cur_frm.save()")
		self.assertEqual(self.desk.dialog(), "Exists Already")
		self.desk.run("cur_dialog.get_secondary_btn().click()")
		self.desk.wait(
			"return cur_frm.doctype === 'Customer' && cur_frm.docname === arguments[0]", self.customer
		)

	def test_base_amounts_without_their_document_are_in_base_currency(self):
		self.desk.go("List", "Opportunity")
		shown = self.desk.run(
			"return frappe.format(1000, frappe.meta.get_docfield('Opportunity', 'base_opportunity_amount'),"
			" null, {}) + ' ' + frappe.meta.get_field_currency("
			"frappe.meta.get_docfield('Opportunity', 'opportunity_amount'), {})"
		)
		self.assertIn(frappe.db.get_value("Currency", self.base, "symbol") or self.base, shown)
		self.assertTrue(shown.endswith(self.other), shown)
