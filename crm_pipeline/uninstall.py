"""Uninstallation: take away what the app made outside its own DocTypes, which the bench removes itself."""

import frappe
import frappe.defaults

from crm_pipeline.constants import APP, MODULE
from crm_pipeline.demo.remove import remove as remove_demo
from crm_pipeline.follow_ups import mails
from crm_pipeline.install import ADDRESS_TEMPLATE_MADE, doctypes_of
from crm_pipeline.permissions.core_grants import withdraw_core_rights
from crm_pipeline.permissions.desk_overrides import WORKSPACES
from crm_pipeline.processes.workflows import delete_unused_workflow_records
from crm_pipeline.quoting import request_mails
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.indexes import leave_tables_of_frappe
from crm_pipeline.utils.search_index import clear_index

# Fields that name a DocType without being links, besides all that are.
NAMING = {"Custom DocPerm": "parent", "Deleted Document": "deleted_doctype"}
# Rows and records that stay, whose DocType names them by a link.
KEPT = ("Email Account", "IMAP Folder", "DocType")
# What tells of single records: the fields for their DocType and name.
TRACES = {
	"Comment": ("reference_doctype", "reference_name"),
	"Version": ("ref_doctype", "docname"),
	"DocShare": ("share_doctype", "share_name"),
	"Notification Log": ("document_type", "document_name"),
}
# What takes mail in goes on without making documents of ours.
MAILBOXES = ("Email Account", "IMAP Folder")
# What leads to us in the Desk of Frappe 16, by the field that names the app.
NAVIGATION = ("Workspace Sidebar", "Desktop Icon")
MY_DAY, GAPS = "CRM Pipeline My Day", "CRM Pipeline Gaps"  # blocks on the workspaces
SETTINGS_OF_LISTS = "__UserSettings"
SERIES = ("CRM-OPP-", "CRM-LEAD-", "SAL-QTN-", "PUR-SQTN-", "ACB-")


def before_uninstall() -> None:
	"""Delete what would dangle or stay behind once our DocTypes are gone."""
	remove_demo()
	ours = doctypes_of(APP)
	delete_files({"attached_to_doctype": ["in", ours]})
	delete_follow_ups()
	for doctype, field in [*links_to_doctypes(ours), *NAMING.items()]:
		delete_with_rows(doctype, field, ours)
	withdraw_core_rights()
	delete_unused_workflow_records()
	stop_appending_mail(ours)
	delete_navigation(ours)
	delete_scheduled_jobs()
	forget_settings_of_lists(ours)
	frappe.db.delete("Singles", {"doctype": "Selling Settings"})
	for doctype in ours:
		if doctype != "Demo Record" and not frappe.get_meta(doctype).issingle:
			frappe.db.delete(doctype)
	frappe.db.delete("__Auth", {"doctype": ["in", ours]})  # the secrets of requests to suppliers
	clear_index(ours)
	remove_demo()  # now also what records of others were linked with
	for prefix in SERIES:
		frappe.db.delete("Series", {"name": ["like", f"{prefix}%"]})
	frappe.db.delete("Patch Log", {"patch": ["like", f"{APP}.%"]})
	frappe.db.delete("Custom Field", {"module": MODULE})
	frappe.db.delete("Address Template", {"name": frappe.db.get_default(ADDRESS_TEMPLATE_MADE) or ""})
	frappe.defaults.clear_default(ADDRESS_TEMPLATE_MADE)


def after_uninstall() -> None:
	"""Drop the column of our custom field, our indexes, and the copies of what Frappe deleted; it keeps both."""
	if frappe.db.exists("DocType", "Deleted Document"):
		frappe.db.delete("Deleted Document", {"data": ["like", f'%"module": "{MODULE}"%']})
		for doctype, name in (("Module Def", MODULE), ("Selling Settings", "Selling Settings")):
			frappe.db.delete("Deleted Document", {"deleted_doctype": doctype, "deleted_name": name})
	leave_tables_of_frappe()
	if frappe.db.has_column("Currency", "decimals"):
		quote = '"' if frappe.db.db_type == "postgres" else "`"
		# The query builder alters no tables.
		# nosemgrep: frappe-using-db-sql, frappe-sql-format-injection
		frappe.db.sql_ddl(f"alter table {quote}tabCurrency{quote} drop column decimals")
	frappe.clear_cache(doctype="Currency")


