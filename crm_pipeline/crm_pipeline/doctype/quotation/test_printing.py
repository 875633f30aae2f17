"""What customers get: the quotation's print format."""

from pathlib import Path
from unittest.mock import patch

import frappe
import pytest
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.utils import strip_html

from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_customer,
	make_exchange_rate,
	make_item,
	make_lead,
	make_party_opportunity,
	make_quotation,
	make_user,
	unique,
	without_default_taxes,
)

VAT = {"description": "VAT", "rate": 19}
LETTER_HEAD = "<b>Nordlicht</b>"


def printed(quotation, language: str = "en", **context) -> str:
	"""What the print format makes of a quotation on any host; a bench gives a letterhead and more beside."""
	folder = Path(frappe.get_app_path("crm_pipeline", "crm_pipeline", "print_format", "quotation"))
	template = (folder / "quotation.html").read_text()
	former, frappe.local.lang = frappe.local.lang, language
	try:
		return frappe.render_template(template, {"doc": quotation, **context}, is_path=False)
	finally:
		frappe.local.lang = former


def text_of(html: str) -> str:
	"""The words, without markup and styles."""
	return " ".join(strip_html(html.partition("</style>")[2].replace("<", " <")).split())


def row(rate: float, qty: float = 1, **fields) -> dict:
	return {"item_name": "Racking", "qty": qty, "rate": rate, **fields}


