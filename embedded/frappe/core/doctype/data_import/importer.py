"""Reading the file of an import: a header, then records of one row, or more with their child rows."""

import csv
import datetime

import frappe
from frappe import _
from frappe.model import no_value_fields
from frappe.utils import cint, cstr, flt

CHECK_WORDS = {
	**dict.fromkeys(("t", "true", "y", "yes"), 1),
	**dict.fromkeys(("f", "false", "n", "no"), 0),
}
ID_FIELD = frappe._dict(label="ID", fieldname="name", fieldtype="Data")
BENCH_ONLY_TITLES = {"Owner", "owner", "Document Status", "docstatus"}


def read_records(doctype: str, file_path: str) -> list["frappe._dict"]:
	"""Return the records of a file, each with its `doc` and its `row_indexes`.

	A row with nothing in the parent's columns continues the record before it.

	:raises frappe.ValidationError: where the file holds no record, or values that do not fit"""
	rows = _read(file_path)
	if len(rows) < 2:
		message = _("Import template should contain a Header and atleast one row.")
		frappe.throw(message, title=_("Template Error"))
	_number, titles = rows.pop(0)
	columns = _columns(doctype, titles, [cells for _number, cells in rows])
	has_tables = any(column.table for column in columns)
	records, warnings = [], []
	for number, cells in rows:
		if max(cells) > max(titles):
			warnings.append(f"Row {number}\nRow has more values than columns")
		values, children = {}, {}
		for column in columns:
			if (text := cells.get(column.index)) is None:
				continue
			if problem := column.get_problem(text):
				warnings.append(f"Row {number}\n{problem}")
			place = children.setdefault(column.table, {}) if column.table else values
			place[column.df.fieldname] = column.parse(text)
		if values or not (records and has_tables):
			records.append(frappe._dict(row_indexes=[], doc=values))
		records[-1].row_indexes.append(number)
		for table, child in children.items():
			records[-1].doc.setdefault(table, []).append(child)
	if warnings:
		frappe.throw("\n".join(warnings), title=_("Template Error"))
	return records


class Column:
	"""A column that fills a field: of the DocType, or of the child table in the field `table`."""

	def __init__(self, index: int, title: str, df, table: str | None, texts: set[str]):
		self.index, self.title, self.df, self.table = index, title, df, table
		self.accepted = None
		if df.fieldtype == "Link":
			names = frappe.get_all(df.options, {"name": ("in", list(texts))}, pluck="name")
			self.accepted = set(map(cstr, names))
		elif df.fieldtype == "Select" and df.options:
			self.accepted = set(df.options.split("\n"))

	def get_problem(self, text: str) -> str | None:
		"""Return why a text cannot go into the field, None if it can."""
		if self.accepted is not None and text not in self.accepted:
			return _("Value {0} missing for {1}").format(frappe.bold(text), frappe.bold(self.title))
		if self.df.fieldtype in ("Date", "Datetime") and not _parse_date(text):
			return _("Value {0} must be in {1} format").format(frappe.bold(text), "yyyy-mm-dd [hh:mm:ss]")
		return None

	def parse(self, text: str):
		"""Return the text in the file as the value of the field."""
		if self.df.fieldtype == "Check":
			return CHECK_WORDS.get(text.lower(), cint(text))
		if self.df.fieldtype in ("Date", "Datetime"):
			return _parse_date(text)
		if self.df.fieldtype in ("Float", "Percent", "Currency"):
			return flt(text)
		return cint(text) if self.df.fieldtype == "Int" else text


def _columns(doctype: str, titles: dict[int, str], rows: list[dict[int, str]]) -> list[Column]:
	"""The columns whose titles name a field, each field's first."""
	fields, columns = get_fields_by_title(doctype), []
	for index, title in titles.items():
		if title in BENCH_ONLY_TITLES:
			raise frappe.missing(f"A data import of the column {title}")
		if title in fields and title not in [column.title for column in columns]:
			texts = {cells[index] for cells in rows if index in cells}
			columns.append(Column(index, title, *fields[title], texts))
	return columns


def get_fields_by_title(doctype: str) -> dict[str, tuple]:
	"""Return the field, and the name of its table field, by every title a column can have.

	A field is `Label`, `fieldname` or `Label (fieldname)`; one of a child table is `Label (Table Label)` or
	`table_fieldname.fieldname`; the name, or the field that records are named by, is `ID`."""
	meta = frappe.get_meta(doctype)
	titles = {}
	for df in _fields(meta):
		titles.setdefault((df.label or "").strip(), (df, None))
		titles[df.fieldname] = titles[f"{df.label} ({df.fieldname})"] = (df, None)
	for table in meta.get_table_fields():
		for df in _fields(frappe.get_meta(table.options)):
			for title in (f"{table.fieldname}.{df.fieldname}", f"{df.label} ({table.label})"):
				titles[title] = (df, table.fieldname)
	named_by = meta.get_field((meta.autoname or "").partition("field:")[2]) or ID_FIELD
	titles["ID"] = titles["name"] = titles[f"ID ({named_by.label})"] = (named_by, None)
	return titles


def _fields(meta) -> list:
	return [ID_FIELD, *(df for df in meta.fields if df.fieldtype not in no_value_fields)]


def _parse_date(text: str) -> datetime.datetime | None:
	try:
		return datetime.datetime.fromisoformat(text)
	except ValueError:
		return None


def _read(file_path: str) -> list[tuple[int, dict[int, str]]]:
	"""The number of each line that has texts, and those texts by column."""
	if not file_path.lower().endswith(".csv"):
		raise frappe.missing("A data import of other files than CSV")
	with open(file_path, encoding="utf-8-sig", newline="") as file:
		lines = enumerate(csv.reader(file), start=1)
		rows = [
			(number, {i: cell.strip() for i, cell in enumerate(line) if cell.strip()})
			for number, line in lines
		]
	return [(number, cells) for number, cells in rows if cells]