def links_to_doctypes(doctypes: list[str]) -> list[tuple[str, str]]:
	"""DocType and field of every link to a DocType in Frappe's own DocTypes; records of other apps are theirs to keep."""
	frappes = [each for each in doctypes_of("frappe") if each not in (*doctypes, *KEPT)]
	found = []
	for kind, parent in (("DocField", "parent"), ("Custom Field", "dt")):
		filters = {"fieldtype": "Link", "options": "DocType", parent: ["in", frappes]}
		found += frappe.get_all(kind, filters, [parent, "fieldname"], as_list=True)
	singles = frappe.get_all("DocType", {"issingle": 1}, pluck="name")
	return [(doctype, field) for doctype, field in found if doctype not in singles]


def delete_scheduled_jobs() -> None:
	"""Delete what Frappe would run of ours; it keeps jobs of apps that are gone, which then fail."""
	if frappe.db.exists("DocType", "Scheduled Job Type"):
		jobs = frappe.get_all("Scheduled Job Type", {"method": ["like", f"{APP}.%"]}, pluck="name")
		delete_with_rows("Scheduled Job Log", "scheduled_job_type", jobs)
		delete_with_rows("Scheduled Job Type", "name", jobs)


def forget_settings_of_lists(doctypes: list[str]) -> None:
	"""Delete what Desk keeps of each user's lists."""
	if SETTINGS_OF_LISTS in frappe.db.get_tables():
		frappe.db.delete(SETTINGS_OF_LISTS, {"doctype": ["in", doctypes]})


def delete_follow_ups() -> None:
	"""Delete the calendar entries of contacts to come, and the templates of all mails."""
	events = frappe.get_all("Opportunity", {"follow_up_event": ["is", "set"]}, pluck="follow_up_event")
	delete_with_rows("Event", "name", events)
	templates = [mails.REMINDER, mails.DIGEST, request_mails.REQUEST, request_mails.REMINDER]
	delete_with_rows("Email Template", "name", templates)


def delete_with_rows(doctype: str, field: str, values: list[str]) -> None:
	"""Delete the records of a DocType whose field has one of these values, their files and their child rows."""
	if not frappe.db.exists("DocType", doctype) or frappe.get_meta(doctype).get("is_virtual"):
		return
	names = frappe.get_all(doctype, filters={field: ["in", in_list(values)]}, pluck="name")
	if names:
		delete_files({"attached_to_doctype": doctype, "attached_to_name": ["in", names]})
		for trace, (kind, name) in TRACES.items():
			frappe.db.delete(trace, {kind: doctype, name: ["in", names]})
		for table in frappe.get_meta(doctype).get_table_fields():
			frappe.db.delete(table.options, {"parenttype": doctype, "parent": ["in", names]})
	frappe.db.delete(doctype, {field: ["in", in_list(values)]})


def delete_navigation(doctypes: list[str]) -> None:
	"""Delete sidebars and icons, also those that users made of them, and what leads to us from other sidebars.

	Frappe 16 deletes those it finds by the app's title among its names, which are none.
	"""
	delete_with_rows("Custom HTML Block", "name", [MY_DAY, GAPS])
	for doctype in NAVIGATION:
		delete_with_rows(doctype, "app", [APP])
		delete_with_rows(doctype, "name", list(WORKSPACES))
	if frappe.db.exists("DocType", "Workspace Sidebar Item"):
		reports = frappe.get_all("Report", {"ref_doctype": ["in", doctypes]}, pluck="name")
		for kind, names in (("DocType", doctypes), ("Report", reports), ("Workspace", list(WORKSPACES))):
			frappe.db.delete("Workspace Sidebar Item", {"link_type": kind, "link_to": ["in", in_list(names)]})


def delete_files(filters: dict) -> None:
	"""Delete attachments one by one, since only so each goes from the disk too, unless another File shares it.

	They are detached first: on a record that goes, neither a comment nor the protection of its files is wanted.
	"""
	names = frappe.get_all("File", filters=filters, pluck="name")
	if names:
		frappe.db.set_value("File", filters, {"attached_to_doctype": None, "attached_to_name": None})
	for name in names:
		# Whoever uninstalls acts for the system.
		frappe.delete_doc("File", name, ignore_permissions=True, delete_permanently=True)


def stop_appending_mail(doctypes: list[str]) -> None:
	"""Let mailboxes that make such documents keep their mail as plain Communications."""
	for mailbox in MAILBOXES:
		if frappe.db.exists("DocType", mailbox):
			frappe.db.set_value(mailbox, {"append_to": ["in", doctypes]}, "append_to", None)