class TestPrint(TestCase):
	def setUp(self):
		super().setUp()
		without_default_taxes()

	def text(self, *rows: dict, language: str = "en", **fields) -> str:
		return text_of(printed(make_quotation(submit=False, items=list(rows), **fields), language))

	def test_rows_discounts_taxes_and_totals(self):
		text = self.text(
			row(None, 12, price_list_rate=640, discount_percentage=7.5),
			row(1250.5, 3.5),
			additional_discount_percentage=3,
			taxes=[VAT, {"charge_type": "Actual", "description": "Freight", "tax_amount": 120}],
		)
		for part in (
			"Unit Price Amount (USD)",
			"1 Racking 12 Nos 640.00 7.5 % 592.00 7,104.00",
			"2 Racking 3.5 Nos 1,250.50 1,250.50 4,376.75",
			"Total 11,480.75 Discount of 3 % -344.42 Net Total 11,136.33 VAT 19 % 2,115.90 Freight 120.00",
			"Grand Total (USD) 13,372.23",
		):
			self.assertIn(part, text)

	def test_without_any_of_these(self):
		text = self.text(row(100, 2))
		self.assertIn("1 Racking 2 Nos 100.00 200.00 Grand Total (USD) 200.00", text)
		for part in ("Discount", "List Price", "Net Total"):
			self.assertNotIn(part, text)

	def test_included_taxes_stand_below_the_grand_total(self):
		text = self.text(row(119), taxes=[{**VAT, "included_in_print_rate": 1}])
		self.assertIn("Grand Total (USD) 119.00 Including VAT 19 % 19.00 Net Total 100.00", text)

	def test_without_items(self):
		text = self.text(net_total=100, taxes=[VAT])
		self.assertIn("Net Total 100.00 VAT 19 % 19.00 Grand Total (USD) 119.00", text)

	def test_decimals_of_the_currency(self):
		make_exchange_rate("JPY", "USD", 0.0067)
		make_exchange_rate("KWD", "USD", 3.25)
		self.assertIn(
			"12 Nos 45,678 548,136 Grand Total (JPY) 548,136", self.text(row(45678, 12), currency="JPY")
		)
		text = self.text(row(3703.701), row(0.5), currency="KWD")
		self.assertIn("3,703.701 3,703.701 2 Racking 1 Nos 0.500 0.500 Grand Total (KWD) 3,704.201", text)

	def test_prices_below_the_smallest_unit_multiply_out(self):
		self.assertIn("2,500 Nos 0.0125 31.25", self.text(row(0.0125, 2500)))

	def test_numbers_of_the_site(self):
		quotation = make_quotation(submit=False, items=[row(1250.5, 2.5)])
		self.addCleanup(frappe.db.set_default, "number_format", frappe.db.get_default("number_format"))
		frappe.db.set_default("number_format", "#.###,##")
		self.assertIn("2,5 Nos 1.250,50 3.126,25", text_of(printed(quotation)))

	def test_who_and_when(self):
		customer = make_customer(customer_name=unique("Müller & Söhne"))
		quotation = make_quotation(
			party_name=customer.name,
			contact_email="eve@example.org",
			valid_till=in_days(30),
			terms="<p>30 days</p>",
		)
		html = printed(quotation)
		for part in (
			frappe.utils.escape_html(customer.customer_name),
			"eve@example.org",
			quotation.name,
			frappe.utils.formatdate(quotation.transaction_date),
			frappe.utils.formatdate(quotation.valid_till),
			"<p>30 days</p>",
		):
			self.assertIn(part, html)

	def test_the_organization_of_a_lead(self):
		lead = make_lead(company_name=unique("Acme"))
		text = self.text(row(1), quotation_to="Lead", party_name=lead.name)
		self.assertIn(f"{lead.company_name} {lead.lead_name}", text)

	def test_the_sender(self):
		address = make(
			"Address",
			address_title="Nordlicht GmbH",
			address_type="Office",
			address_line1="Hafenstraße 12",
			city="Hamburg",
			country="Germany",
		)
		frappe.db.set_single_value("Selling Settings", "company_address", address.name)
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		seller = make_user("Sales User")
		frappe.set_user(seller)
		text = self.text(row(1))
		for part in (
			"Nordlicht GmbH",
			"Hafenstraße 12",
			frappe.db.get_value("User", seller, "full_name"),
			seller,
		):
			self.assertIn(part, text)

	def test_nothing_internal(self):
		item, secret = make_item(item_name=unique("Lamp")), unique("Secret")
		opportunity = make_party_opportunity(
			items=[{"item_code": item.name, "qty": 2, "rate": 100}], to_discuss=secret, campaign=secret
		)
		html = printed(make_quotation(opportunity))
		self.assertIn(item.item_name, html)
		for internal in (secret, opportunity.name, "Administrator", "Base Currency"):
			self.assertNotIn(internal, html)

	def test_what_people_typed_is_text(self):
		quotation = make_quotation(submit=False)
		quotation.items[0].update({"item_name": "A <b>bold</b> & more", "uom": "<i>m</i>"})
		html = printed(quotation)
		for markup in ("<b>bold</b>", "<i>m</i>"):
			self.assertNotIn(markup, html)
		self.assertIn("&amp; more", html)

	def test_prices_out_of_reach_are_empty(self):
		quotation = make_quotation(submit=False, items=[row(4711)])
		for doctype, field in (("Quotation", "net_total"), ("Quotation Item", "rate")):
			make_property_setter(doctype, field, "permlevel", 1, "Int")
			self.addCleanup(frappe.clear_cache, doctype=doctype)
		self.assertIn("4,711", printed(quotation))
		frappe.set_user(make_user("Sales User"))
		self.assertNotIn("4,711", printed(quotation))

	def test_right_to_left(self):
		html = printed(make_quotation(submit=False, contact_mobile="+965 1234"), "ar")
		self.assertIn('dir="rtl"', html)
		self.assertIn('<span dir="ltr">+965 1234</span>', html)
		self.assertNotIn('dir="rtl"', printed(make_quotation(submit=False)))

	def test_telephone_numbers_of_addresses_are_left_to_right(self):
		quotation = make_quotation(submit=False)
		quotation.address_display = (
			'<b class="x-12-34-56">Hall 7</b><br>50667 Köln<br>هاتف: +49 40 123456<br>'
		)
		html = printed(quotation, "ar")
		self.assertIn('<span dir="ltr">+49 40 123456</span>', html)
		self.assertIn('<b class="x-12-34-56">Hall 7</b><br>50667 Köln', html)

	def test_addresses_end_without_empty_lines(self):
		quotation = make_quotation(submit=False)
		quotation.address_display = "Hall 7<br>\n50667 Köln<br>\n<br>\n"
		self.assertIn("Hall 7<br>\n50667 Köln</div>", printed(quotation))

	def test_german(self):
		text = self.text(row(100), language="de", valid_till=in_days(3), discount_amount=5)
		for part in ("Angebot", "Gültig bis", "Menge", "Stk.", "Einzelpreis", "Rabatt", "Gesamtsumme (USD)"):
			self.assertIn(part, text)

	def test_drafts_say_so(self):
		quotation = make_quotation(submit=False)
		self.assertIn("Draft", text_of(printed(quotation)))
		self.assertNotIn("Draft", text_of(printed(quotation.submit())))

	def test_letterhead(self):
		quotation = make_quotation()
		above = printed(quotation, letter_head=LETTER_HEAD).partition('<div class="crm-quotation"')[0]
		self.assertIn(LETTER_HEAD, above, "out of reach of the styles of the quotation")
		self.assertNotIn(LETTER_HEAD, printed(quotation, letter_head=LETTER_HEAD, no_letterhead=1))

	def test_footer_comes_with_the_header_that_it_needs(self):
		quotation = make_quotation()
		html = printed(quotation, footer=LETTER_HEAD)
		self.assertIn(LETTER_HEAD, html.partition('id="footer-html"')[2])
		self.assertIn('id="header-html"', html)
		for context in ({}, {"footer": LETTER_HEAD, "no_letterhead": 1}):
			html = printed(quotation, **context)
			for part in ("footer-html", "header-html", LETTER_HEAD):
				self.assertNotIn(part, html)

	def test_it_is_the_default(self):
		self.assertEqual(frappe.get_meta("Quotation").default_print_format, "Quotation")
		self.assertTrue(frappe.db.exists("Print Format", {"name": "Quotation", "doc_type": "Quotation"}))


@pytest.mark.bench_only("The embedded host prints nothing.")
class TestPrintOnABench(TestCase):
	def test_prints_and_attachments_take_it(self):
		quotation = make_quotation()
		self.assertIn("crm-quotation", frappe.get_print("Quotation", quotation.name))
		with patch("frappe.utils.pdf.get_pdf", return_value=b"%PDF") as made:
			attached = frappe.attach_print("Quotation", quotation.name)
		self.assertEqual(attached, {"fname": f"{quotation.name}.pdf", "fcontent": b"%PDF"})
		self.assertIn("crm-quotation", made.call_args.args[0])
