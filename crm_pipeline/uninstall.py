"""Uninstallation: take away what the app made outside its own DocTypes, which the bench removes itself."""

import frappe
import frappe.defaults

from crm_pipeline.controllers.workflows import delete_unused_workflow_records
from crm_pipeline.demo.remove import remove as remove_demo
from crm_pipeline.follow_ups import mails
from crm_pipeline.install import ADDRESS_TEMPLATE_MADE, APP, doctypes_of
from crm_pipeline.permissions.desk_overrides import WORKSPACE
from crm_pipeline.utils.bulk_sql import in_list

# Records of core DocTypes that point at one of ours, with the field that says so.
POINTERS = {
	"Kanban Board": "reference_doctype",
	"Workflow": "document_type",
	"Workflow Action": "reference_doctype",
	"Assignment Rule": "document_type",
	"Notification": "document_type",
	"Notification Log": "document_type",
	"Number Card": "document_type",
	"Dashboard Chart": "document_type",
	"ToDo": "reference_type",
	"Comment": "reference_doctype",
	"Communication": "reference_doctype",
	"Version": "ref_doctype",
	"View Log": "reference_doctype",
	"Document Follow": "ref_doctype",
	"Tag Link": "document_type",
	"Data Import": "reference_doctype",
	"Deleted Document": "deleted_doctype",
	"List Filter": "reference_doctype",
	"Property Setter": "doc_type",
	"Custom DocPerm": "parent",
	"User Permission": "allow",
	"DocShare": "share_doctype",
}
# Rows of records that stay.
ROWS = {
	"Dynamic Link": "link_doctype",
	"Communication Link": "link_doctype",
	"Event Participants": "reference_doctype",
}
# What takes mail in goes on without making documents of ours.
MAILBOXES = ("Email Account", "IMAP Folder")
# What leads to us in the Desk of Frappe 16, by the field that names the app.
NAVIGATION = ("Workspace Sidebar", "Desktop Icon")
SERIES = ("CRM-OPP-", "CRM-LEAD-", "SAL-QTN-", "PUR-SQTN-", "ACB-")


def before_uninstall() -> None:
	"""Delete what would dangle or stay behind once our DocTypes are gone."""
	remove_demo()
	ours = doctypes_of(APP)
	delete_files({"attached_to_doctype": ["in", ours]})
	delete_follow_ups()
	for doctype, field in POINTERS.items():
		delete_with_rows(doctype, field, ours)
	delete_unused_workflow_records()
	for doctype, field in ROWS.items():
		frappe.db.delete(doctype, {field: ["in", ours]})
	stop_appending_mail(ours)
	delete_navigation(ours)
	frappe.db.delete("Singles", {"doctype": "Selling Settings"})
	for prefix in SERIES:
		frappe.db.delete("Series", {"name": ["like", f"{prefix}%"]})
	frappe.db.delete("Patch Log", {"patch": ["like", f"{APP}.%"]})
	frappe.db.delete("Custom Field", {"module": "CRM Pipeline"})
	frappe.db.delete("Address Template", {"name": frappe.db.get_default(ADDRESS_TEMPLATE_MADE) or ""})
	frappe.defaults.clear_default(ADDRESS_TEMPLATE_MADE)


def after_uninstall() -> None:
	"""Drop the column of our custom field; Frappe keeps the columns of fields that go."""
	if frappe.db.has_column("Currency", "decimals"):
		quote = '"' if frappe.db.db_type == "postgres" else "`"
		frappe.db.sql_ddl(f"alter table {quote}tabCurrency{quote} drop column decimals")
	frappe.clear_cache(doctype="Currency")


def delete_follow_ups() -> None:
	"""Delete the calendar entries of contacts to come, and the templates of mails about them."""
	events = frappe.get_all("Opportunity", {"follow_up_event": ["is", "set"]}, pluck="follow_up_event")
	delete_with_rows("Event", "name", events)
	delete_with_rows("Email Template", "name", [mails.REMINDER, mails.DIGEST])


def delete_with_rows(doctype: str, field: str, values: list[str]) -> None:
	"""Delete the records of a DocType whose field has one of these values, their files and their child rows."""
	if not frappe.db.exists("DocType", doctype):
		return
	names = frappe.get_all(doctype, filters={field: ["in", in_list(values)]}, pluck="name")
	if names:
		delete_files({"attached_to_doctype": doctype, "attached_to_name": ["in", names]})
		frappe.db.delete("Comment", {"reference_doctype": doctype, "reference_name": ["in", names]})
		for table in frappe.get_meta(doctype).get_table_fields():
			frappe.db.delete(table.options, {"parenttype": doctype, "parent": ["in", names]})
	frappe.db.delete(doctype, {field: ["in", in_list(values)]})


def delete_navigation(doctypes: list[str]) -> None:
	"""Delete sidebars and icons, also those that users made of them, and what leads to us from other sidebars.

	Frappe 16 deletes those it finds by the app's title among its names, which are none.
	"""
	for doctype in NAVIGATION:
		delete_with_rows(doctype, "app", [APP])
		delete_with_rows(doctype, "name", [WORKSPACE])
	if frappe.db.exists("DocType", "Workspace Sidebar Item"):
		reports = frappe.get_all("Report", {"ref_doctype": ["in", doctypes]}, pluck="name")
		for kind, names in (("DocType", doctypes), ("Report", reports), ("Workspace", [WORKSPACE])):
			frappe.db.delete("Workspace Sidebar Item", {"link_type": kind, "link_to": ["in", in_list(names)]})


def delete_files(filters: dict) -> None:
	"""Delete attachments one by one, since only so each goes from the disk too, unless another File shares it.

	They are detached first: on a record that goes, neither a comment nor the protection of its files is wanted.
	"""
	names = frappe.get_all("File", filters=filters, pluck="name")
	if names:
		frappe.db.set_value("File", filters, {"attached_to_doctype": None, "attached_to_name": None})
	for name in names:
		frappe.delete_doc("File", name, ignore_permissions=True, delete_permanently=True)


def stop_appending_mail(doctypes: list[str]) -> None:
	"""Let mailboxes that make such documents keep their mail as plain Communications."""
	for mailbox in MAILBOXES:
		if frappe.db.exists("DocType", mailbox):
			frappe.db.set_value(mailbox, {"append_to": ["in", doctypes]}, "append_to", None)
