"""Every link of a document leads somewhere, and every row stands in a document.

Both are told with the DocType, since they are of several.
"""

from collections.abc import Iterator

import frappe
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Term

from crm_pipeline.checks.invariant import MINOR, SERIOUS, Invariant
from crm_pipeline.checks.terms import is_empty, leads_nowhere
from crm_pipeline.constants import MODULE
from crm_pipeline.utils.bulk_sql import fill

# What people work with, and what their links lead to; the history tells of what may be gone.
LINKING = ("Opportunity", "Quotation", "Supplier Quotation", "Lead", "Customer", "Supplier", "Sales Team")
PARTIES = {"Opportunity": ("opportunity_from", "party_name"), "Quotation": ("quotation_to", "party_name")}


def lost_links() -> list[str]:
	"""Return the documents and rows with a link to what is not there, each with its field."""
	return sorted({found for query in _links() for (found,) in query.run()})


def _links() -> Iterator[QueryBuilder]:
	for doctype in LINKING:
		yield from _links_of(doctype)
		for table in frappe.get_meta(doctype).get_table_fields():
			yield from _links_of(table.options)


def _links_of(doctype: str) -> Iterator[QueryBuilder]:
	table = Table(f"tab{doctype}")
	for field in frappe.get_meta(doctype).get_link_fields():
		if not field.get("is_virtual"):
			query = frappe.qb.from_(table).select(_told(doctype, field.fieldname, table.name))
			yield query.where(leads_nowhere(table[field.fieldname], field.options))


def _told(doctype: str, field: str, name: Term) -> Term:
	return fill(f"{doctype} #: {field}", name)


def lost_parties() -> list[str]:
	"""Return the opportunities and quotations whose party is not there."""
	return sorted(found for query in _parties() for (found,) in query.run())


def _parties() -> Iterator[QueryBuilder]:
	for doctype, (kind, party) in PARTIES.items():
		table = Table(f"tab{doctype}")
		kinds = frappe.qb.from_(table).select(table[kind]).distinct().where(~is_empty(table[party]))
		for (each,) in kinds.run():
			query = frappe.qb.from_(table).select(_told(doctype, party, table.name))
			if each and frappe.db.exists("DocType", each):
				yield query.where((table[kind] == each) & leads_nowhere(table[party], each))
			else:
				yield query.where(is_empty(table[kind]) & ~is_empty(table[party]))


def lost_rows() -> list[str]:
	"""Return the rows whose document is not there, or does not have such rows."""
	return sorted(found for query in _rows() for (found,) in query.run())


def _rows() -> Iterator[QueryBuilder]:
	tables = frappe.get_all("DocType", {"module": MODULE, "istable": 1}, pluck="name", order_by="name")
	for doctype in tables:
		row = Table(f"tab{doctype}")
		kinds = [kind for (kind,) in frappe.qb.from_(row).select(row.parenttype).distinct().run()]
		for kind in kinds:
			query = frappe.qb.from_(row).select(fill(f"{doctype} #", row.name))
			query = query.where(row.parenttype.isnull() if kind is None else row.parenttype == kind)
			if kind and frappe.db.exists("DocType", kind):
				if frappe.get_meta(kind).issingle:
					continue
				query = query.where(leads_nowhere(row.parent, kind) | is_empty(row.parent))
			yield query


INVARIANTS = (
	Invariant(
		"links-lead-somewhere",
		"DocType",
		"Every link of a document or row leads to a record that is there.",
		MINOR,
		"Choose another record in the field that is named, or make the missing one again.",
		lost_links,
	),
	Invariant(
		"parties-are-there",
		"DocType",
		"The party of an opportunity or quotation is there.",
		SERIOUS,
		"Choose another party, or restore the missing one from a backup.",
		lost_parties,
	),
	Invariant(
		"rows-have-documents",
		"DocType",
		"Every row stands in a document that is there.",
		MINOR,
		"The document was removed past Frappe: restore it from a backup. Nothing shows rows without one.",
		lost_rows,
	),
)
