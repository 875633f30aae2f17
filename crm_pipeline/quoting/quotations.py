"""What an opportunity's quotations say about it, whether they name it on the head or on a row."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import frappe
from frappe.model.document import Document
from frappe.query_builder.functions import Coalesce
from frappe.utils import flt, getdate, today
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.constants import QUOTING_DOCTYPES
from crm_pipeline.rules import quotation_status
from crm_pipeline.utils.bulk_sql import Exists, in_list, starting_from, union_of
from crm_pipeline.utils.guarded_document import act_as_software
from crm_pipeline.utils.locking import hold_records
from crm_pipeline.utils.prepared import Prepared


class QuotationState(NamedTuple):
	"""A submitted customer quotation as it concerns one opportunity.

	The state is the status of today of what is the opportunity's: of a quotation that is ordered in part, one
	opportunity may be won and another not. The values, in the quotation's and in the base currency, are the sums of the rows
	that name the opportunity; those that name none are its too if the head names it. Of an ordered one only the ordered
	rows count; in the ordered values never others do. A quotation without rows is worth its net total.
	"""

	name: str
	state: str
	currency: str
	value: float
	base_value: float
	ordered_value: float
	base_ordered_value: float
	ordered_on: date | None


def quotations_of(opportunity: str, hold: bool = False) -> list[QuotationState]:
	"""Return the submitted customer quotations of an opportunity, oldest first; of revisions only the newest.

	Args:
		hold: lock them, and so read what is there now: without a lock, MariaDB reads what was when the transaction began.
	"""
	if hold:
		rows = _current(_naming_held(opportunity)).for_update().run(as_dict=True)
	else:
		rows = _current_of({"opportunity": opportunity}, as_dict=True)
	if not rows:
		return []
	for row in rows:
		row.state = state_on(row, today())
	parts = _rows_by_quotation(rows, hold)
	reasons = _with_lost_reasons(list(parts))
	return [_as_concerns(opportunity, row, parts[row.name], row.name in reasons) for row in rows]


def _current(query: QueryBuilder) -> QueryBuilder:
	quotation = frappe.qb.DocType("Quotation")
	return (
		query.select(
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
		.orderby(quotation.creation)
	)


@Prepared
def _current_of(values: dict[str, Any]) -> QueryBuilder:
	return _current(_naming(values["opportunity"]))


def _naming_held(opportunity: str) -> QueryBuilder:
	"""Return the query of `_naming` to lock them, and only them: which heads name it must be looked up by the lock itself."""
	quotation = frappe.qb.DocType("Quotation")
	named = quotation.name.isin(in_list(_parents("Quotation", opportunity)))
	return frappe.qb.from_(quotation).where((quotation.opportunity == opportunity) | named)


def _naming(opportunity: str | Term) -> QueryBuilder:
	"""Return a query on the customer quotations that name an opportunity, on the head or on a row."""
	quotation, row = frappe.qb.DocType("Quotation"), frappe.qb.DocType("Quotation Item")
	head = quotation.as_("head")
	heads = frappe.qb.from_(head).select(head.name.as_("name")).where(head.opportunity == opportunity)
	rows = frappe.qb.from_(row).select(row.parent.as_("name"))
	of_row = (row.opportunity == opportunity) & (row.parenttype == "Quotation")
	return starting_from(union_of(heads, rows.where(of_row)), quotation)


def is_current(quotation: Table) -> Criterion:
	"""That a quotation is submitted, and no revision that is submitted too stands for it."""
	return (quotation.docstatus == 1) & (Coalesce(quotation.replaced_by, "") == "")


def _rows_by_quotation(quotations: list, hold: bool) -> dict[str, list]:
	"""Return the rows of each quotation: the shares that its opportunities have of them add up to it."""
	item = frappe.qb.DocType("Quotation Item")
	query = (
		frappe.qb.from_(item)
		.select(item.parent, item.opportunity, item.ordered, item.net_amount, item.base_net_amount)
		.where((item.parenttype == "Quotation") & item.parent.isin(in_list([q.name for q in quotations])))
	)
	rows: dict[str, list] = {quotation.name: [] for quotation in quotations}
	for row in (query.for_update() if hold else query).run(as_dict=True):
		rows[row.parent].append(row)
	return rows


def _with_lost_reasons(quotations: list[str]) -> set[str]:
	filters = {"parenttype": "Quotation", "parent": ["in", in_list(quotations)]}
	return set(frappe.get_all("Lost Reason Detail", filters, pluck="parent"))


def _as_concerns(
	opportunity: str, quotation: frappe._dict, rows: list[frappe._dict], reasons: bool
) -> QuotationState:
	"""Return what a quotation with these rows is to one opportunity, in state and in value."""
	own = [row for row in rows if (row.opportunity or quotation.opportunity) == opportunity]
	if not rows:
		own = [_whole_as_row(quotation)]
	ordered = [row for row in own if row.ordered]
	counting = ordered if quotation.state == quotation_status.ORDERED else own
	return QuotationState(
		quotation.name,
		quotation_status.state_of_part(quotation.state, [bool(row.ordered) for row in own], reasons),
		quotation.currency,
		*_values(counting),
		*_values(ordered),
		quotation.ordered_on,
	)


def _whole_as_row(quotation: frappe._dict) -> frappe._dict:
	return frappe._dict(
		net_amount=quotation.net_total,
		base_net_amount=quotation.base_net_total,
		ordered=quotation.state == quotation_status.ORDERED,
	)


def _values(rows: list[frappe._dict]) -> tuple[float, float]:
	"""Return what rows add up to, in the quotation's and in the base currency."""
	return sum((flt(row.net_amount) for row in rows), 0.0), sum(
		(flt(row.base_net_amount) for row in rows), 0.0
	)


