"""Taxes and charges as quotations and their templates list them."""

from collections.abc import Iterable, Sequence

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

from crm_pipeline.exceptions import ChargeImpossible
from crm_pipeline.money.exchange_rates import decimals_of
from crm_pipeline.rules.money import Rate, round_to
from crm_pipeline.rules.totals import ACTUAL, Charge

TEMPLATE = "Sales Taxes and Charges Template"
TYPED = ("charge_type", "description", "rate", "included_in_print_rate", "tax_amount")
HUNDRED = 100


def charges_of(rows: Iterable[Document]) -> list[Charge]:
	"""Return the rows of a table of taxes and charges as values."""
	return [
		Charge(row.charge_type, flt(row.rate), flt(row.tax_amount), bool(cint(row.included_in_print_rate)))
		for row in rows
	]


def check_charges(rows: Sequence[Document]) -> None:
	"""Refuse what cannot be charged, and empty what the type of a row gives no meaning.

	Raises:
		ChargeImpossible
	"""
	for row in rows:
		row.charge_type = row.charge_type or row.meta.get_field("charge_type").default
		actual = row.charge_type == ACTUAL
		row.set("rate" if actual else "tax_amount", 0)
		if flt(row.rate) < 0 or flt(row.tax_amount) < 0:
			_refuse(row, _("Rate and amount cannot be negative. Use a discount to charge less."))
		if actual and cint(row.included_in_print_rate):
			_refuse(row, _("Only a percentage can be included in the unit prices. Untick that."))
	included = [row for row in rows if cint(row.included_in_print_rate)]
	if sum(flt(row.rate) for row in included) >= HUNDRED:
		_refuse(included[-1], _("Taxes that are included in the unit prices must be below 100 % together."))


def default_template() -> str | None:
	"""Return the template that new quotations take."""
	return frappe.db.get_value(TEMPLATE, {"is_default": 1, "disabled": 0})


def rows_of_template(template: str, currency: str, rate: Rate) -> list[dict]:
	"""Return what a template charges, its amounts in a currency.

	Args:
		rate: of that currency to the base currency, in which templates keep amounts.
	"""
	rows = frappe.get_all(
		"Sales Taxes and Charges",
		{"parent": template, "parenttype": TEMPLATE},
		[*TYPED],
		order_by="idx",
	)
	places = decimals_of(currency)
	for row in rows:
		row.tax_amount = round_to(flt(row.tax_amount) / float(rate.exact), places)
	return rows


def _refuse(row: Document, problem: str) -> None:
	frappe.throw(
		_("Taxes and Charges, row {0}: {1}").format(row.idx, problem),
		ChargeImpossible,
		title=_("Charge Not Possible"),
	)
