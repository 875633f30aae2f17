"""What a document shows of its party and contact."""

import frappe
from frappe import _
from frappe.contacts.doctype.contact.contact import get_default_contact
from frappe.model.document import Document

from crm_pipeline.utils.markup import escaped

# Where a party's DocType keeps the name that people know it by.
NAME_FIELDS = {"Customer": "customer_name", "Lead": "lead_name", "Supplier": "supplier_name"}

PARTY_TYPE_FIELDS = {"Opportunity": "opportunity_from", "Quotation": "quotation_to"}


def party_display_name(party_type: str, party: str) -> str:
	"""Return the name of a party as people know it."""
	return frappe.db.get_value(party_type, party, name_field_of(party_type)) or party


def name_field_of(party_type: str) -> str:
	"""Return the field in which a party's DocType keeps the name that people know it by."""
	return NAME_FIELDS.get(party_type) or frappe.get_meta(party_type).get_title_field()


def refuse_deletion_with_opportunities(party: Document) -> None:
	"""Keep a party with opportunities or quotations, cancelled ones too, which Frappe would leave without it.

	Raises:
		frappe.LinkExistsError
	"""
	names = [
		name
		for doctype, type_field in PARTY_TYPE_FIELDS.items()
		for name in frappe.get_all(
			doctype, filters={type_field: party.doctype, "party_name": party.name}, pluck="name", limit=3
		)
	]
	if names:
		frappe.throw(
			_("{0} is the party of {1}. Delete those first, or keep it.").format(
				escaped(party.name), ", ".join(escaped(name) for name in names)
			),
			frappe.LinkExistsError,
			title=_("Party in Use"),
		)


def set_contact_details(doc: Document, party_type: str | None, party: str | None) -> None:
	"""Fetch contact, e-mail and mobile when party or contact changed; what was emptied on purpose stays so."""
	before = doc.get_doc_before_save()
	party_changed = not before or doc.has_value_changed(party_field(doc))
	if party and party_changed and before:
		_forget_contact(doc)
	if party_type and party and party_changed and not doc.contact_person and not doc.contact_email:
		doc.contact_person = get_default_contact(party_type, party)
	if doc.contact_person and (not before or doc.has_value_changed("contact_person")):
		_copy_contact(doc, "Contact", doc.contact_person, "contact_email", "contact_mobile", bool(before))
	elif party and party_changed and party_type == "Lead" and not doc.contact_person:
		_copy_contact(doc, "Lead", party, "contact_email", "contact_mobile", False)


def _forget_contact(doc: Document) -> None:
	"""Drop the contact of the former party, unless the same save names another."""
	fields = ("contact_person", "contact_email", "contact_mobile")
	if not any(doc.has_value_changed(field) for field in fields):
		for field in fields:
			doc.set(field, None)


def party_field(doc: Document) -> str:
	"""Return the field of a document that names its party."""
	return "supplier" if doc.meta.has_field("supplier") else "party_name"


def party_of(doc: Document) -> tuple[str | None, str | None]:
	"""Return DocType and name of the party that a document names."""
	if party_field(doc) == "supplier":
		return "Supplier", doc.supplier
	return doc.get(PARTY_TYPE_FIELDS[doc.doctype]), doc.party_name


def _copy_contact(
	doc: Document, doctype: str, name: str, email_field: str, mobile_field: str, replace: bool
) -> None:
	details = frappe.db.get_value(doctype, name, ["email_id", "mobile_no"], as_dict=True)
	for field, value in ((email_field, details.email_id), (mobile_field, details.mobile_no)):
		if replace or not doc.get(field):
			doc.set(field, value)
