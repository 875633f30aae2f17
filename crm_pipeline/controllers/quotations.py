"""What an opportunity's quotations say about it, whether they name it on the head or on a row."""

from typing import NamedTuple

import frappe
from frappe.utils import getdate, today

QUOTING_DOCTYPES = ("Quotation", "Supplier Quotation")


class QuotationState(NamedTuple):
	"""A submitted customer quotation: state is Open, Ordered, Lost or Expired; values are net totals."""

	name: str
	state: str
	currency: str
	value: float
	base_value: float


def quotations_of(opportunity: str) -> list[QuotationState]:
	"""The submitted customer quotations of an opportunity, oldest first."""
	quotation = frappe.qb.DocType("Quotation")
	rows = (
		frappe.qb.from_(quotation)
		.select(
			quotation.name,
			quotation.status,
			quotation.valid_till,
			quotation.currency,
			quotation.net_total,
			quotation.base_net_total,
		)
		.where(quotation.docstatus == 1)
		.where(
			(quotation.opportunity == opportunity) | quotation.name.isin(_parents("Quotation", opportunity))
		)
		.orderby(quotation.creation)
	).run(as_dict=True)
	return [
		QuotationState(row.name, state_on(row, today()), row.currency, row.net_total, row.base_net_total)
		for row in rows
	]


def state_on(quotation, day: str) -> str:
	"""Open, Ordered, Lost or Expired on a day: an open quotation expires after its last valid day."""
	expired = quotation.valid_till and getdate(quotation.valid_till) < getdate(day)
	return "Expired" if quotation.status == "Open" and expired else quotation.status


def quotations_naming(opportunity: str) -> list[str]:
	"""Names of all quotations to customers or from suppliers that name the opportunity, drafts included."""
	names = []
	for doctype in QUOTING_DOCTYPES:
		heads = frappe.get_all(doctype, filters={"opportunity": opportunity}, pluck="name")
		names += sorted({*heads, *_parents(doctype, opportunity)} - {""})
	return names


def _parents(doctype: str, opportunity: str) -> list[str]:
	rows = frappe.get_all(
		f"{doctype} Item",
		filters={"opportunity": opportunity, "parenttype": doctype},
		pluck="parent",
		distinct=True,
	)
	return rows or [""]


def refresh_opportunities(quotation) -> None:
	"""Derive the status of every opportunity a quotation names, anew.

	The software acts here: whoever may submit the quotation need not be allowed to write the opportunity, and
	an unrelated broken link on it must not stop the quotation.
	"""
	names = {quotation.opportunity, *(row.opportunity for row in quotation.items)}
	for name in sorted(filter(None, names)):
		opportunity = frappe.get_doc("Opportunity", name, for_update=True)
		opportunity.flags.update(ignore_permissions=True, ignore_links=True, ignore_mandatory=True)
		opportunity.save()
