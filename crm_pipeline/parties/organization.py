"""The organization of a lead, which its opportunities and quotations show beside the person's name."""

import frappe
from pypika import Table
from pypika.terms import Criterion

from crm_pipeline.parties.contact_details import PARTY_TYPE_FIELDS
from crm_pipeline.parties.titles import retitle_quotations
from crm_pipeline.utils.bulk_sql import Value, update_where
from crm_pipeline.utils.search_index import index_later


def show_organization(lead: str) -> None:
	"""Let the opportunities and quotations of a lead show its present organization, quotations in their title too."""
	_show_organizations(lead)
	frappe.clear_document_cache("Quotation")
	index_documents_later("Lead", lead)


def index_documents_later(party_type: str, party: str) -> None:
	"""Let Desk's search find what a party's opportunities and quotations are called by now."""
	for doctype, type_field in PARTY_TYPE_FIELDS.items():
		index_later(doctype, {type_field: party_type, "party_name": party})


def fill_organizations() -> None:
	"""Show the organizations of all leads, with one statement per DocType and one for titles."""
	_show_organizations()


def _show_organizations(of_lead: str | None = None) -> None:
	lead = frappe.qb.DocType("Lead")
	for doctype, type_field in PARTY_TYPE_FIELDS.items():
		shown = frappe.qb.DocType(doctype)
		named = (lead.name == shown.party_name) & (lead.company_name != lead.lead_name)
		organization = frappe.qb.from_(lead).select(lead.company_name).where(named)
		update_where(shown, _of_leads(shown, type_field, of_lead), {"company_name": Value(organization)})
	retitle_quotations(_of_leads(frappe.qb.DocType("Quotation"), "quotation_to", of_lead))


def _of_leads(shown: Table, type_field: str, lead: str | None) -> Criterion:
	of_leads = shown[type_field] == "Lead"
	return of_leads & (shown.party_name == lead) if lead else of_leads
