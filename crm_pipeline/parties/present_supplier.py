"""Supplier quotations are called by their supplier."""

import frappe

from crm_pipeline.parties.contact_details import party_display_name
from crm_pipeline.utils.bulk_sql import update_where
from crm_pipeline.utils.search_index import index_later

DOCTYPE = "Supplier Quotation"


def show_present_supplier(supplier: str) -> None:
	"""Let the quotations of a supplier that was renamed or merged show its present name."""
	present = party_display_name("Supplier", supplier)
	quotation = frappe.qb.DocType(DOCTYPE)
	update_where(quotation, quotation.supplier == supplier, {"supplier_name": present, "title": present})
	frappe.clear_document_cache(DOCTYPE)
	index_later(DOCTYPE, {"supplier": supplier})
