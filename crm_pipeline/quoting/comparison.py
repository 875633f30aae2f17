"""What suppliers offer for the items of an opportunity, side by side in the base currency."""

import frappe
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate, today

from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.quoting.supplier_rows import disabled_among, rate_of, refuse_hidden_rates, select_rows
from crm_pipeline.rules import margin
from crm_pipeline.rules.money import Rate, round_to
from crm_pipeline.rules.row_prices import decimals_written
from crm_pipeline.rules.supplier_request import DECLINED

BASE = Rate(1)


def compare(opportunity: Document) -> dict:
	"""Return items with the offers for each, the cheapest and the fastest of them marked, and the floor.

	Drafts are among the offers, as not final. Whoever may not read supplier quotations is refused.

	Raises:
		FieldOutOfReach, frappe.PermissionError
	"""
	offers = offers_for(opportunity)
	items = [_item(row, [offer for offer in offers if offer.item == row.name]) for row in opportunity.items]
	return {
		"opportunity": opportunity.name,
		"currency": opportunity.currency,
		"base_currency": base_currency(),
		"margin_floor": frappe.get_cached_doc("Selling Settings").least_margin(),
		"suppliers": _suppliers(offers),
		"items": items,
	}


def offers_for(opportunity: Document) -> list[frappe._dict]:
	"""Return the rows of supplier quotations, not cancelled, for rows of an opportunity, as far as the user sees them.

	Each has in `item` the opportunity's row that it is for: the one that it names or, typed by hand, that of the same
	item; None if there is no such row.

	Raises:
		FieldOutOfReach, frappe.PermissionError
	"""
	refuse_hidden_rates()
	head, row = frappe.qb.DocType("Supplier Quotation"), frappe.qb.DocType("Supplier Quotation Item")
	on_head = (head.opportunity == opportunity.name) & (row.opportunity.isnull() | (row.opportunity == ""))
	offers = (
		select_rows()
		.where(visible("Supplier Quotation"))
		.where((head.docstatus < 2) & ((row.opportunity == opportunity.name) | on_head))
		.orderby(head.creation)
		.orderby(row.idx)
	).run(as_dict=True)
	disabled = disabled_among(offer.supplier for offer in offers)
	units = {row.name: row.uom for row in opportunity.items}
	for offer in offers:
		offer.item = _item_of(offer, opportunity)
		offer.final = offer.docstatus == 1
		offer.expired = bool(offer.valid_till) and getdate(offer.valid_till) < getdate(today())
		offer.disabled = offer.supplier in disabled
		offer.declined = offer.request_status == DECLINED
		offer.other_unit = not margin.is_same_unit(offer.uom, units.get(offer.item))
	return offers


def _item_of(offer: frappe._dict, opportunity: Document) -> str | None:
	names = [row.name for row in opportunity.items]
	if offer.opportunity_item in names:
		return offer.opportunity_item
	alike = [row.name for row in opportunity.items if row.item_code and row.item_code == offer.item_code]
	return alike[0] if alike and not offer.opportunity_item else None


def _suppliers(offers: list[frappe._dict]) -> list[dict]:
	heads = {offer.parent: offer for offer in offers}
	fields = (
		*("supplier", "supplier_name", "currency", "valid_till"),
		*("request_status", "final", "expired", "disabled"),
	)
	return [
		{"supplier_quotation": name, **{field: offer[field] for field in fields}}
		for name, offer in heads.items()
	]


def _item(row: Document, offers: list[frappe._dict]) -> dict:
	ranked = [as_offer(offer) for offer in offers]
	best = {
		"cheapest": margin.cheapest(ranked, flt(row.qty)),
		"fastest": margin.fastest(ranked, flt(row.qty)),
	}
	names = {key: offer.name if offer else None for key, offer in best.items()}
	return {
		"opportunity_item": row.name,
		**{field: row.get(field) for field in ("idx", "item_code", "item_name", "qty", "uom")},
		**names,
		"offers": [_cell(offer, flt(row.qty)) for offer in offers],
	}


def as_offer(offer: frappe._dict) -> margin.Offer:
	"""Return a supplier's row as the rules compare it.

	What is not final or in another unit, has expired, was declined or is of a disabled supplier is not chosen.
	"""
	stands = offer.final and not (offer.expired or offer.disabled or offer.declined or offer.other_unit)
	return margin.Offer(
		offer.name,
		float(margin.in_other_currency(offer.rate, rate_of(offer), BASE)),
		cint(offer.lead_time_days),
		flt(offer.minimum_qty),
		stands,
	)


def _cell(offer: frappe._dict, qty: float) -> dict:
	ranked = as_offer(offer)
	fields = (
		*("rate", "currency", "qty", "uom", "valid_till"),
		*("final", "expired", "disabled", "declined", "other_unit"),
	)
	return {
		"supplier_quotation": offer.parent,
		"supplier_quotation_item": offer.name,
		**{field: offer[field] for field in fields},
		"base_rate": round_to(
			ranked.rate, max(decimals_of(offer.base_currency), decimals_written(offer.rate))
		),
		"lead_time_days": ranked.lead_time_days,
		"minimum_qty": ranked.minimum_qty,
		"reaches_minimum": ranked.minimum_qty <= qty,
	}
