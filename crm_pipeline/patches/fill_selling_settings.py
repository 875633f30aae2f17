"""Give fields of Selling Settings that came later the defaults that a new site has; a stored 0 is a choice."""

import frappe

SETTINGS = "Selling Settings"


def execute() -> None:
	stored = frappe.db.get_singles_dict(SETTINGS)
	for field in frappe.get_meta(SETTINGS).fields:
		if field.default and stored.get(field.fieldname) in (None, ""):
			frappe.db.set_single_value(SETTINGS, field.fieldname, field.default, update_modified=False)
