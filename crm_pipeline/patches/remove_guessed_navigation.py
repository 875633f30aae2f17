"""Before it had its own, Frappe 16 guessed a sidebar and an icon from the workspace, which the synced ones cannot replace."""

import frappe

from crm_pipeline.permissions.desk_overrides import WORKSPACE
from crm_pipeline.uninstall import NAVIGATION


def execute() -> None:
	for doctype in NAVIGATION:
		if not frappe.db.exists("DocType", doctype):
			continue
		for name in frappe.get_all(doctype, {"name": WORKSPACE, "standard": 0}, pluck="name"):
			for table in frappe.get_meta(doctype).get_table_fields():
				frappe.db.delete(table.options, {"parenttype": doctype, "parent": name})
			frappe.db.delete(doctype, {"name": name})
