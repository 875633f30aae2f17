"""What undoing left as it was is Left Alone now: "Left" alone means something else in Desk, and is translated so."""

import frappe


def execute() -> None:
	frappe.db.set_value(
		"Auto Closed Opportunity", {"result": "Left"}, "result", "Left Alone", update_modified=False
	)
