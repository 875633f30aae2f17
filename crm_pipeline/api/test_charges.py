import frappe

from crm_pipeline import exceptions
from crm_pipeline.api.charges import get_charges
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_exchange_rate, make_taxes, make_user, without_default_taxes


class TestCharges(TestCase):
	def setUp(self):
		super().setUp()
		without_default_taxes()
		make_exchange_rate("EUR", "USD", 1.25)
		self.template = make_taxes({"charge_type": "Actual", "tax_amount": 12.5, "rate": 0}, {"rate": 7})

	def test_of_a_template_in_a_currency(self):
		frappe.set_user(make_user("Sales User"))
		answer = get_charges("EUR", self.template.name)
		self.assertEqual(answer["taxes_and_charges"], self.template.name)
		self.assertEqual([(row.tax_amount, row.rate) for row in answer["taxes"]], [(10, 0), (0, 7)])

	def test_of_the_default_if_there_is_one(self):
		self.assertEqual(get_charges("USD"), {"taxes_and_charges": None, "taxes": []})
		self.template.update({"is_default": 1}).save()
		self.assertEqual(get_charges("USD")["taxes_and_charges"], self.template.name)

	def test_refusals(self):
		with self.assertRefused(exceptions.ExchangeRateMissing):
			get_charges("SEK", self.template.name)
		with self.assertRaises(frappe.DoesNotExistError):
			get_charges("USD", "No Such")
		frappe.set_user(make_user())
		with self.assertRaises(frappe.PermissionError):
			get_charges("USD", self.template.name)
