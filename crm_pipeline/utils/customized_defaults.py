"""Defaults that a site gives to our fields in Customize Form, where they name a record."""

import frappe
from frappe.model.document import Document


def forget_gone_defaults(doc: Document) -> None:
	"""Let a default of a new document that names no record any more be none."""
	for df in doc.meta.fields:
		by_default = df.fieldtype == "Link" and df.default and doc.get(df.fieldname) == df.default
		if by_default and not frappe.db.exists(df.options, df.default):
			doc.set(df.fieldname, None)


def follow_renamed_default(doctype: str, old: str, new: str) -> None:
	"""Let defaults that name a record name it as it is called now."""
	fields = ["name", "doc_type", "field_name"]
	for setter in frappe.get_all("Property Setter", {"property": "default", "value": old}, fields):
		df = frappe.get_meta(setter.doc_type).get_field(setter.field_name)
		if df and df.fieldtype == "Link" and df.options == doctype:
			frappe.db.set_value("Property Setter", setter.name, "value", new)
			frappe.clear_cache(doctype=setter.doc_type)
