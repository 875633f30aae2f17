"""Importing records from files, as `bench data-import` does it."""

from frappe.core.doctype.data_import.importer import INSERT, UPDATE, Importer


def import_file(
	doctype: str,
	file_path: str,
	import_type: str,
	submit_after_import: bool = False,
	console: bool = False,
) -> list[dict]:
	"""Import the records in a CSV file. Returns the log: one entry for each record, or nothing if refused.

	:param import_type: Insert, or Update of the records named in the column ID
	:param console: print progress and errors"""
	kind = INSERT if import_type.lower() == "insert" else UPDATE
	return Importer(doctype, file_path=file_path, import_type=kind, console=console).import_data(
		submit_after_import
	)
