"""Suppliers' rates for an opportunity: compared, priced, and made a quotation to the customer."""

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import getdate, today

from crm_pipeline.crm_pipeline.doctype.opportunity.mapping import make_quotation
from crm_pipeline.money.exchange_rates import base_currency, exchange_rate
from crm_pipeline.quoting.comparison import compare
from crm_pipeline.quoting.supplier_rates import Pick, rates_for, read_margin, read_picks, summary_of
from crm_pipeline.utils.confidential import require_record


@frappe.whitelist(methods=["GET"])
def compare_supplier_rates(opportunity: str) -> dict:
	"""Return the items of an opportunity with what suppliers offer for each, in the base currency.

	Raises:
		FieldOutOfReach, frappe.DoesNotExistError, frappe.PermissionError
	"""
	source = require_record("Opportunity", opportunity)
	frappe.has_permission("Supplier Quotation", "read", throw=True)
	return compare(source)


@frappe.whitelist(methods=["GET", "POST"])
def price_supplier_rates(
	opportunity: str, picks: list | str, margin: dict | str | None = None
) -> dict[str, Any]:
	"""Return what the chosen rates cost, the prices with a margin, and whether that reaches the floor; nothing is made.

	Args:
		picks: as for `make_quotation_from_supplier_rates`.
		margin: as there.

	Raises:
		PicksUnfit, SupplierRateMissing, MasterDisabled, MarginImpossible, ImpossibleNumber, ExchangeRateMissing
	"""
	source = require_record("Opportunity", opportunity)
	frappe.has_permission("Supplier Quotation", "read", throw=True)
	chosen = read_picks(source, picks)
	to_base = exchange_rate(source.currency, base_currency(), getdate(today()))
	rates = rates_for(chosen, read_margin(margin), source.currency, to_base)
	prices = [
		float(pick.item.rate or 0) if rate is None else rate for pick, rate in zip(chosen, rates, strict=True)
	]
	return summary_of(chosen, prices, source.currency, to_base)


@frappe.whitelist(methods=["GET", "POST"])
def make_quotation_from_supplier_rates(
	opportunity: str, picks: list | str, margin: dict | str | None = None, with_others: bool = False
) -> Document:
	"""Return an unsaved quotation to the opportunity's party, at suppliers' rates plus a margin.

	Each row names the opportunity's row that it is for and the supplier's row that it was made from.

	Args:
		picks: a list of objects with `opportunity_item`, `supplier_quotation_item`, `qty` and perhaps a `margin` of
			their own. Several may share an opportunity's row; their quantities make its quantity.
		margin: `{"percentage": 20}`, of the price, or `{"amount": 500}`, for all rows, in the opportunity's currency.
			Without one the rates are those of the opportunity's rows.
		with_others: quote the opportunity's other rows too, at its own prices, such as services of one's own.

	Raises:
		PartyMissing, PicksUnfit, SupplierRateMissing, MasterDisabled, MarginImpossible, ImpossibleNumber,
		ExchangeRateMissing
	"""
	source = require_record("Opportunity", opportunity)
	frappe.has_permission("Supplier Quotation", "read", throw=True)
	chosen = read_picks(source, picks)
	quotation = make_quotation(source.name)
	rates = rates_for(chosen, read_margin(margin), quotation.currency, quotation.rate)
	mapped = [row.as_dict() for row in quotation.items]
	quotation.set("items", [])
	for row in mapped:
		priced = [
			pair for pair in zip(chosen, rates, strict=True) if pair[0].item.name == row.opportunity_item
		]
		for pick, rate in priced:
			quotation.append("items", _row(row, pick, rate))
		if with_others and not priced:
			quotation.append("items", {**row, "idx": None})
	quotation.run_method("set_amounts")
	return quotation


def _row(mapped: dict, pick: Pick, rate: float | None) -> dict:
	return {
		**mapped,
		"idx": None,
		"qty": pick.qty,
		"rate": mapped["rate"] if rate is None else rate,
		"supplier_quotation": pick.offer.parent,
		"supplier_quotation_item": pick.offer.name,
	}
