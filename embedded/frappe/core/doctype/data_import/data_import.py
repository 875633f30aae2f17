"""Importing records from files, as `bench data-import` does it."""

from typing import TYPE_CHECKING, Any, NoReturn

import click
import frappe
from frappe.core.doctype.data_import.importer import Importer, ImportFile
from frappe.model.document import Document

if TYPE_CHECKING:  # of a bench

	def download_template(doctype: str, *args: Any) -> None: ...


class DataImport(Document):
	def db_insert(self, *args: Any, **kwargs: Any) -> NoReturn:
		raise frappe.missing("A Data Import that is kept")


def import_file(
	doctype: str,
	file_path: str,
	import_type: str,
	submit_after_import: bool = False,
	console: bool = False,
) -> list[dict] | None:
	"""Insert every record of a CSV file; one that fails is rolled back alone.

	Returns the log: one entry for each record; None for a file with values that do not fit, of which nothing is inserted.

	:param import_type: Insert
	:param console: print progress and errors"""
	if import_type.lower() != "insert" or submit_after_import:
		raise frappe.missing("A data import that updates or submits")
	data_import = frappe.new_doc("Data Import")
	file = ImportFile(doctype, file_path)
	flags = frappe.flags.in_import, frappe.flags.mute_emails
	frappe.flags.in_import = frappe.flags.mute_emails = True
	try:
		data_import.run_method("before_change")  # on a bench it notes that there are no warnings yet
		records = file.get_records()
		if warnings := [w for w in file.get_warnings() if w.get("type") != "info"]:
			_print_warnings(warnings)
			return None
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
		doc = Importer(doctype).insert_record(record.doc)
		entry.update(docname=doc.name, success=True)
		frappe.db.commit()
	except Exception:
		entry.update(messages=frappe.get_message_log(), exception=frappe.get_traceback())
		frappe.clear_messages()
		frappe.db.rollback()
	return entry


def _print_warnings(warnings: list[dict]) -> None:
	"""Print what keeps a file out, by its rows."""
	number = None
	for warning in sorted(warnings, key=lambda warning: warning.get("row") or 0):
		if warning.get("row") != number:
			number = warning["row"]
			print(f"Row {number}")
		print(warning["message"])


def _print(log: list[dict], doctype: str) -> None:
	"""Print how many records came in, and why others did not."""
	failed = [entry for entry in log if not entry.success]
	print(f"\nSuccessfully imported {len(log) - len(failed)} {doctype} records out of {len(log)}")
	for entry in failed:
		messages = "\n".join(message["message"] for message in entry.messages)
		print(f"Row Indexes: {entry.row_indexes}\nMessages:\n{messages}\nTraceback:\n{entry.exception}\n")
