"""What shows a lead or customer by name goes along when it is renamed or merged; Frappe moves what links to it."""

import frappe

from crm_pipeline.parties.contact_details import PARTY_TYPE_FIELDS, party_display_name
from crm_pipeline.parties.organization import index_documents_later, show_organization
from crm_pipeline.parties.titles import retitle_quotations
from crm_pipeline.utils.bulk_sql import update_where


def show_present_name(party_type: str, party: str) -> None:
	"""Show a party's present name, also in titles: on quotations, and on opportunities called after it."""
	present = party_display_name(party_type, party)
	for doctype, type_field in PARTY_TYPE_FIELDS.items():
		table = frappe.qb.DocType(doctype)
		of_party = (table[type_field] == party_type) & (table.party_name == party)
		if doctype == "Opportunity":
			update_where(table, of_party & (table.title == table.customer_name), {"title": present})
		update_where(table, of_party, {"customer_name": present})
		if doctype == "Quotation":
			retitle_quotations(of_party)
		frappe.clear_document_cache(doctype)
	if party_type == "Lead":
		show_organization(party)
	else:
		index_documents_later(party_type, party)
