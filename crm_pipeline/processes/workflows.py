"""Frappe workflows that guard the stages of opportunities. The stage itself is their state."""

import json
from pathlib import Path

import frappe

DEFAULTS = Path(__file__).parents[1] / "defaults"
SHIPPED = ("5_workflow_state.json", "6_workflow_action_master.json")
# Which fields of which rows name a record of these kinds.
USERS = {
	"Workflow State": (
		("Workflow Document State", "state"),
		("Workflow Transition", "state"),
		("Workflow Transition", "next_state"),
	),
	"Workflow Action Master": (("Workflow Transition", "action"),),
}


def follow_renamed_stage(old: str, new: str) -> None:
	"""Let workflows on the stage name it as it is called now; other workflows keep their states."""
	workflows = frappe.get_all(
		"Workflow", {"document_type": "Opportunity", "workflow_state_field": "sales_stage"}, pluck="name"
	)
	if not workflows:
		return
	if not frappe.db.exists("Workflow State", new):
		state = frappe.get_doc({"doctype": "Workflow State", "workflow_state_name": new})
		state.flags.ignore_permissions = True  # follows from renaming the stage, which was allowed
		state.insert()
	for doctype, field in USERS["Workflow State"]:
		frappe.db.set_value(doctype, {"parent": ["in", workflows], field: old}, field, new)
	for workflow in workflows:
		frappe.clear_document_cache("Workflow", workflow)


def delete_unused_workflow_records() -> None:
	"""Delete the states and actions that came with this app, but for those that another workflow uses."""
	for record in (record for name in SHIPPED for record in json.loads((DEFAULTS / name).read_text())):
		users = USERS[record["doctype"]]
		if not any(frappe.db.exists(doctype, {field: record["name"]}) for doctype, field in users):
			frappe.db.delete(record["doctype"], {"name": record["name"]})
