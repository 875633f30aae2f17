"""Importing files for real. Frappe's importer commits, so what it made is taken away instead of rolled back."""

import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import frappe
from frappe.core.doctype.data_import.data_import import import_file

from benchmarks.import_sales_data.importer import forget_row_numbers
from crm_pipeline.tests.base import TestCase


class ImportCase(TestCase):
	"""A test that imports files; `self.refusals` holds messages and exceptions of the last one."""

	def setUp(self):
		super().setUp()
		self.muted = frappe.flags.mute_emails
		self.mine: list[tuple[str, dict]] = []

	def undo(self):
		frappe.db.rollback()
		frappe.flags.mute_emails = self.muted
		for doctype, filters in self.mine:
			for name in frappe.get_all(doctype, filters, pluck="name"):
				frappe.delete_doc(doctype, name, delete_permanently=True)
		frappe.db.commit()

	def import_content(self, doctype: str, content: str | bytes, **mine) -> str:
		"""Import a CSV file of this content, and return what the command says.

		Args:
			mine: by which values the records that arrive are known, to be deleted afterwards.
		"""
		self.mine.append((doctype, mine))
		before = self.logs(doctype)
		forget_row_numbers()
		with (
			tempfile.TemporaryDirectory() as folder,
			patch.object(frappe, "throw", wraps=frappe.throw) as throw,
			redirect_stdout(StringIO()) as output,
		):
			path = Path(folder) / "file.csv"
			path.write_bytes(content.encode() if isinstance(content, str) else content)
			import_file(doctype, str(path), "Insert", console=True)
		for log in self.logs(doctype) - before:
			log.unlink()
		self.refusals = [call.args[:2] for call in throw.call_args_list]
		return output.getvalue()

	def logs(self, doctype: str) -> set[Path]:
		"""Files that an import by command leaves beside the sites where it refused rows."""
		return set(Path(frappe.local.sites_path).glob(f"{doctype}_import_on_*.txt"))
