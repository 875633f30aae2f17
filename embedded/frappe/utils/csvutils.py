"""CSV files as people save them from spreadsheets."""

import csv
import io

import frappe
from frappe import _

ENCODINGS = ("utf-8", "windows-1250", "windows-1252")


def read_csv_content(fcontent: bytes | str) -> list[list[str | None]]:
	"""Return the rows, cells stripped, empty ones as None. Raises ValidationError for an unknown encoding."""
	text = fcontent if isinstance(fcontent, str) else _decode(fcontent)
	return [[cell.strip() or None for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]


def _decode(content: bytes) -> str:
	for encoding in ENCODINGS:
		try:
			return content.decode(encoding)
		except UnicodeDecodeError:
			continue
	frappe.throw(_("Unknown file encoding. Tried {0}.").format(", ".join(ENCODINGS)))