def orders_among(quotations: list[QuotationState]) -> list[QuotationState]:
	"""Return those of which something is ordered, worth the ordered rows alone."""
	return [
		each._replace(value=each.ordered_value, base_value=each.base_ordered_value)
		for each in quotations
		if each.state in quotation_status.WITH_ORDERS
	]


def state_on(quotation: Document | frappe._dict, day: str) -> str:
	"""Return the status of a quotation on a day."""
	last_day = getdate(quotation.valid_till) if quotation.valid_till else None
	return quotation_status.state_on(quotation.status, last_day, getdate(day))


def quotations_naming(opportunity: str, doctypes: Iterable[str] = QUOTING_DOCTYPES) -> list[str]:
	"""Return the names of all quotations to customers or from suppliers that name the opportunity, drafts included."""
	names = []
	for doctype in doctypes:
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
	"""That a submitted quotation names the opportunity, on its head or on a row, and is stored in one of these states for it.

	The states are those of `rules.quotation_status.state_of_part`. One that a revision stands for does not count. The query must read from the table of opportunities without an alias.

	Args:
		valid_on: count only those whose last valid day is not past on this day.
		overdue_on: count only those whose last valid day is past on this day.
	"""
	opportunity, quotation, row = (
		frappe.qb.DocType(name) for name in ("Opportunity", "Quotation", "Quotation Item")
	)
	stands = is_current(quotation) & _is_to(opportunity, quotation, states)
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


def _is_to(opportunity: Table, quotation: Table, states: tuple[str, ...]) -> Criterion:
	"""That a quotation is in one of these states to an opportunity; `rules.quotation_status.state_of_part` says it of one."""
	row = frappe.qb.DocType("Quotation Item").as_("part")
	all_rows = (
		frappe.qb.from_(row)
		.select(row.name)
		.where((row.parenttype == "Quotation") & (row.parent == quotation.name))
	)
	named = Coalesce(row.opportunity, "")
	of_head = (named == "") & (quotation.opportunity == opportunity.name)
	own = all_rows.where((named == opportunity.name) | of_head)
	some, left = Exists(own.where(row.ordered == 1)), Exists(own.where(row.ordered == 0))
	reason = frappe.qb.DocType("Lost Reason Detail")
	declined = Exists(
		frappe.qb.from_(reason)
		.select(reason.name)
		.where((reason.parenttype == "Quotation") & (reason.parent == quotation.name))
	)
	in_part = quotation.status == quotation_status.PARTIALLY_ORDERED
	ordered = quotation.status == quotation_status.ORDERED
	without = ordered & Exists(all_rows) & ~some
	divided = {
		quotation_status.OPEN: in_part & ~some,
		quotation_status.PARTIALLY_ORDERED: in_part & some & left,
		quotation_status.ORDERED: (in_part & some & ~left) | (ordered & (some | ~Exists(all_rows))),
		quotation_status.LOST: without & declined,
		quotation_status.EXPIRED: without & ~declined,
	}
	whole = set(states).difference(quotation_status.WITH_ORDERS)
	found = quotation.status.isin(in_list(sorted(whole)))
	for state in divided.keys() & set(states):
		found |= divided[state]
	return found


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
