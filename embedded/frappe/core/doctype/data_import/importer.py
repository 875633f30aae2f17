"""Saving the records of an import file, each on its own."""

import itertools
import os
from operator import itemgetter

import frappe
from frappe import _
from frappe.core.doctype.data_import.columns import get_id_field
from frappe.core.doctype.data_import.template import ImportFile
from frappe.core.doctype.version.version import get_diff
from frappe.utils import now, update_progress_bar

INSERT = "Insert New Records"
UPDATE = "Update Existing Records"


class Importer:
	def __init__(self, doctype: str, file_path: str, import_type: str = INSERT, console: bool = False):
		self.doctype = doctype
		self.import_type = import_type
		self.console = console
		self.import_file = ImportFile(doctype, file_path, is_insert=import_type == INSERT)

	def import_data(self, submit_after_import: bool = False) -> list[dict]:
		"""Save every record; one that fails is rolled back alone. Nothing is saved of a file with warnings."""
		payloads = self.import_file.get_payloads_for_import()
		warnings = [w for w in self.import_file.get_warnings() if w.get("type") != "info"]
		if warnings:
			self.print_warnings(warnings)
			return []
		flags = frappe.flags.in_import, frappe.flags.mute_emails
		frappe.flags.in_import = frappe.flags.mute_emails = True
		try:
			import_log = [
				self.import_payload(payload, index, len(payloads), submit_after_import)
				for index, payload in enumerate(payloads)
			]
		finally:
			frappe.flags.in_import, frappe.flags.mute_emails = flags
		self.print_import_log(import_log)
		return import_log

	def import_payload(self, payload, index: int, total: int, submit: bool) -> "frappe._dict":
		entry = frappe._dict(row_indexes=[row.row_number for row in payload.rows], success=False)
		try:
			entry.docname = self.process_doc(payload.doc, submit).name
			entry.success = True
			frappe.db.commit()
		except Exception:
			entry.update(messages=frappe.get_message_log(), exception=frappe.get_traceback())
			frappe.clear_messages()
			frappe.db.rollback()
		if self.console:
			update_progress_bar(f"Importing {self.doctype}: {total} records", index, total)
		return entry

	def process_doc(self, doc: dict, submit: bool):
		return self.insert_record(doc, submit) if self.import_type == INSERT else self.update_record(doc)

	def insert_record(self, doc: dict, submit: bool):
		"""Insert a record. Only a DocType whose names are typed in takes the name in the file."""
		meta = frappe.get_meta(self.doctype)
		new_doc = frappe.new_doc(self.doctype)
		new_doc.update(doc)
		if not doc.get("name") and (meta.autoname or "").lower() != "prompt":
			new_doc.set("name", None)
		new_doc.insert()
		if submit and meta.is_submittable:
			new_doc.submit()
		return new_doc

	def update_record(self, doc: dict):
		name = doc.get(get_id_field(self.doctype).fieldname)
		stored, changed = (frappe.get_doc(self.doctype, name) for _copy in range(2))
		changed.update(doc)
		if not get_diff(stored, changed):
			frappe.throw(_("No changes to update"))
		return changed.save()

	def print_warnings(self, warnings: list[dict]) -> None:
		"""Print what is wrong in the rows, then what is wrong in whole columns."""
		if not self.console:
			return
		in_rows = sorted((warning for warning in warnings if warning.get("row")), key=itemgetter("row"))
		for number, of_row in itertools.groupby(in_rows, key=itemgetter("row")):
			print(f"Row {number}", *(warning["message"] for warning in of_row), sep="\n")
		for warning in warnings:
			if not warning.get("row"):
				print(warning["message"])

	def print_import_log(self, import_log: list[dict]) -> None:
		"""Print how many records came in; why others did not goes into a file beside the sites."""
		if not self.console:
			return
		failed = [entry for entry in import_log if not entry.success]
		print(f"\nSuccessfully imported {len(import_log) - len(failed)} records out of {len(import_log)}")
		if not failed:
			return
		path = os.path.join(frappe.local.sites_path, f"{self.doctype}_import_on_{now()}.txt")
		print(f"Failed to import {len(failed)} records\nCheck {path} for errors")
		with open(path, "w") as file:
			file.writelines(_describe(entry) for entry in failed)


def _describe(entry: dict) -> str:
	messages = "\n".join(message["message"] for message in entry.messages)
	return f"Row Indexes: {entry.row_indexes}\nMessages:\n{messages}\nTraceback:\n{entry.exception}\n\n"
