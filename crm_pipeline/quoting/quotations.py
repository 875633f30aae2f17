"""What an opportunity's quotations say about it, whether they name it on the head or on a row."""

from datetime import date
from typing import NamedTuple

import frappe
from frappe.model.document import Document
from frappe.utils import flt, getdate, today
from pypika.terms import Criterion

from crm_pipeline.constants import QUOTING_DOCTYPES
from crm_pipeline.utils.bulk_sql import Exists, in_list
from crm_pipeline.utils.guarded_document import act_as_software


class QuotationState(NamedTuple):
	"""A submitted customer quotation as it concerns one opportunity.

	The state is Open, Ordered, Lost or Expired. The values, in the quotation's and in the base currency, are the sums of
	the rows that name the opportunity; those that name none are its too if the head names it. A quotation without
	rows is worth its net total.
	"""

	name: str
	state: str
	currency: str
	value: float
	base_value: float
	ordered_on: date | None


def quotations_of(opportunity: str) -> list[QuotationState]:
	"""Return the submitted customer quotations of an opportunity, oldest first."""
	quotation = frappe.qb.DocType("Quotation")
	naming = _parents("Quotation", opportunity)
	rows = (
		frappe.qb.from_(quotation)
		.select(
			quotation.name,
			quotation.opportunity,
			quotation.status,
			quotation.valid_till,
			quotation.currency,
			quotation.net_total,
			quotation.base_net_total,
			quotation.ordered_on,
		)
		.where(quotation.docstatus == 1)
		.where((quotation.opportunity == opportunity) | quotation.name.isin(in_list(naming)))
		.orderby(quotation.creation)
	).run(as_dict=True)
	shares = _shares(opportunity, rows)
	return [
		QuotationState(row.name, state_on(row, today()), row.currency, *shares[row.name], row.ordered_on)
		for row in rows
	]


def _shares(opportunity: str, quotations: list) -> dict[str, tuple[float, float]]:
	"""Return what of each quotation is an opportunity's, in its and in the base currency: the shares of all add up to it."""
	item = frappe.qb.DocType("Quotation Item")
	rows = (
		frappe.qb.from_(item)
		.select(item.parent, item.opportunity, item.net_amount, item.base_net_amount)
		.where((item.parenttype == "Quotation") & item.parent.isin(in_list([q.name for q in quotations])))
	).run(as_dict=True)
	priced = {row.parent for row in rows}
	head = {quotation.name: quotation.opportunity for quotation in quotations}
	shares = {
		quotation.name: (0.0, 0.0)
		if quotation.name in priced
		else (quotation.net_total, quotation.base_net_total)
		for quotation in quotations
	}
	for row in rows:
		if (row.opportunity or head[row.parent]) == opportunity:
			amount, base_amount = shares[row.parent]
			shares[row.parent] = amount + flt(row.net_amount), base_amount + flt(row.base_net_amount)
	return shares


def state_on(quotation: frappe._dict, day: str) -> str:
	"""Return Open, Ordered, Lost or Expired on a day: an open quotation expires after its last valid day."""
	expired = quotation.valid_till and getdate(quotation.valid_till) < getdate(day)
	return "Expired" if quotation.status == "Open" and expired else quotation.status


def quotations_naming(opportunity: str) -> list[str]:
	"""Return the names of all quotations to customers or from suppliers that name the opportunity, drafts included."""
	names = []
	for doctype in QUOTING_DOCTYPES:
		heads = frappe.get_all(doctype, filters={"opportunity": opportunity}, pluck="name")
		names += sorted({*heads, *_parents(doctype, opportunity)})
	return names


def _parents(doctype: str, opportunity: str) -> list[str]:
	return frappe.get_all(
		f"{doctype} Item",
		filters={"opportunity": opportunity, "parenttype": doctype},
		pluck="parent",
		distinct=True,
	)


def has_valid_supplier_quotation(opportunity: str) -> bool:
	"""Return whether a submitted supplier quotation that is still valid names the opportunity."""
	offers = frappe.get_all(
		"Supplier Quotation",
		filters={"docstatus": 1},
		or_filters={
			"opportunity": opportunity,
			"name": ["in", in_list(_parents("Supplier Quotation", opportunity))],
		},
		fields=["valid_till"],
	)
	return any(not offer.valid_till or getdate(offer.valid_till) >= getdate(today()) for offer in offers)


def has_quotation_in(*states: str, valid_on: date | None = None) -> Criterion:
	"""That a submitted quotation in one of these stored states names the opportunity, on its head or on a row.

	The query must read from the table of opportunities without an alias.

	Args:
		valid_on: count only those whose last valid day is not past on this day.
	"""
	opportunity, quotation, row = (
		frappe.qb.DocType(name) for name in ("Opportunity", "Quotation", "Quotation Item")
	)
	stands = (quotation.docstatus == 1) & quotation.status.isin(states)
	if valid_on:
		stands &= quotation.valid_till.isnull() | (quotation.valid_till >= valid_on)
	heads = (
		frappe.qb.from_(quotation)
		.select(quotation.name)
		.where((quotation.opportunity == opportunity.name) & stands)
	)
	rows = frappe.qb.from_(row).join(quotation).on(row.parent == quotation.name).select(row.name)
	return Exists(heads) | Exists(rows.where((row.opportunity == opportunity.name) & stands))


def refresh_opportunities(quotation: Document) -> None:
	"""Derive the status of every opportunity a quotation names, anew."""
	for name in opportunities_of(quotation):
		refresh_opportunity(name)


def opportunities_of(quotation: Document) -> list[str]:
	"""Return the names of the opportunities that a quotation names, on its head or on a row."""
	names = {quotation.opportunity, *(row.opportunity for row in quotation.items)}
	return sorted(name for name in names if name)


def refresh_opportunity(name: str) -> None:
	"""Derive an opportunity's status anew.

	The software acts here: whoever may submit the quotation need not be allowed to write the opportunity, and
	an unrelated broken link on it must not stop the quotation.
	"""
	opportunity = frappe.get_doc("Opportunity", name, for_update=True)
	act_as_software(opportunity)
	opportunity.save()
