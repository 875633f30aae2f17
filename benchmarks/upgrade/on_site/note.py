"""Everything of the app that a client or an administrator of the site sees."""

import frappe
from functions import MODULE, PATH, answering, called, methods_of_documents

from crm_pipeline import hooks

# Records that the app or its users leave in DocTypes of Frappe: what the app does changes none of them at an upgrade.
RECORDS = ("Address", "Contact", "Communication", "Comment", "ToDo", "Event", "Notification Log", "User")
# How the site is set up, by the fields that name a record: names of some are only numbers.
SETTINGS = {
	"Assignment Rule": ("name",),
	"Custom DocPerm": ("parent", "role", "permlevel"),
	"Custom Field": ("name",),
	"Dashboard Chart": ("name",),
	"Dashboard Chart Link": ("parent", "chart"),
	"Email Template": ("name",),
	"Global Search DocType": ("document_type",),
	"Kanban Board": ("name",),
	"Kanban Board Column": ("parent", "column_name"),
	"Logs To Clear": ("ref_doctype",),
	"Notification": ("name",),
	"Number Card": ("name",),
	"Number Card Link": ("parent", "card"),
	"Property Setter": ("name",),
	"Report": ("name",),
	"Role": ("name",),
	"Scheduled Job Type": ("method",),
	"Workflow": ("name",),
	"Workflow State": ("name",),
	"Workspace": ("name",),
}
LOGS = (
	"Error Log",
	"Patch Log",
	"Scheduled Job Log",
	"Version",
	"Deleted Document",
	"Activity Log",
	"Translation",
)
TEXTS = ("Data", "Code", "Small Text", "Text", "Long Text", "Text Editor", "JSON", "Select", "HTML Editor")


def run(_given: dict) -> dict:
	own = frappe.get_all("DocType", {"module": MODULE, "is_virtual": 0}, ["name", "issingle"])
	tables = [row.name for row in own if not row.issingle]
	return {
		"functions": answering(called()) | methods_of_documents(),
		"columns": {doctype: frappe.get_meta(doctype).get_valid_columns() for doctype in tables},
		"singles": {row.name: frappe.db.get_singles_dict(row.name) for row in own if row.issingle},
		"records": {doctype: rows(doctype, ("name",)) for doctype in present((*tables, *RECORDS))},
		"settings": {doctype: rows(doctype, SETTINGS[doctype]) for doctype in present(SETTINGS)},
		"reports": {
			name: report(name) for name in frappe.get_all("Report", {"module": MODULE}, pluck="name")
		},
		"scheduled": scheduled(hooks.scheduler_events),
		"stored_paths": stored_paths(),
	}


def present(doctypes) -> list[str]:
	"""Return those that this host has."""
	known = set(frappe.get_all("DocType", pluck="name"))
	return [doctype for doctype in doctypes if doctype in known]


def rows(doctype: str, key: tuple[str, ...]) -> dict:
	"""Records by these fields; a name beside them is only a number."""
	found = {}
	for row in frappe.get_all(doctype, fields=["*"], limit=0):
		found[" / ".join(str(row[field]) for field in key)] = row
		if "name" not in key:
			del row["name"]
	return found


def report(name: str) -> dict:
	"""Columns and rows as a client gets them without choosing filters."""
	from frappe.desk.query_report import run

	answer = run(name, filters={})
	columns = [column["fieldname"] for column in answer["columns"]]
	return {
		"columns": columns,
		"rows": [
			row if isinstance(row, dict) else dict(zip(columns, row, strict=False))
			for row in answer["result"]
		],
	}


def scheduled(events: dict) -> list[str]:
	"""Return the functions that hooks hand to the scheduler, of all frequencies."""
	found = []
	for functions in events.values():
		if isinstance(functions, dict):
			found += scheduled(functions)
		else:
			found += functions
	return sorted(found)


def stored_paths() -> dict:
	"""Dotted paths of the app that stand in records, and where."""
	found = {}
	for doctype in frappe.get_all("DocType", {"issingle": 0, "is_virtual": 0}, pluck="name"):
		if doctype in LOGS or not frappe.db.table_exists(doctype):
			continue
		for field in frappe.get_meta(doctype).fields:
			if field.fieldtype not in TEXTS or field.get("is_virtual"):
				continue
			like = {field.fieldname: ["like", "%crm_pipeline.%"]}
			for text in frappe.get_all(doctype, like, pluck=field.fieldname, limit=0):
				for path in PATH.findall(text):
					found.setdefault(path, f"{doctype}, {field.fieldname}")
	return found
