"""Duplicates and amendments of quotations made in Desk: discounts, taxes and totals are those of what was copied.

Runs against what a bench serves, as `test_browser` does.
"""

import frappe
import pytest

from crm_pipeline.money.charges import TEMPLATE, default_template
from crm_pipeline.tests.charging import FREIGHT, VAT, row
from crm_pipeline.tests.desk_browser import NO_BROWSER, DeskCase
from crm_pipeline.tests.factories import make, make_customer, make_exchange_rate, make_taxes

IN_FORM = "cur_frm && cur_frm.doctype === 'Quotation' && cur_frm.docname !== arguments[0]"
NUMBERS = ("Currency", "Float", "Percent", "Check")
HEAD = "currency", "taxes_and_charges", "additional_discount_percentage", "discount_amount", "grand_total"


def offered(quotation) -> list[dict]:
	"""What is asked for, as it is stored, on rows and charges and as a whole."""
	return [
		{df.fieldname: part.get(df.fieldname) for df in part.meta.fields if df.fieldtype in NUMBERS}
		for part in (quotation, *quotation.items, *quotation.taxes)
	]


@pytest.mark.browser
@pytest.mark.bench_only(NO_BROWSER)
class TestCopies(DeskCase):
	"""The site has default taxes meanwhile, which copies are not to take."""

	@classmethod
	def make_records(cls):
		cls.customer = cls.keep(make_customer()).name
		base = frappe.db.get_single_value("Selling Settings", "base_currency")
		cls.other = "KWD" if base != "KWD" else "USD"
		cls.keep(make_exchange_rate(cls.other, base, 3.25, "2001-01-01"))
		cls.former_default = default_template()
		cls.addClassCleanup(cls.restore_default)
		template = cls.keep(make_taxes({"rate": 7}, is_default=1)).name
		rows = [
			row(None, 3, price_list_rate=99.95, discount_percentage=12.5),
			row(None, 2, price_list_rate=40, discount_amount=3.3),
			row(33.33),
		]
		included = {**VAT, "included_in_print_rate": 1}
		cls.quotations = {
			"a percentage off, taxes on top": cls.quotation(
				rows, additional_discount_percentage=3, taxes=[VAT, FREIGHT]
			),
			"an amount off, included taxes": cls.quotation(
				rows, currency=cls.other, discount_amount=1.234, taxes=[included]
			),
			"the template's taxes": cls.quotation(rows, taxes_and_charges=template),
			"neither discount nor taxes": cls.quotation([row(100)], **{"__charges_chosen": 1}),
		}

	@classmethod
	def quotation(cls, rows: list[dict], **fields):
		values = {"quotation_to": "Customer", "party_name": cls.customer, **fields}
		return cls.keep(make("Quotation", items=[dict(each) for each in rows], **values).submit())

	@classmethod
	def restore_default(cls):
		if cls.former_default:
			frappe.db.set_value(TEMPLATE, cls.former_default, "is_default", 1)
		frappe.db.commit()

	def copied(self, quotation, act: str):
		"""Save the copy that an action of the form makes, as it comes, and return it."""
		self.desk.open("Quotation", quotation.name)
		self.desk.run(act)
		self.desk.wait(f"return {IN_FORM} && cur_frm.is_new()", quotation.name)
		self.desk.rest()
		shown = self.desk.run("return arguments[0].map((field) => cur_frm.doc[field] || null)", HEAD)
		self.assertEqual(shown, [quotation.get(field) or None for field in HEAD])
		self.desk.run("cur_frm.save()")
		name = self.desk.wait(f"return {IN_FORM} && !cur_frm.is_new() && cur_frm.docname", quotation.name)
		self.desk.rest()
		frappe.db.rollback()  # to see what the server has written
		return self.keep(frappe.get_doc("Quotation", name))

	def test_duplicates(self):
		for case, quotation in self.quotations.items():
			with self.subTest(case):
				copy = self.copied(quotation, "cur_frm.copy_doc()")
				self.assertEqual((copy.docstatus, copy.replaces), (0, quotation.name))
				self.assertEqual(offered(copy), offered(quotation.reload()))

	def test_those_that_were_cancelled_are_amended(self):
		for case, quotation in self.quotations.items():
			with self.subTest(case):
				quotation.reload().cancel()
				frappe.db.commit()
				self.desk.forget("Quotation", quotation.name)
				amendment = self.copied(quotation, "cur_frm.amend_doc()")
				self.assertEqual((amendment.docstatus, amendment.amended_from), (0, quotation.name))
				self.assertEqual(offered(amendment), offered(quotation.reload()))
