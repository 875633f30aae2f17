"""Taxes and charges that a new quotation takes from a template, and what brings others."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.crm_pipeline.doctype.quotation.quotation import make_revision
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.charging import FREIGHT, VAT, draft, row, sums
from crm_pipeline.tests.factories import make_exchange_rate, make_taxes


class TestDefaultCharges(TestCase):
	def setUp(self):
		super().setUp()
		self.template = make_taxes(VAT, FREIGHT, is_default=1)

	def test_a_new_quotation_takes_them(self):
		quotation = draft(row(100))
		self.assertEqual(quotation.taxes_and_charges, self.template.name)
		self.assertEqual(sums(quotation), (100, 0, 100, 31.5, 131.5))

	def test_amounts_in_its_currency(self):
		make_exchange_rate("EUR", "USD", 1.25)
		self.assertEqual(draft(row(100), currency="EUR").taxes[1].tax_amount, 10)

	def test_what_was_chosen_stays(self):
		self.assertEqual(draft(row(100), taxes=[FREIGHT]).total_taxes_and_charges, 12.5)
		none = frappe.get_doc(doctype="Sales Taxes and Charges Template", title="Tax-Free").insert()
		self.assertEqual(draft(row(100), taxes_and_charges=none.name).taxes, [])
		self.assertEqual(draft(row(100), __charges_chosen=1).taxes, [])

	def test_a_stored_one_is_left_alone(self):
		quotation = draft(row(100))
		quotation.set("taxes", [])
		quotation.taxes_and_charges = None
		self.assertEqual(quotation.save().taxes, [])
		self.assertEqual(quotation.reload().save().taxes, [])

	def continued(self, quotation):
		"""Return a revision and an amendment, stored."""
		revision = make_revision(quotation.name).insert()
		quotation.reload().cancel()
		amendment = frappe.copy_doc(quotation)
		amendment.update({"amended_from": quotation.name, "docstatus": 0})
		return revision, amendment.insert()

	def test_what_continues_one_without_charges_charges_nothing(self):
		quotation = draft(row(100), __charges_chosen=1).submit()
		self.assertEqual(quotation.grand_total, 100)
		for each in self.continued(quotation):
			self.assertEqual((each.taxes, each.grand_total), ([], 100))
			self.assertEqual((each.save().taxes, each.grand_total), ([], 100))

	def test_what_continues_one_whose_charges_were_deleted_charges_nothing(self):
		quotation = draft(row(100))
		quotation.set("taxes", [])
		quotation.save().submit()
		self.assertEqual((quotation.taxes_and_charges, quotation.grand_total), (self.template.name, 100))
		for each in self.continued(quotation):
			self.assertEqual((each.taxes_and_charges, each.grand_total), (self.template.name, 100))

	def test_what_continues_one_with_charges_keeps_them(self):
		quotation = draft(row(100), taxes=[{**VAT, "rate": 7}], taxes_and_charges=self.template.name).submit()
		for each in self.continued(quotation):
			self.assertEqual(([charge.rate for charge in each.taxes], each.grand_total), ([7], 107))

	def test_another_template_for_a_stored_revision_brings_its_rows(self):
		revision, _amendment = self.continued(draft(row(100), __charges_chosen=1).submit())
		revision.taxes_and_charges = make_taxes({"rate": 7}).name
		self.assertEqual(revision.save().grand_total, 107)

	def test_another_template_brings_its_rows(self):
		quotation = draft(row(100))
		quotation.taxes_and_charges = make_taxes({"rate": 7}).name
		self.assertEqual([each.rate for each in quotation.save().taxes], [7])

	def test_rows_sent_with_another_template_stay(self):
		quotation = draft(row(100))
		quotation.taxes_and_charges = make_taxes({"rate": 7}).name
		quotation.taxes[0].rate = 5
		self.assertEqual([each.rate for each in quotation.save().taxes], [5, 0])

	def test_one_default_at_most(self):
		other = make_taxes({"rate": 7}, is_default=1)
		self.assertFalse(self.template.reload().is_default)
		self.assertEqual(draft(row(100)).taxes_and_charges, other.name)

	def test_a_default_is_not_disabled(self):
		self.template.disabled = 1
		with self.assertRefused(exceptions.MasterDisabled, self.template.name):
			self.template.save()

	def test_a_disabled_one_is_not_chosen(self):
		disabled = make_taxes({"rate": 7}, disabled=1)
		with self.assertRefused(exceptions.MasterDisabled, disabled.name):
			draft(row(100), taxes_and_charges=disabled.name)
