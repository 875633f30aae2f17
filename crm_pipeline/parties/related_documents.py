"""Which documents tell about the same business: a lead, its customer, their opportunities and quotations."""

import frappe
from frappe import _

from crm_pipeline.constants import QUOTING_DOCTYPES
from crm_pipeline.permissions.switch import is_switched_off
from crm_pipeline.permissions.visibility import OPPORTUNITIES_ONLY
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.markup import escaped

Documents = dict[str, list[str]]


def related_documents(doctype: str, name: str) -> Documents:
	"""Return the names by DocType of what belongs to a document's context, itself first; only what the user may read.

	A party knows its opportunities and quotations, an opportunity its party and quotations, a quotation its
	opportunities and party; one opportunity does not know another.

	Raises:
		frappe.PermissionError: the user may not read the document itself.
	"""
	require_business(doctype, name)
	if doctype == "Opportunity":
		found = _around_opportunity(name)
	elif doctype in QUOTING_DOCTYPES:
		found = _around_quotation(doctype, name)
	else:
		found = _around_party(doctype, name)
	return {each: names for each in found if (names := _readable(each, found[each], (doctype, name)))}


def require_business(doctype: str, name: str) -> None:
	"""Refuse what the user may not read, and what can be neither a party nor a document: settings, and what no table has.

	Raises:
		frappe.DoesNotExistError, frappe.PermissionError
	"""
	meta = frappe.get_meta(doctype)
	if meta.issingle or meta.get("is_virtual"):
		frappe.throw(_("{0} {1} not found").format(_(doctype), escaped(name)), frappe.DoesNotExistError)
	require_record(doctype, name)


def parties_of(party_type: str | None, party: str | None) -> Documents:
	"""Return a party and what it was before or became since: a lead and its customer are the same business."""
	if not (party_type and party):
		return {}
	parties = {party_type: [party]}
	if party_type == "Lead":
		parties["Customer"] = frappe.get_all("Customer", filters={"lead_name": party}, pluck="name")
	elif party_type == "Customer":
		lead = frappe.db.get_value("Customer", party, "lead_name")
		parties["Lead"] = [lead] if lead else []
	return parties


def party_of_opportunity(name: str) -> tuple[str | None, str | None]:
	return frappe.db.get_value("Opportunity", name, ["opportunity_from", "party_name"])


def _around_opportunity(name: str) -> Documents:
	found = {"Opportunity": [name], **parties_of(*party_of_opportunity(name))}
	for doctype in QUOTING_DOCTYPES:
		found[doctype] = _naming(doctype, [name])
	return found


def _around_quotation(doctype: str, name: str) -> Documents:
	quotation = frappe.get_doc(doctype, name)
	named = {quotation.opportunity, *(row.opportunity for row in quotation.items)}
	opportunities = sorted(each for each in named if each)
	parties = [party_of_opportunity(each) for each in opportunities]
	if doctype == "Quotation":
		parties.insert(0, (quotation.quotation_to, quotation.party_name))
	found = {doctype: [name], "Opportunity": opportunities}
	for party in parties:
		_merge(found, parties_of(*party))
	return found


def _around_party(doctype: str, name: str) -> Documents:
	parties = parties_of(doctype, name)
	found = dict(parties)
	for party_type, names in parties.items():
		opportunities = _of_party("Opportunity", "opportunity_from", party_type, names)
		_merge(found, {"Opportunity": opportunities})
		_merge(found, {"Quotation": _of_party("Quotation", "quotation_to", party_type, names)})
	for quoting in QUOTING_DOCTYPES:
		_merge(found, {quoting: _naming(quoting, found["Opportunity"])})
	return found


def _of_party(doctype: str, type_field: str, party_type: str, names: list[str]) -> list[str]:
	filters = {type_field: party_type, "party_name": ["in", in_list(names)]}
	return frappe.get_all(doctype, filters=filters, pluck="name")


def _naming(doctype: str, opportunities: list[str]) -> list[str]:
	"""Return the names of the quotations that name one of the opportunities, on the head or on a row."""
	named = {"opportunity": ["in", in_list(opportunities)]}
	heads = frappe.get_all(doctype, filters=named, pluck="name")
	rows = frappe.get_all(f"{doctype} Item", filters={**named, "parenttype": doctype}, pluck="parent")
	return sorted({*heads, *rows})


def _merge(found: Documents, more: Documents) -> None:
	for doctype, names in more.items():
		found[doctype] = list(dict.fromkeys([*found.get(doctype, []), *names]))


def _readable(doctype: str, names: list[str], itself: tuple[str, str]) -> list[str]:
	"""Return those of the names that the user's own list would show."""
	if not names or not _may_list(doctype):
		return [itself[1]] if doctype == itself[0] else []
	shown = frappe.get_list(doctype, filters={"name": ["in", names]}, pluck="name", limit_page_length=0)
	return [name for name in names if name in shown or (doctype, name) == itself]


def _may_list(doctype: str) -> bool:
	off = doctype in OPPORTUNITIES_ONLY and is_switched_off(frappe.session.user)
	return bool(not off and frappe.has_permission(doctype, "read"))
