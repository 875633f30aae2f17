"""What undoing left as it was is no longer called "Left", which means something else in Desk and is translated so."""

import frappe


def execute() -> None:
	frappe.db.set_value(
		"Auto Closed Opportunity", {"result": "Left"}, "result", "Not Restored", update_modified=False
	)
