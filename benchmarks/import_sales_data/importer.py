"""Imports one sheet through Frappe's data import.

Frappe's importer stops before the first row when any link of the file is unknown, and its command still reports
success. Therefore links are checked here, row by row, and afterwards the site is asked what arrived.

It also keeps a log of imported row numbers which, for imports by command, belongs to no Data Import: the next file
would have the same row numbers skipped. Therefore that log is emptied before each file.
"""

import csv
import time
from dataclasses import dataclass, field
from pathlib import Path

import frappe

from benchmarks.import_sales_data.sheets import Sheet

CHUNK = 500
REFUSED = "refused by the site, see its import log above"


@dataclass
class Outcome:
	"""What became of a sheet's rows. `rejected` gives the reason by line of the source; `keys` are those added."""

	doctype: str
	read: int
	present: int = 0
	rejected: dict[int, str] = field(default_factory=dict)
	keys: set[str] = field(default_factory=set)
	seconds: float = 0


def import_sheet(sheet: Sheet, folder: Path) -> Outcome:
	"""Write the good rows of a sheet to a CSV file in `folder`, import it and see what arrived."""
	from frappe.core.doctype.data_import.data_import import import_file

	start = time.monotonic()
	outcome = Outcome(sheet.doctype, len(sheet.rows), rejected={**sheet.faults, **unknown_links(sheet)})
	there = existing(sheet.doctype, sheet.key, {row[sheet.key] for row in sheet.rows})
	good = {}
	for line, row in zip(sheet.lines, sheet.rows, strict=True):
		if row[sheet.key] in there:
			outcome.present += 1
		elif line not in outcome.rejected:
			good[line] = row
	if good:
		path = write(sheet, list(good.values()), folder)
		forget_row_numbers()
		import_file(sheet.doctype, str(path), "Insert", console=True)
		arrived = existing(sheet.doctype, sheet.key, {row[sheet.key] for row in good.values()})
		outcome.keys = arrived
		for line, row in good.items():
			if row[sheet.key] not in arrived:
				outcome.rejected[line] = REFUSED
	outcome.seconds = time.monotonic() - start
	return outcome


def forget_row_numbers() -> None:
	if frappe.db.exists("DocType", "Data Import Log"):
		frappe.db.delete("Data Import Log", {"data_import": ["is", "not set"]})
		frappe.db.commit()


def unknown_links(sheet: Sheet) -> dict[int, str]:
	"""Reasons, by line, for rows that name a record the site does not have."""
	reasons = {}
	for column, doctype in sheet.links.items():
		known = existing(doctype, "name", {row[column] for row in sheet.rows if row[column]})
		for line, row in zip(sheet.lines, sheet.rows, strict=True):
			if row[column] and row[column] not in known:
				reasons.setdefault(line, f"{doctype} {row[column]!r} is unknown")
	return reasons


def existing(doctype: str, field: str, values: set[str]) -> set[str]:
	"""Return those of the values that some record of a DocType has in a field."""
	values, found = sorted(values), set()
	for start in range(0, len(values), CHUNK):
		chunk = values[start : start + CHUNK]
		found.update(frappe.get_all(doctype, filters={field: ["in", chunk]}, pluck=field))
	return found


def write(sheet: Sheet, rows: list[dict], folder: Path) -> Path:
	"""Return the file that `bench data-import` would be given."""
	number = len(list(folder.glob("*.csv"))) + 1
	path = folder / f"{number}_{frappe.scrub(sheet.doctype)}.csv"
	with path.open("w", newline="", encoding="utf-8") as file:
		writer = csv.DictWriter(file, list(rows[0]))
		writer.writeheader()
		writer.writerows(rows)
	return path
