"""Rows of a Table MultiSelect from what callers send."""

import frappe


def rows_from(names, fieldname: str) -> list[dict]:
	"""Rows from names, from rows as Desk sends them, from a single name, or from the JSON of any of these."""
	if isinstance(names, str):
		names = frappe.parse_json(names) if names.lstrip().startswith(("[", "{")) else [names]
	return [name if isinstance(name, dict) else {fieldname: name} for name in names or [] if name]
