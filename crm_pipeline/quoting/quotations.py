"""What an opportunity's quotations say about it, whether they name it on the head or on a row."""

from datetime import date
from typing import NamedTuple

import frappe
from frappe.model.document import Document
from frappe.query_builder.functions import Coalesce
from frappe.utils import flt, getdate, today
from pypika import Table
from pypika.terms import Criterion

from crm_pipeline.constants import QUOTING_DOCTYPES
from crm_pipeline.rules import quotation_status
from crm_pipeline.utils.bulk_sql import Exists, in_list
from crm_pipeline.utils.guarded_document import act_as_software
from crm_pipeline.utils.locking import hold_records


class QuotationState(NamedTuple):
	"""A submitted customer quotation as it concerns one opportunity.

	The state is the status of today. The values, in the quotation's and in the base currency, are the sums of the rows
	that name the opportunity; those that name none are its too if the head names it. Of an ordered one only the ordered
	rows count. A quotation without rows is worth its net total.
	"""

	name: str
	state: str
	currency: str
	value: float
	base_value: float
	ordered_on: date | None


def quotations_of(opportunity: str, hold: bool = False) -> list[QuotationState]:
	"""Return the submitted customer quotations of an opportunity, oldest first; of revisions only the newest.

	Args:
		hold: lock them, and so read what is there now: without a lock, MariaDB reads what was when the transaction began.
	"""
	quotation = frappe.qb.DocType("Quotation")
	naming = _parents("Quotation", opportunity)
	query = (
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
		.where(is_current(quotation))
		.where((quotation.opportunity == opportunity) | quotation.name.isin(in_list(naming)))
		.orderby(quotation.creation)
	)
	rows = (query.for_update() if hold else query).run(as_dict=True)
	for row in rows:
		row.state = state_on(row, today())
	shares = _shares(opportunity, rows, hold)
	return [
		QuotationState(row.name, row.state, row.currency, *shares[row.name], row.ordered_on) for row in rows
	]


def is_current(quotation: Table) -> Criterion:
	"""That a quotation is submitted, and no revision that is submitted too stands for it."""
	return (quotation.docstatus == 1) & (Coalesce(quotation.replaced_by, "") == "")


def _shares(opportunity: str, quotations: list, hold: bool) -> dict[str, tuple[float, float]]:
	"""Return what of each quotation is an opportunity's, in its and in the base currency: the shares of all add up to it."""
	item = frappe.qb.DocType("Quotation Item")
	query = (
		frappe.qb.from_(item)
		.select(item.parent, item.opportunity, item.ordered, item.net_amount, item.base_net_amount)
		.where((item.parenttype == "Quotation") & item.parent.isin(in_list([q.name for q in quotations])))
	)
	rows = (query.for_update() if hold else query).run(as_dict=True)
	priced = {row.parent for row in rows}
	head = {quotation.name: quotation.opportunity for quotation in quotations}
	in_part = {each.name for each in quotations if each.state == quotation_status.ORDERED}
	shares = {
		quotation.name: (0.0, 0.0)
		if quotation.name in priced
		else (quotation.net_total, quotation.base_net_total)
		for quotation in quotations
	}
	for row in rows:
		counts = row.ordered or row.parent not in in_part
		if counts and (row.opportunity or head[row.parent]) == opportunity:
			amount, base_amount = shares[row.parent]
			shares[row.parent] = amount + flt(row.net_amount), base_amount + flt(row.base_net_amount)
	return shares


def state_on(quotation: Document | frappe._dict, day: str) -> str:
	"""Return the status of a quotation on a day."""
	last_day = getdate(quotation.valid_till) if quotation.valid_till else None
	return quotation_status.state_on(quotation.status, last_day, getdate(day))


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


def has_quotation_in(*states: str, valid_on: date | None = None, overdue_on: date | None = None) -> Criterion:
	"""That a submitted quotation in one of these stored states names the opportunity, on its head or on a row.

	One that a revision stands for does not count. The query must read from the table of opportunities without an alias.

	Args:
		valid_on: count only those whose last valid day is not past on this day.
		overdue_on: count only those whose last valid day is past on this day.
	"""
	opportunity, quotation, row = (
		frappe.qb.DocType(name) for name in ("Opportunity", "Quotation", "Quotation Item")
	)
	stands = is_current(quotation) & quotation.status.isin(states)
	if valid_on:
		stands &= quotation.valid_till.isnull() | (quotation.valid_till >= valid_on)
	if overdue_on:
		stands &= quotation.valid_till < overdue_on
	heads = (
		frappe.qb.from_(quotation)
		.select(quotation.name)
		.where((quotation.opportunity == opportunity.name) & stands)
	)
	rows = frappe.qb.from_(row).join(quotation).on(row.parent == quotation.name).select(row.name)
	return Exists(heads) | Exists(rows.where((row.opportunity == opportunity.name) & stands))


def refresh_opportunities(quotation: Document) -> None:
	"""Derive status, amount and revenue anew of every opportunity that a quotation, or one that it replaces, names."""
	for name in opportunities_moved_by(quotation):
		refresh_opportunity(name)


def opportunities_of(quotation: Document) -> list[str]:
	"""Return the names of the opportunities that a quotation names, on its head or on a row."""
	names = {quotation.opportunity, *(row.opportunity for row in quotation.items)}
	return sorted(name for name in names if name)


def opportunities_moved_by(quotation: Document) -> list[str]:
	"""Return the names of the opportunities that follow a quotation: those that it or a former version of it names."""
	names = set(opportunities_of(quotation))
	if former := former_quotations(quotation):
		names.update(frappe.get_all("Quotation", {"name": ["in", former]}, pluck="opportunity"))
		of_rows = {"parenttype": "Quotation", "parent": ["in", former]}
		names.update(frappe.get_all("Quotation Item", of_rows, pluck="opportunity"))
	return sorted(name for name in names if name)


def former_quotations(quotation: Document) -> list[str]:
	"""Return what a quotation replaces, and what that replaced, newest first; it ends where it would begin anew."""
	names: list[str] = []
	name = quotation.replaces
	while name and name not in names:
		names.append(name)
		name = frappe.db.get_value("Quotation", name, "replaces")
	return names


def hold_opportunities(quotation: Document) -> None:
	"""Let those who settle several quotations of an opportunity do so one after the other, each aware of the last."""
	stored = frappe.get_all("Quotation", {"name": quotation.name}, ["opportunity", "replaces"])
	of_rows = {"parenttype": "Quotation", "parent": quotation.name}
	names = {*opportunities_of(quotation), *(row.opportunity for row in stored)}
	names.update(frappe.get_all("Quotation Item", of_rows, pluck="opportunity"))
	versions = {quotation.replaces, *(row.replaces for row in stored)}
	hold_records("Opportunity", names)
	hold_records("Quotation", versions)


def refresh_opportunity(name: str) -> None:
	"""Derive an opportunity's status, and what else follows its quotations, anew.

	The software acts here: whoever may submit the quotation need not be allowed to write the opportunity, and
	an unrelated broken link on it must not stop the quotation.
	"""
	opportunity = frappe.get_doc("Opportunity", name, for_update=True)
	act_as_software(opportunity)
	opportunity.save()
