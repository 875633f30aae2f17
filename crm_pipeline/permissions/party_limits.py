"""User Permissions on a customer, lead or other party hold for its opportunities and quotations too.

Frappe applies them to Link fields only, and a party is named by a Dynamic Link.
"""

import frappe
from frappe.model.document import Document
from frappe.permissions import get_allowed_docs_for_doctype, get_user_permissions
from frappe.utils import cint
from pypika.terms import Criterion, EmptyCriterion

from crm_pipeline.permissions.own import rows_naming, shared_names

# The fields that name the DocType of the party, and the party.
PARTY_FIELDS = {
	"Opportunity": ("opportunity_from", "party_name"),
	"Quotation": ("quotation_to", "party_name"),
}


def of_allowed_parties(doctype: str, user: str, ptype: str) -> Criterion:
	"""Return the criterion that User Permissions let the user work with the party; empty where they say nothing.

	As in Frappe, what is shared is seen in spite of them. The query must read from that DocType's table without an alias.
	"""
	if doctype == "Supplier Quotation":
		return _of_allowed_opportunities(user, ptype)
	limits = party_limits(doctype, user)
	if not limits:
		return EmptyCriterion()
	table = frappe.qb.DocType(doctype)
	kind, party = (table[field] for field in PARTY_FIELDS[doctype])
	unset = party.isnull() | (party == "")
	allowed = [kind.isnull() | (kind != each) | party.isin(names) for each, names in limits.items()]
	if is_strict():
		criterion = Criterion.all([*allowed, unset.negate()])
	else:
		criterion = Criterion.all([each | unset for each in allowed])
	return _or_shared(criterion, doctype, user, ptype)


def _of_allowed_opportunities(user: str, ptype: str) -> Criterion:
	"""Supplier quotations name no party of ours; they are as visible as the opportunities that they name."""
	allowed = of_allowed_parties("Opportunity", user, ptype)
	if isinstance(allowed, EmptyCriterion):
		return allowed
	table, opportunity = frappe.qb.DocType("Supplier Quotation"), frappe.qb.DocType("Opportunity")
	forbidden = frappe.qb.from_(opportunity).select(opportunity.name).where(allowed.negate())
	on_rows = rows_naming("Supplier Quotation", lambda row: row.opportunity.isin(forbidden))
	on_head = table.opportunity.isnull() | table.opportunity.notin(forbidden)
	return _or_shared(on_head & table.name.notin(on_rows), "Supplier Quotation", user, ptype)


def _or_shared(criterion: Criterion, doctype: str, user: str, ptype: str) -> Criterion:
	shared = shared_names(doctype, user, ptype)
	return criterion | frappe.qb.DocType(doctype).name.isin(shared) if shared else criterion


def may_work_with_party(doc: Document, user: str) -> bool:
	"""Return whether User Permissions let the user work with the party that a document at hand names."""
	if doc.doctype not in PARTY_FIELDS:
		return True
	limits = party_limits(doc.doctype, user)
	kind, party = (doc.get(field) for field in PARTY_FIELDS[doc.doctype])
	if not party:
		return not (limits and is_strict())
	return kind not in limits or party in limits[kind]


def party_limits(doctype: str, user: str) -> dict[str, list[str]]:
	"""Return the records to which User Permissions limit the user in a DocType, by the DocType of the records."""
	if doctype not in PARTY_FIELDS:
		return {}
	limits = {
		allow: get_allowed_docs_for_doctype(permissions, doctype)
		for allow, permissions in get_user_permissions(user).items()
		if allow in party_types()
	}
	return {allow: sorted(names) for allow, names in limits.items() if names}


def party_types() -> set[str]:
	"""Return the DocTypes that parties are of, by the settings or by what the app brings."""
	return {"Lead", "Customer", *frappe.get_cached_doc("Selling Settings").allowed_party_types()}


def is_strict() -> bool:
	"""Return whether System Settings demand that what a User Permission limits is filled in."""
	return bool(cint(frappe.get_system_settings("apply_strict_user_permissions")))
