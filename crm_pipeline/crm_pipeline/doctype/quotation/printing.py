"""What a quotation says on paper."""

import re
from typing import Any

import frappe
from frappe import _
from frappe.contacts.doctype.address.address import get_address_display
from frappe.model.document import Document
from frappe.utils import cint, flt, formatdate

from crm_pipeline.money.exchange_rates import decimals_of
from crm_pipeline.money.priced_document import DEFAULT_UNIT
from crm_pipeline.permissions.field_levels import hidden_fields
from crm_pipeline.rules.number_writing import write
from crm_pipeline.rules.row_prices import decimals_written
from crm_pipeline.rules.totals import ON_NET_TOTAL
from crm_pipeline.rules.writing_direction import is_right_to_left
from crm_pipeline.utils.markup import escaped

PHONE_NUMBER = re.compile(r"\+?\d[\d /().-]{4,}\d(?![^<>]*>)")  # in text, not within a tag
LAST_LINE_BREAKS = re.compile(r"(\s|<br ?/?>)+$")
QUANTITY_DECIMALS = 9
PERCENT_DECIMALS = 6


class Printing(Document):
	"""A quotation that says in the words and numbers of its reader what its print format shows.

	All texts come escaped, but for addresses, descriptions and terms, which are markup.
	"""

	def print_data(self) -> frappe._dict:
		"""Return what the print format shows; what the user may not read is empty."""
		hidden = hidden_fields("Quotation Item", "Quotation")
		rtl = is_right_to_left(frappe.local.lang)
		return frappe._dict(
			start="right" if rtl else "left",
			end="left" if rtl else "right",
			direction="rtl" if rtl else "ltr",
			sender=self.print_sender(),
			recipient=self.print_recipient(),
			facts=self.print_facts(),
			discounted=any(flt(row.discount_amount) for row in self.items),
			rows=[self.print_row(row, hidden) for row in self.items],
			totals=self.print_totals(),
			currency=escaped(self.currency),
		)

	def print_sender(self) -> frappe._dict:
		"""Return the company, by the address in Selling Settings, and who made the quotation."""
		name = frappe.get_cached_doc("Selling Settings").company_address
		address = frappe.get_doc("Address", name) if name and frappe.db.exists("Address", name) else None
		person = None
		if self.owner not in frappe.STANDARD_USERS:
			person = frappe.db.get_value("User", self.owner, ["full_name", "email", "phone"], as_dict=True)
		return frappe._dict(
			name=escaped(address.address_title) if address else "",
			address=readable(get_address_display(address.as_dict())) if address else "",
			person=[escaped(text) for text in person.values() if text] if person else [],
		)

	def print_recipient(self) -> frappe._dict:
		"""Return organization, person and address of the customer."""
		contact = self.contact_person and frappe.db.get_value("Contact", self.contact_person, "full_name")
		names = [self.company_name, self.customer_name, contact]
		return frappe._dict(
			names=[escaped(name) for name in dict.fromkeys(names) if name],
			address=readable(self.address_display or ""),
			email=escaped(self.contact_email),
			phone=escaped(self.contact_mobile),
		)

	def print_facts(self) -> list[tuple[str, str]]:
		facts = [(_("Quotation No."), self.name), (_("Date"), formatdate(self.transaction_date))]
		if self.valid_till:
			facts.append((_("Valid Till"), formatdate(self.valid_till)))
		return [(escaped(label), escaped(text)) for label, text in facts]

	def print_row(self, row: Document, hidden: set[str]) -> frappe._dict:
		"""Return what a row shows.

		Args:
			hidden: fields that the user may not read.
		"""
		list_price, rate = (
			self.written(row.get(field), decimals_written(row.get(field))) if field not in hidden else ""
			for field in ("price_list_rate", "rate")
		)
		return frappe._dict(
			name=escaped(row.item_name or row.item_code),
			code=escaped(row.item_code) if row.item_code != row.item_name else "",
			description=described(row),
			qty=plain(row.qty, QUANTITY_DECIMALS),
			uom=escaped(unit(row.uom)),
			list_price=list_price,
			discount="" if "discount_amount" in hidden else self.discount_of(row),
			rate=rate,
			amount="" if "amount" in hidden else self.written(row.amount),
		)

	def discount_of(self, row: Document) -> str:
		if flt(row.discount_percentage):
			return percent(row.discount_percentage)
		places = decimals_written(row.discount_amount)
		return self.written(row.discount_amount, places) if flt(row.discount_amount) else ""

	def print_totals(self) -> list[frappe._dict]:
		"""Return the lines below the items, in the order of the sum; included taxes stand below the grand total."""
		if {"net_total", "grand_total"} & hidden_fields("Quotation"):
			return []
		on_top = [row for row in self.taxes if not (cint(row.included_in_print_rate) and self.items)]
		included = [row for row in self.taxes if row not in on_top]
		lines = []
		if flt(self.discount_amount):
			lines.append(self.line(_("Total"), self.total))
			lines.append(self.line(self.discount_label(), -self.discount_amount))
		if on_top and not included:
			lines.append(self.line(_("Net Total"), self.net_total))
		lines += [self.line(charge_label(row), row.tax_amount) for row in on_top]
		label = _("Grand Total ({0})").format(self.currency)
		lines.append(self.line(label, self.grand_total, grand=True))
		lines += [self.line(_("Including {0}").format(charge_label(row)), row.tax_amount) for row in included]
		if included:
			lines.append(self.line(_("Net Total"), self.net_total))
		return lines

	def discount_label(self) -> str:
		if not flt(self.additional_discount_percentage):
			return _("Discount")
		return _("Discount of {0}").format(percent(self.additional_discount_percentage))

	def line(self, label: str, amount: float, grand: bool = False) -> frappe._dict:
		return frappe._dict(label=escaped(label), amount=self.written(amount), grand=grand)

	def written(self, amount: float, places: int = 0) -> str:
		"""Return an amount with the decimals of the currency, or more where a price has more."""
		return write(flt(amount), max(decimals_of(self.currency), places), number_format())


def charge_label(row: Document) -> str:
	"""Return the description of a tax, with its rate unless that is in it."""
	if row.charge_type != ON_NET_TOTAL or "%" in row.description:
		return row.description
	return f"{row.description} {percent(row.rate)}"


def described(row: Document) -> str:
	"""Return the description of a row, unless it says the name only."""
	text = frappe.utils.strip_html(row.description or "").strip()
	return row.description if text and text not in (row.item_name, row.item_code) else ""


def readable(address: str) -> str:
	"""Return an address without empty lines at its end, its telephone numbers left to right among any letters."""
	return PHONE_NUMBER.sub(r'<span dir="ltr">\g<0></span>', LAST_LINE_BREAKS.sub("", address))


def unit(name: str | None) -> str:
	"""Return a unit of measure in the reader's language; the one that rows have by default is in our catalogues."""
	if not name:
		return ""
	return _("Nos") if name == DEFAULT_UNIT else _(name)


def percent(value: float) -> str:
	return f"{plain(value, PERCENT_DECIMALS)} %"


def plain(value: Any, most: int) -> str:
	"""Return a number with as many decimals as it has."""
	return write(flt(value), min(decimals_written(flt(value)), most), number_format())


def number_format() -> str:
	return frappe.db.get_default("number_format") or ""
