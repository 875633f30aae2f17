"""Importing records from files, as `bench data-import` does it."""

import os

import frappe
from frappe import _
from frappe.core.doctype.data_import.importer import ImportFile, get_id_field
from frappe.core.doctype.version.version import get_diff
from frappe.runtime.missing import missing_in
from frappe.utils import now, update_progress_bar

__getattr__ = missing_in(__name__)


def import_file(
	doctype: str,
	file_path: str,
	import_type: str,
	submit_after_import: bool = False,
	console: bool = False,
) -> list[dict]:
	"""Save every record of a CSV file; one that fails is rolled back alone.

	Nothing is saved of a file with warnings. Returns the log: one entry for each record, or nothing if refused.

	:param import_type: Insert, or Update of the records named in the column ID
	:param console: print progress and errors"""
	file = ImportFile(doctype, file_path)
	payloads = file.get_payloads()
	if warnings := file.get_warnings():
		if console:
			print(*warnings, sep="\n")
		return []
	is_insert = import_type.lower() == "insert"
	flags = frappe.flags.in_import, frappe.flags.mute_emails
	frappe.flags.in_import = frappe.flags.mute_emails = True
	try:
		log = []
		for index, payload in enumerate(payloads):
			log.append(_import(doctype, payload, is_insert, submit_after_import))
			if console:
				update_progress_bar(f"Importing {doctype}: {len(payloads)} records", index, len(payloads))
	finally:
		frappe.flags.in_import, frappe.flags.mute_emails = flags
	if console:
		_print(log, doctype)
	return log


def _import(doctype: str, payload: dict, is_insert: bool, submit: bool) -> "frappe._dict":
	entry = frappe._dict(row_indexes=[row.number for row in payload.rows], success=False)
	try:
		doc = _insert(doctype, payload.doc, submit) if is_insert else _update(doctype, payload.doc)
		entry.update(docname=doc.name, success=True)
		frappe.db.commit()
	except Exception:
		entry.update(messages=frappe.get_message_log(), exception=frappe.get_traceback())
		frappe.clear_messages()
		frappe.db.rollback()
	return entry


def _insert(doctype: str, values: dict, submit: bool):
	doc = frappe.new_doc(doctype)
	doc.update(values)
	if not values.get("name") and (doc.meta.autoname or "").lower() != "prompt":
		doc.set("name", None)
	doc.insert()
	if submit and doc.meta.is_submittable:
		doc.submit()
	return doc


def _update(doctype: str, values: dict):
	"""Raises ValidationError where the file changes nothing."""
	name = values.get(get_id_field(doctype).fieldname)
	stored, changed = (frappe.get_doc(doctype, name) for _copy in range(2))
	if any(isinstance(value, list) for value in values.values()):
		raise NotImplementedError("The embedded host's data import updates no child rows. A bench's does.")
	changed.update(values)
	if not get_diff(stored, changed):
		frappe.throw(_("No changes to update"))
	return changed.save()


def _print(log: list[dict], doctype: str) -> None:
	"""Print how many records came in; why others did not goes into a file beside the sites."""
	failed = [entry for entry in log if not entry.success]
	print(f"\nSuccessfully imported {len(log) - len(failed)} records out of {len(log)}")
	if not failed:
		return
	path = os.path.join(frappe.local.sites_path, f"{doctype}_import_on_{now()}.txt")
	print(f"Failed to import {len(failed)} records\nCheck {path} for errors")
	with open(path, "w") as file:
		file.writelines(_describe(entry) for entry in failed)


def _describe(entry: dict) -> str:
	messages = "\n".join(message["message"] for message in entry.messages)
	return f"Row Indexes: {entry.row_indexes}\nMessages:\n{messages}\nTraceback:\n{entry.exception}\n\n"
