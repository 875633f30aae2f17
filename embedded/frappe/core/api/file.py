"""Files, which this host does not store."""

import frappe


def get_max_file_size() -> int:
	raise frappe.missing("Storing files")
