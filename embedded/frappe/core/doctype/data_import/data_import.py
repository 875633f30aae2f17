"""Importing records from files, as `bench data-import` does it."""

import click
import frappe
from frappe.core.doctype.data_import.importer import read_records


def import_file(
	doctype: str,
	file_path: str,
	import_type: str,
	submit_after_import: bool = False,
	console: bool = False,
) -> list[dict]:
	"""Insert every record of a CSV file; one that fails is rolled back alone.

	Returns the log: one entry for each record.

	:param import_type: Insert
	:param console: print progress and errors
	:raises frappe.ValidationError: for a file with values that do not fit; nothing of it is inserted"""
	if import_type.lower() != "insert" or submit_after_import:
		raise frappe.missing("A data import that updates or submits")
	records = read_records(doctype, file_path)
	flags = frappe.flags.in_import, frappe.flags.mute_emails
	frappe.flags.in_import = frappe.flags.mute_emails = True
	try:
		with click.progressbar(records, label=f"Importing {doctype}", hidden=not console) as bar:
			log = [_import(doctype, record) for record in bar]
	finally:
		frappe.flags.in_import, frappe.flags.mute_emails = flags
	if console:
		_print(log, doctype)
	return log


def _import(doctype: str, record: "frappe._dict") -> "frappe._dict":
	entry = frappe._dict(row_indexes=record.row_indexes, success=False)
	try:
		doc = frappe.new_doc(doctype).update(record.doc)
		if not record.doc.get("name") and (doc.meta.autoname or "").lower() != "prompt":
			doc.set("name", None)
		doc.insert()
		entry.update(docname=doc.name, success=True)
		frappe.db.commit()
	except Exception:
		entry.update(messages=frappe.get_message_log(), exception=frappe.get_traceback())
		frappe.clear_messages()
		frappe.db.rollback()
	return entry


def _print(log: list[dict], doctype: str) -> None:
	"""Print how many records came in, and why others did not."""
	failed = [entry for entry in log if not entry.success]
	print(f"\nSuccessfully imported {len(log) - len(failed)} {doctype} records out of {len(log)}")
	for entry in failed:
		messages = "\n".join(message["message"] for message in entry.messages)
		print(f"Row Indexes: {entry.row_indexes}\nMessages:\n{messages}\nTraceback:\n{entry.exception}\n")
