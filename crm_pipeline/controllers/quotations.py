"""What an opportunity's quotations say about it, whether they name it on the head or on a row."""

from datetime import date
from typing import NamedTuple

import frappe
from frappe.query_builder.functions import Sum
from frappe.utils import getdate, today
from pypika.terms import Criterion

from crm_pipeline.controllers.sql import Exists
from crm_pipeline.utils.bulk_sql import in_list

QUOTING_DOCTYPES = ("Quotation", "Supplier Quotation")


class QuotationState(NamedTuple):
	"""A submitted customer quotation as it concerns one opportunity.

	The state is Open, Ordered, Lost or Expired. The values are the sums of the rows that name the opportunity or,
	where none does, the net total, in the quotation's and in the base currency.
	"""

	name: str
	state: str
	currency: str
	value: float
	base_value: float
	ordered_on: date | None


def quotations_of(opportunity: str) -> list[QuotationState]:
	"""The submitted customer quotations of an opportunity, oldest first."""
	quotation = frappe.qb.DocType("Quotation")
	shares = _shares(opportunity)
	rows = (
		frappe.qb.from_(quotation)
		.select(
			quotation.name,
			quotation.status,
			quotation.valid_till,
			quotation.currency,
			quotation.net_total,
			quotation.base_net_total,
			quotation.ordered_on,
		)
		.where(quotation.docstatus == 1)
		.where((quotation.opportunity == opportunity) | quotation.name.isin(in_list(shares)))
		.orderby(quotation.creation)
	).run(as_dict=True)
	return [
		QuotationState(
			row.name,
			state_on(row, today()),
			row.currency,
			*shares.get(row.name, (row.net_total, row.base_net_total)),
			row.ordered_on,
		)
		for row in rows
	]


def _shares(opportunity: str) -> dict[str, tuple[float, float]]:
	"""What the rows naming an opportunity add up to, by quotation."""
	row = frappe.qb.DocType("Quotation Item")
	sums = (
		frappe.qb.from_(row)
		.select(row.parent, Sum(row.amount), Sum(row.base_amount))
		.where((row.opportunity == opportunity) & (row.parenttype == "Quotation"))
		.groupby(row.parent)
	).run()
	return {parent: (amount, base_amount) for parent, amount, base_amount in sums}


def state_on(quotation, day: str) -> str:
	"""Open, Ordered, Lost or Expired on a day: an open quotation expires after its last valid day."""
	expired = quotation.valid_till and getdate(quotation.valid_till) < getdate(day)
	return "Expired" if quotation.status == "Open" and expired else quotation.status


def quotations_naming(opportunity: str) -> list[str]:
	"""Names of all quotations to customers or from suppliers that name the opportunity, drafts included."""
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


def supplier_quotation_in_hand(opportunity: str) -> bool:
	"""Whether a submitted supplier quotation that is still valid names the opportunity."""
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


def names_it(*states: str, valid_on: date | None = None) -> Criterion:
	"""That a submitted quotation in one of these stored states names the opportunity, on its head or on a row.

	The query must read from the table of opportunities without an alias.

	Args:
		valid_on: count only those whose last valid day is not past on this day.
	"""
	deal, quotation, row = (
		frappe.qb.DocType(name) for name in ("Opportunity", "Quotation", "Quotation Item")
	)
	stands = (quotation.docstatus == 1) & quotation.status.isin(states)
	if valid_on:
		stands &= quotation.valid_till.isnull() | (quotation.valid_till >= valid_on)
	heads = (
		frappe.qb.from_(quotation).select(quotation.name).where((quotation.opportunity == deal.name) & stands)
	)
	rows = frappe.qb.from_(row).join(quotation).on(row.parent == quotation.name).select(row.name)
	return Exists(heads) | Exists(rows.where((row.opportunity == deal.name) & stands))


def refresh_opportunities(quotation) -> None:
	"""Derive the status of every opportunity a quotation names, anew."""
	names = {quotation.opportunity, *(row.opportunity for row in quotation.items)}
	for name in sorted(filter(None, names)):
		refresh_opportunity(name)


def refresh_opportunity(name: str) -> None:
	"""Derive an opportunity's status anew.

	The software acts here: whoever may submit the quotation need not be allowed to write the opportunity, and
	an unrelated broken link on it must not stop the quotation.
	"""
	opportunity = frappe.get_doc("Opportunity", name, for_update=True)
	opportunity.flags.update(
		ignore_permissions=True, ignore_links=True, ignore_mandatory=True, by_software=True
	)
	opportunity.save()
