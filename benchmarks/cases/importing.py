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
from benchmarks.cases.writing import insert_all
from benchmarks.filling.people import owner

ROWS, OF_RIVAL, AT_ONCE = 10_000, 500, 500
NEW = {"status": "Open", "sales_process": "Standard", "probability": 10}  # what each is as it comes in
TITLE = f"{records.PREFIX}-IMPORT"
STAGES = ("Lead", "Pitching", "Quoting", "Closing")


def cases() -> Iterator[Case]:
	yield Case(
		f"import of {ROWS:,} rows",
		import_rows,
		import_rows,
		insert_barely,
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


def insert_barely(path: str) -> int:
	"""Insert what the file says with its history, so many at once, and return how many there are."""
	from crm_pipeline.utils.bulk_sql import new_row

	with Path(path).open(newline="", encoding="utf-8") as file:
		rows = [{**new_row(), **row} for row in csv.DictReader(file)]
	for start in range(0, len(rows), AT_ONCE):
		batch = rows[start : start + AT_ONCE]
		insert_all("Opportunity", [{**row, **NEW} for row in batch])
		insert_all("Pipeline Change", [created(row) for row in batch])
	frappe.db.commit()
	return len(rows)


def created(row: dict) -> dict:
	fields = ("sales_stage", "opportunity_owner", "opportunity_amount")
	state = {field: row[field] for field in fields}
	standard = {field: row[field] for field in ("creation", "modified", "owner", "modified_by")}
	first = {"idx": 1, "change": "Created", "opportunity": row["name"], "at": row["creation"]}
	return {**standard, "name": f"{row['name']}-1", **first, **state, "status": NEW["status"]}


def forget(_app: App, path: str | None) -> None:
	"""Take away what was imported, by statements: there are too many for documents."""
	if path:
		Path(path).unlink(missing_ok=True)
	records.remove_opportunities()
