"""Uninstallation: take away what the app made outside its own DocTypes, which the bench removes itself."""

import frappe
import frappe.defaults

from crm_pipeline.controllers.workflows import delete_unused_workflow_records
from crm_pipeline.demo.remove import remove as remove_demo
from crm_pipeline.install import ADDRESS_TEMPLATE_MADE, APP, doctypes_of

# Records of core DocTypes that point at one of ours, with the field that says so.
POINTERS = {
	"Kanban Board": "reference_doctype",
	"Workflow": "document_type",
	"Workflow Action": "reference_doctype",
	"Assignment Rule": "document_type",
	"ToDo": "reference_type",
	"Comment": "reference_doctype",
	"Communication": "reference_doctype",
	"Version": "ref_doctype",
	"Property Setter": "doc_type",
	"Custom DocPerm": "parent",
	"DocShare": "share_doctype",
}
SERIES = ("CRM-OPP-", "CRM-LEAD-", "SAL-QTN-", "PUR-SQTN-", "ACB-")


def before_uninstall() -> None:
	"""Delete what would dangle or stay behind once our DocTypes are gone."""
	remove_demo()
	ours = doctypes_of(APP)
	for doctype, field in POINTERS.items():
		delete_with_rows(doctype, field, ours)
	delete_unused_workflow_records()
	for doctype in ("Dynamic Link", "Communication Link"):
		frappe.db.delete(doctype, {"link_doctype": ["in", ours]})
	frappe.db.delete("Singles", {"doctype": "Selling Settings"})
	for prefix in SERIES:
		frappe.db.delete("Series", {"name": ["like", f"{prefix}%"]})
	frappe.db.delete("Custom Field", {"module": "CRM Pipeline"})
	frappe.db.delete("Address Template", {"name": frappe.db.get_default(ADDRESS_TEMPLATE_MADE) or ""})
	frappe.defaults.clear_default(ADDRESS_TEMPLATE_MADE)


def after_uninstall() -> None:
	"""Drop the column of our custom field; Frappe keeps the columns of fields that go."""
	if frappe.db.has_column("Currency", "decimals"):
		quote = '"' if frappe.db.db_type == "postgres" else "`"
		frappe.db.sql_ddl(f"alter table {quote}tabCurrency{quote} drop column decimals")
	frappe.clear_cache(doctype="Currency")


def delete_with_rows(doctype: str, field: str, values: list[str]) -> None:
	"""Delete the records of a DocType whose field has one of these values, and their child rows."""
	if not frappe.db.exists("DocType", doctype):
		return
	names = frappe.get_all(doctype, filters={field: ["in", values]}, pluck="name")
	for table in frappe.get_meta(doctype).get_table_fields() if names else ():
		frappe.db.delete(table.options, {"parenttype": doctype, "parent": ["in", names]})
	frappe.db.delete(doctype, {field: ["in", values]})
