"""A lead or customer that is renamed or merged takes along its opportunities, its contacts and what was said to it.

Frappe moves them too, but not every build of it (one names tables by quoted names, finds none, and so lets a
merged customer leave its opportunities behind). Where it has, these statements find nothing more to do.
"""

import frappe
from frappe.model.document import Document

from crm_pipeline.parties.contact_details import PARTY_TYPE_FIELDS, party_display_name
from crm_pipeline.parties.organization import index_documents_later, show_organization
from crm_pipeline.parties.titles import retitle_quotations
from crm_pipeline.utils.bulk_sql import update_where

# Where a party is named, by DocType: the field with its DocType, and the one with its name.
NAMED_IN = {
	**{doctype: (type_field, "party_name") for doctype, type_field in PARTY_TYPE_FIELDS.items()},
	"Dynamic Link": ("link_doctype", "link_name"),
	"Communication": ("reference_doctype", "reference_name"),
	"Communication Link": ("link_doctype", "link_name"),
	"Comment": ("reference_doctype", "reference_name"),
	"ToDo": ("reference_type", "reference_name"),
	"Event Participants": ("reference_doctype", "reference_docname"),
}


def follow_renamed_party(party: Document, old: str) -> None:
	"""Move what still names a party by its former name, and show its present name on its opportunities."""
	for doctype, (type_field, name_field) in NAMED_IN.items():
		former = {type_field: party.doctype, name_field: old}
		frappe.db.set_value(doctype, former, name_field, party.name, update_modified=False)
	_show_present_name(party.doctype, party.name)


def _show_present_name(party_type: str, party: str) -> None:
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
