"""Imports the public data set of 8,800 opportunities, where it lies beside the checkout or SALES_DATA says, else a sample.

Every report is asked, and must say to the cent what plain Python computes from the files alone.

Frappe's importer commits, so these tests remove what they imported instead of rolling back.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import frappe

from benchmarks.import_sales_data import reports
from benchmarks.import_sales_data.compare import differences
from benchmarks.import_sales_data.importer import Outcome, import_sheet
from benchmarks.import_sales_data.plain import Period, opportunities_of
from benchmarks.import_sales_data.sheets import PRODUCT_ALIASES, email_of, sheets
from benchmarks.import_sales_data.source import DEFAULT_FOLDER, SAMPLE, Source, numbers_of, read
from crm_pipeline.tests.base import FrappesTestCase, TestCase

DATA = Path(os.environ.get("SALES_DATA") or (DEFAULT_FOLDER if DEFAULT_FOLDER.is_dir() else SAMPLE))


# The files know nothing of what these are about.
SILENT = ("Slipping", "Minutes to First Response for Opportunity")


class Scale(NamedTuple):
	"""What the files of a data set are known to have."""

	customers: int
	items: int
	users: int
	agents: int
	stages: dict[str, int]
	value: int
	without_account: int


PUBLIC = Scale(
	85, 7, 35, 30, {"Prospecting": 500, "Engaging": 1589, "Won": 4238, "Lost": 2473}, 10_005_534, 1425
)
MADE_UP = Scale(5, 3, 4, 3, {"Prospecting": 9, "Engaging": 9, "Won": 27, "Lost": 27}, 68_101, 12)


class TestSalesData(FrappesTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.source = read(DATA)
		cls.scale = PUBLIC if DATA != SAMPLE else MADE_UP
		cls.outcomes = []
		cls.addClassCleanup(forget, cls.outcomes)
		cls.outcomes.extend(run_import(cls.source))

	def test_all_rows_are_there_once(self):
		counts = {}
		for outcome in self.outcomes:
			self.assertEqual(outcome.rejected, {}, outcome.doctype)
			counts[outcome.doctype] = counts.get(outcome.doctype, 0) + outcome.present + len(outcome.keys)
		scale = self.scale
		there = {"User": scale.users, "Item": scale.items, "Customer": scale.customers}
		self.assertEqual(counts, {**there, "Opportunity": sum(scale.stages.values())})

	def test_lists_and_reports_agree_with_the_files(self):
		numbers = numbers_of(self.source.opportunities, PRODUCT_ALIASES)
		self.assertEqual(numbers.stages, self.scale.stages)
		self.assertEqual(numbers.value, self.scale.value)
		self.assertEqual(len({agent for agent, _stage in numbers.by_agent}), self.scale.agents)
		self.assertEqual(differences(self.source, numbers), [])

	def test_what_differs_is_said(self):
		"""Say so of each report, where the files have one less that is open, won or lost."""
		rows = self.source.opportunities
		of_days = [row for row in rows if row["engage_date"] != row["close_date"]]
		gone = [
			next(row for row in of_days if row["deal_stage"] == stage)
			for stage in ("Engaging", "Won", "Lost")
		]
		numbers = numbers_of([row for row in rows if row not in gone], PRODUCT_ALIASES)
		said = "\n".join(differences(self.source, numbers, [row["line"] for row in gone]))
		self.assertIn(f"opportunities: {len(rows)} instead of {len(rows) - 3}", said)
		for report in (*reports.BY_PERIOD, *(name for name in reports.AS_OF_NOW if name not in SILENT)):
			with self.subTest(report):
				self.assertIn(report, said)

	def test_forecasts_of_past_days_know_what_was_in_the_pipeline(self):
		data = reports.data_of(
			opportunities_of(self.source), [email_of(row["sales_agent"]) for row in self.source.agents]
		)
		for day, ago in (("2017-04-30", "2017-03-30"), ("2017-08-01", "2017-07-01")):
			first = date.fromisoformat(day).replace(day=1)
			with self.subTest(day), TestCase.at(self, f"{day} 12:00:00"):
				period = Period(first, date(2017, 12, 31))
				found, expected = reports.forecast_before(data, period, date.fromisoformat(ago))
				self.assertEqual(found, expected)
				self.assertTrue(found.pop("Without Date") and any(found.values()))

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
		self.assertEqual(len(without), self.scale.without_account)
		self.assertEqual(frappe.db.count("Opportunity", filters), self.scale.without_account)


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
