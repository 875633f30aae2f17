"""Quotations to customers and from suppliers: status, order, revisions, requests."""

from functools import partial

import frappe
from frappe.query_builder.functions import Coalesce
from pypika import Case, Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from crm_pipeline.checks.correcting import correct
from crm_pipeline.checks.invariant import MINOR, SERIOUS, Invariant, Repair
from crm_pipeline.checks.terms import is_empty, names, rows_of
from crm_pipeline.rules import quotation_status, supplier_request
from crm_pipeline.utils.bulk_sql import has_any

DRAFT, SUBMITTED, CANCELLED = 0, 1, 2  # as Frappe numbers them
OF_SUBMITTED = {
	"Quotation": quotation_status.SUBMITTED,
	"Supplier Quotation": ("Submitted", "Expired"),
}
quotation, request = Table("tabQuotation"), Table("tabSupplier Quotation")
item = Table("tabQuotation Item")


def of_other_docstatus(doctype: str) -> QueryBuilder:
	table = Table(f"tab{doctype}")
	submitted = (table.docstatus == SUBMITTED) & table.status.notin(OF_SUBMITTED[doctype])
	return names(table).where(submitted | _not_submitted(table))


def not_submitted(doctype: str) -> QueryBuilder:
	"""Return those of them whose docstatus leaves no choice."""
	table = Table(f"tab{doctype}")
	return names(table).where(_not_submitted(table))


def _not_submitted(table: Table) -> Criterion:
	draft = (table.docstatus == DRAFT) & (Coalesce(table.status, "") != "Draft")
	return draft | ((table.docstatus == CANCELLED) & (Coalesce(table.status, "") != "Cancelled"))


def by_docstatus(doctype: str) -> dict:
	return {"status": Case().when(Table(f"tab{doctype}").docstatus == DRAFT, "Draft").else_("Cancelled")}


def misordered() -> QueryBuilder:
	"""Return the submitted quotations whose rows are not as their status says: some ordered, some left, none."""
	rows = rows_of("Quotation", item, quotation.name).select(item.name)
	some, left = has_any(rows.where(item.ordered == 1)), has_any(rows.where(item.ordered == 0))
	partly = quotation.status == quotation_status.PARTIALLY_ORDERED
	orders = quotation.status.isin(quotation_status.WITH_ORDERS)
	ordered = (quotation.status == quotation_status.ORDERED) & ~some & left
	wrong = Criterion.any((partly & ~(some & left), ordered, ~orders & some))
	return names(quotation).where((quotation.docstatus == SUBMITTED) & wrong)


def ordered_never() -> QueryBuilder:
	orders = quotation.status.isin(quotation_status.WITH_ORDERS)
	undated = orders & quotation.ordered_on.isnull()
	return names(quotation).where((quotation.docstatus == SUBMITTED) & undated)


def replaced_by_nothing() -> QueryBuilder:
	"""Return the quotations for which another is said to stand that is none, not submitted, or replaced itself."""
	newest = quotation.as_("newest")
	stands = (newest.docstatus == SUBMITTED) & is_empty(newest.replaced_by) & ~is_empty(newest.replaces)
	there = frappe.qb.from_(newest).select(newest.name).where((newest.name == quotation.replaced_by) & stands)
	return names(quotation).where(~is_empty(quotation.replaced_by) & ~has_any(there))


def replaced_untold() -> QueryBuilder:
	"""Return the quotations that count beside a submitted one which replaces them."""
	later = quotation.as_("later")
	there = frappe.qb.from_(later).select(later.name)
	there = there.where((later.replaces == quotation.name) & (later.docstatus == SUBMITTED))
	return names(quotation).where(is_empty(quotation.replaced_by) & has_any(there))


def row_of_other_opportunity(doctype: str) -> QueryBuilder:
	"""Return the quotations with a row that names a row of another opportunity than it is for."""
	table, row, source = Table(f"tab{doctype}"), Table(f"tab{doctype} Item"), Table("tabOpportunity Item")
	query = frappe.qb.from_(row).join(source).on(source.name == row.opportunity_item)
	query = query.join(table.as_("head")).on(table.as_("head").name == row.parent).select(row.parent)
	named = Coalesce(row.opportunity, "")
	other = (named != source.parent) & (named != "")
	return names(table).where(table.name.isin(query.where((row.parenttype == doctype) & other)))


def requested_otherwise() -> QueryBuilder:
	"""Return the requests whose status is not what happened to them; late is what the nightly job says of them."""
	state = Coalesce(request.request_status, "")
	asked, opened, late = (
		state == each for each in (supplier_request.ASKED, supplier_request.OPENED, supplier_request.LATE)
	)
	wrong = Criterion.any(
		(
			(state != supplier_request.NOT_ASKED) & request.requested_on.isnull(),
			(state == supplier_request.NOT_ASKED) & request.requested_on.isnotnull(),
			(state == supplier_request.ANSWERED) & request.answered_on.isnull(),
			(state == supplier_request.DECLINED) & is_empty(request.decline_reason),
			(asked | opened | late) & (request.answered_on.isnotnull() | ~is_empty(request.decline_reason)),
			opened & request.opened_on.isnull(),
			asked & request.opened_on.isnotnull(),
			late & request.answer_by.isnull(),
		)
	)
	return names(request).where(wrong)


def _of_docstatus(name: str, doctype: str) -> Invariant:
	return Invariant(
		name,
		doctype,
		f"{doctype}: drafts are Draft, cancelled ones Cancelled, submitted ones neither.",
		SERIOUS,
		"Repaired of drafts and cancelled ones; a submitted one is to be amended, or mended from a backup.",
		partial(of_other_docstatus, doctype),
		Repair(correct(doctype, partial(by_docstatus, doctype)), partial(not_submitted, doctype)),
	)


def _of_rows(name: str, doctype: str) -> Invariant:
	return Invariant(
		name,
		doctype,
		f"{doctype}: a row for an opportunity names a row of that one.",
		MINOR,
		"Look for which opportunity the row is; a draft can be corrected, a submitted one amended.",
		partial(row_of_other_opportunity, doctype),
	)


INVARIANTS = (
	_of_docstatus("quotation-status", "Quotation"),
	_of_docstatus("supplier-quotation-status", "Supplier Quotation"),
	Invariant(
		"ordered-rows",
		"Quotation",
		"Rows are ordered as the status says: some of them, with Ordered at least one, else none.",
		SERIOUS,
		"Look what was ordered; cancel and amend the quotation where the rows are wrong.",
		misordered,
	),
	Invariant(
		"ordered-on",
		"Quotation",
		"What is ordered, as a whole or in part, has the day of the order.",
		SERIOUS,
		"Its opportunity is dated by it: look for the order, cancel and amend the quotation.",
		ordered_never,
	),
	Invariant(
		"replaced-by",
		"Quotation",
		"The quotation that stands for another is a revision, is submitted, and no other stands for it.",
		SERIOUS,
		"Cancel and amend the newest revision; that says it anew of all before it.",
		replaced_by_nothing,
	),
	Invariant(
		"replaced-is-told",
		"Quotation",
		"What a submitted quotation replaces counts no more.",
		SERIOUS,
		"Its opportunity counts both: cancel and amend the newest revision, or cancel the former one.",
		replaced_untold,
	),
	_of_rows("quotation-rows", "Quotation"),
	_of_rows("supplier-quotation-rows", "Supplier Quotation"),
	Invariant(
		"request-status",
		"Supplier Quotation",
		"A request for rates is asked, opened, answered, declined or late as its dates and reason say.",
		MINOR,
		"Open it and save it.",
		requested_otherwise,
	),
)
