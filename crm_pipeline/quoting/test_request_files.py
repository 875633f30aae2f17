"""Files that suppliers send with their answer."""

from unittest.mock import patch

import frappe

from crm_pipeline.rules.attachments import LARGEST
from crm_pipeline.tests.requesting import PDF, PageCase


class TestFiles(PageCase):
	def files(self) -> list:
		filters = {"attached_to_doctype": "Supplier Quotation", "attached_to_name": self.asked.name}
		names = frappe.get_all("File", filters, pluck="name", order_by="creation")
		files = [frappe.get_doc("File", name) for name in names]
		for file in files:
			self.addCleanup(file.delete, ignore_permissions=True)
		return files

	def test_a_file_that_is_not_kept_is_told_to_nobody(self):
		"""Frappe 15 sends notifications whatever becomes of the transaction."""
		notify = "crm_pipeline.quoting.request_answers.notify"
		with patch("crm_pipeline.quoting.request_files.MOST_FILES", 0), patch(notify) as told:
			self.assertEqual(self.answer("5", file=("a.pdf", PDF)).status_code, 417)
		with (
			patch("crm_pipeline.quoting.request_files.attach", side_effect=RuntimeError),
			patch(notify) as failed,
		):
			self.answer("5", file=("a.pdf", PDF))
		self.assertEqual((told.call_count, failed.call_count), (0, 0))

	def test_it_is_kept_privately_on_the_request(self):
		self.answer("5", file=("../Angebot <1>.pdf", PDF))
		(file,) = self.files()
		self.assertTrue(file.is_private and file.file_url.startswith("/private/files/"))
		self.assertRegex(file.file_name, r"^Angebot _1.*\.pdf$")
		self.assertEqual(file.file_size, len(PDF))
		self.assertIn(file.file_name, self.page())
		self.assertFalse(frappe.has_permission("File", "read", file.name, user="Guest"))

	def test_what_runs_or_lies_about_itself_is_refused_and_nothing_is_kept(self):
		for name, content in (
			("a.exe", b"MZ\x90"),
			("a.pdf", b"MZ\x90"),
			("a.html", b"<html>"),
			("a.svg", b"<svg/>"),
			("a.png", b"<svg onload=alert(1)>"),
			("a.pdf", b""),
			("a.pdf", PDF.ljust(LARGEST + 1)),
		):
			with self.subTest(name, size=len(content)):
				response = self.answer("5", note="Kept", file=(name, content))
				self.assertEqual(response.status_code, 417)
				self.assertIn("Kept", response.get_data(as_text=True))
				self.assertEqual((self.files(), self.stored().request_status), ([], "Asked"))

	def test_a_long_name_of_long_characters_costs_nobody_the_answer(self):
		self.assertEqual(self.answer("5", file=("価" * 100 + ".pdf", PDF)).status_code, 303)
		self.assertRegex(self.files()[0].file_name, r"^価+\w*\.pdf$")
		self.assertEqual(self.stored().items[0].rate, 5)

	def test_there_is_an_end_of_files(self):
		with patch("crm_pipeline.quoting.request_files.MOST_FILES", 1):
			self.answer("5", file=("a.pdf", PDF))
			self.assertEqual(self.answer("6", file=("b.pdf", PDF)).status_code, 417)
		self.assertEqual((len(self.files()), self.stored().items[0].rate), (1, 5))

	def test_what_the_buyer_attached_is_not_shown(self):
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": "calculation.txt",
				"content": "cost",
				"is_private": 1,
				"attached_to_doctype": "Supplier Quotation",
				"attached_to_name": self.asked.name,
			}
		).insert()
		self.addCleanup(file.delete)
		self.assertNotIn("calculation", self.page())
