"""Uninstallation: take away what installing made outside the app's own DocTypes."""

import frappe
import frappe.defaults

from crm_pipeline.install import ADDRESS_TEMPLATE_MADE, APP, doctypes_of

# Records of core DocTypes that point at one of ours, with the field that says so.
POINTERS = {
	"Kanban Board": "reference_doctype",
	"Assignment Rule": "document_type",
	"ToDo": "reference_type",
	"Comment": "reference_doctype",
	"Communication": "reference_doctype",
	"Version": "ref_doctype",
	"Property Setter": "doc_type",
}


def before_uninstall() -> None:
	"""Delete records that would dangle once our DocTypes are gone; the bench removes the DocTypes themselves."""
	ours = doctypes_of(APP)
	for doctype, field in POINTERS.items():
		frappe.db.delete(doctype, {field: ["in", ours]})
	for doctype in ("Dynamic Link", "Communication Link"):
		frappe.db.delete(doctype, {"link_doctype": ["in", ours]})
	frappe.db.delete("Custom Field", {"module": "CRM Pipeline"})
	frappe.db.delete("Address Template", {"name": frappe.db.get_default(ADDRESS_TEMPLATE_MADE) or ""})
	frappe.defaults.clear_default(ADDRESS_TEMPLATE_MADE)
	frappe.clear_cache(doctype="Currency")
