"""Imports the public data set of 8,800 opportunities, where it lies beside the checkout or SALES_DATA says.

Frappe's importer commits, so these tests remove what they imported instead of rolling back.
"""

import os
import tempfile
import unittest
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

import frappe

from benchmarks.import_sales_data.compare import differences
from benchmarks.import_sales_data.importer import Outcome, import_sheet
from benchmarks.import_sales_data.sheets import PRODUCT_ALIASES, sheets
from benchmarks.import_sales_data.source import DEFAULT_FOLDER, Source, numbers_of, read
from crm_pipeline.tests.base import FrappesTestCase

DATA = Path(os.environ.get("SALES_DATA") or DEFAULT_FOLDER)
SCALE = {"Prospecting": 500, "Engaging": 1589, "Won": 4238, "Lost": 2473}


@unittest.skipUnless(DATA.is_dir(), f"no data set in {DATA}")
class TestSalesData(FrappesTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.source = read(DATA)
		cls.outcomes = []
		cls.addClassCleanup(forget, cls.outcomes)
		cls.outcomes.extend(run_import(cls.source))

	def test_all_rows_are_there_once(self):
		counts = {}
		for outcome in self.outcomes:
			self.assertEqual(outcome.rejected, {}, outcome.doctype)
			counts[outcome.doctype] = counts.get(outcome.doctype, 0) + outcome.present + len(outcome.keys)
		self.assertEqual(counts, {"User": 35, "Item": 7, "Customer": 85, "Opportunity": 8800})

	def test_lists_and_reports_agree_with_the_files(self):
		numbers = numbers_of(self.source.opportunities, PRODUCT_ALIASES)
		self.assertEqual(numbers.stages, SCALE)
		self.assertEqual(numbers.value, 10_005_534)
		self.assertEqual(len({agent for agent, _stage in numbers.by_agent}), 30)
		self.assertEqual(differences(self.source, numbers), [])

	def test_what_differs_is_said(self):
		numbers = numbers_of(self.source.opportunities[1:], PRODUCT_ALIASES)
		self.assertIn("opportunities: 8800 instead of 8799", " ".join(differences(self.source, numbers)))

	def test_a_second_run_adds_nothing(self):
		again = list(run_import(self.source.sample(100)))
		self.assertEqual([len(outcome.keys) for outcome in again], [0] * 5)
		self.assertEqual([outcome.present for outcome in again], [outcome.read for outcome in again])

	def test_bad_rows_are_rejected_alone(self):
		good, unknown, early, text = (
			dict(self.source.opportunities[0], opportunity_id=f"EXTRA{number}", line=number)
			for number in range(4)
		)
		unknown["account"] = "Nobody & Sons"
		early["close_date"] = "2016-01-01"
		text["close_value"] = "NaN"
		outcomes = list(run_import(replace(self.source, opportunities=[good, unknown, early, text])))
		self.addCleanup(forget, outcomes)
		outcome = outcomes[-1]
		self.assertEqual(len(outcome.keys), 1)
		self.assertEqual(
			outcome.rejected,
			{
				1: "Customer 'Nobody & Sons' is unknown",
				2: "closed before it began",
				3: "close_value 'NaN' is no amount",
			},
		)

	def test_opportunities_without_account_have_no_party(self):
		without = [row for row in self.source.opportunities if not row["account"]]
		owners = ["in", [row["email"] for row in next(sheets(self.source)).rows]]
		filters = {"opportunity_owner": owners, "party_name": ["is", "not set"]}
		self.assertEqual(len(without), 1425)
		self.assertEqual(frappe.db.count("Opportunity", filters), 1425)


def run_import(source: Source) -> Iterator[Outcome]:
	"""Import sheet by sheet, without the importer's progress bars."""
	muted = frappe.flags.mute_emails
	with tempfile.TemporaryDirectory() as folder:
		for sheet in sheets(source):
			with redirect_stdout(StringIO()):
				outcome = import_sheet(sheet, Path(folder))
			frappe.flags.mute_emails = muted
			yield outcome


def forget(outcomes: list[Outcome]) -> None:
	"""Delete what was imported, set by set, and commit."""
	for outcome in reversed(outcomes):
		if outcome.keys:
			key = "title" if outcome.doctype == "Opportunity" else "name"
			filters = {key: ["in", list(outcome.keys)]}
			delete(outcome.doctype, frappe.get_all(outcome.doctype, filters=filters, pluck="name"))
	frappe.db.commit()


def delete(doctype: str, names: list[str]) -> None:
	"""Delete records, at least one, with their rows and their history; nobody else links with them."""
	listed = ["in", names]
	if doctype == "User":
		contacts = frappe.get_all("Contact", filters={"user": listed}, pluck="name")
		frappe.delete_doc("Contact", contacts, force=True, delete_permanently=True)
		frappe.delete_doc(doctype, names, force=True, delete_permanently=True)
		return
	if doctype == "Opportunity":
		frappe.db.delete("Pipeline Change", {"opportunity": listed})
		for rows in ("Opportunity Item", "Lost Reason Detail"):
			frappe.db.delete(rows, {"parenttype": doctype, "parent": listed})
	frappe.db.delete("Version", {"ref_doctype": doctype, "docname": listed})
	frappe.db.delete(doctype, {"name": listed})
