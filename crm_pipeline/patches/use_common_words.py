"""Carry over what is called otherwise now: results and counts of auto-close, two number cards, a section of the form."""

import frappe
from frappe.query_builder.functions import Coalesce

RESULTS = {"Passed Over": "Skipped", "Left Alone": "Not Restored"}
COLUMNS = {
	"Auto Close Batch": {"passed_over": "skipped", "left_alone": "not_restored"},
	"Auto Closed Opportunity": {"quiet_since": "inactive_since"},
}
CARDS = {"Open Deals": "Open Opportunities", "Rotting Deals": "Rotting Opportunities"}
CARD_LINKS = {"Workspace Number Card": "number_card_name", "Number Card Link": "card"}
SECTION = ("deal_section", "opportunity_section")


def execute() -> None:
	for old, new in RESULTS.items():
		filters = {"result": old}
		frappe.db.set_value("Auto Closed Opportunity", filters, "result", new, update_modified=False)
	for doctype, columns in COLUMNS.items():
		for old, new in columns.items():
			copy_column(doctype, old, new)
	for old, new in CARDS.items():
		point_to_card(old, new)
	old, new = SECTION
	for doctype, field in (("Property Setter", "field_name"), ("Custom Field", "insert_after")):
		target = "doc_type" if doctype == "Property Setter" else "dt"
		filters = {target: "Opportunity", field: old}
		frappe.db.set_value(doctype, filters, field, new, update_modified=False)


def copy_column(doctype: str, old: str, new: str) -> None:
	"""Fill a field from the column that it had before; Frappe leaves columns in place whose field is gone."""
	if frappe.db.has_column(doctype, old):
		table = frappe.qb.DocType(doctype)
		frappe.qb.update(table).set(table[new], Coalesce(table[old], table[new])).run()


def point_to_card(old: str, new: str) -> None:
	"""Let workspaces and dashboards of the site's own show the card that came in place of another."""
	if frappe.db.exists("Number Card", old):
		label_rows(old)
		for doctype, field in CARD_LINKS.items():
			frappe.db.set_value(doctype, {field: old}, field, new, update_modified=False)
		frappe.delete_doc("Number Card", old, force=True, ignore_permissions=True)  # of this app


def label_rows(card: str) -> None:
	"""Keep the name by which a workspace's page looks for its card: the row's label, else the card's name."""
	filters = {"number_card_name": card, "label": ["is", "not set"]}
	frappe.db.set_value("Workspace Number Card", filters, "label", card, update_modified=False)
