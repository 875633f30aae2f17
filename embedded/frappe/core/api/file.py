"""Files, of which this host stores private ones that the app makes."""

import frappe


def get_max_file_size() -> int:
	raise frappe.missing("The largest size of files")
