"""A file of opportunities imported by Frappe's data import, which commits by itself."""

import csv
import os
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path

import frappe

from benchmarks import records
from benchmarks.apps import OURS, App
from benchmarks.case import Case, Goal
from benchmarks.filling.people import owner

ROWS, OF_RIVAL = 10_000, 500
TITLE = f"{records.PREFIX}-IMPORT"
STAGES = ("Lead", "Pitching", "Quoting", "Closing")


def cases() -> Iterator[Case]:
	yield Case(
		f"import of {ROWS:,} rows",
		import_rows,
		import_rows,
		None,
		partial(file_of, ROWS),
		teardown=forget,
		user="Administrator",
		goal=Goal(of_rival=0.5),
		unit="row",
		is_long=True,
	)


def file_of(rows: int, app: App) -> str:
	"""Return a file of so many opportunities; of fewer for the rival, which is measured by the row."""
	party = records.party(app, "Lead")
	count = rows if app.name == OURS else OF_RIVAL
	path = Path(tempfile.gettempdir()) / f"{TITLE}-{app.name}-{os.getpid()}.csv"
	with path.open("w", newline="", encoding="utf-8") as file:
		writer = csv.DictWriter(file, list(row(app, party, 0)))
		writer.writeheader()
		writer.writerows(row(app, party, number) for number in range(count))
	return str(path)


def row(app: App, party: str, number: int) -> dict:
	return {
		"title": f"{TITLE}-{number}",
		"opportunity_from": "Lead",
		"party_name": party,
		"opportunity_owner": owner(number),
		"sales_stage": STAGES[number % len(STAGES)],
		"opportunity_amount": 500 + number * 7919 % 90_000,
		**app.opportunity(),
	}


def import_rows(path: str) -> int:
	from frappe.core.doctype.data_import.data_import import import_file

	from benchmarks.import_sales_data.importer import forget_row_numbers

	forget_row_numbers()
	with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
		import_file("Opportunity", path, "Insert", console=True)
	return frappe.db.count("Opportunity", {"title": ["like", f"{TITLE}-%"]})


def forget(_app: App, path: str | None) -> None:
	"""Take away what was imported, by statements: there are too many for documents."""
	if path:
		Path(path).unlink(missing_ok=True)
	records.remove_opportunities()
