"""Reading the file of an import: a header, then records of one row, or more with their child rows."""

import csv
import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.model import no_value_fields
from frappe.types import _dict
from frappe.utils import cint, cstr, flt

if TYPE_CHECKING:
	from frappe.model.document import Document
	from frappe.model.meta import Meta

CHECK_WORDS = {
	**dict.fromkeys(("t", "true", "y", "yes"), 1),
	**dict.fromkeys(("f", "false", "n", "no"), 0),
}
ID_FIELD = frappe._dict(label="ID", fieldname="name", fieldtype="Data")
ENCODINGS = ("utf-8-sig", "windows-1250", "windows-1252")
BENCH_ONLY_TITLES = {"Owner", "owner", "Document Status", "docstatus"}


class Importer:
	"""What makes documents of the records of a file."""

	def __init__(self, doctype: str) -> None:
		self.doctype = doctype

	def insert_record(self, doc: dict) -> "Document":
		"""Insert a record over the defaults of its DocType; only a DocType that asks for a name takes one."""
		record = frappe.new_doc(self.doctype).update(doc)
		asks_for_name = (record.meta.autoname or "").lower() == "prompt"
		record.name = record.name if doc.get("name") or asks_for_name else None
		return record.insert()


class ImportFile:
	"""A file of records of a DocType: its header, its rows, and what keeps it from being imported.

	:raises frappe.ValidationError: where the file holds no record"""

	def __init__(self, doctype: str, file_path: str) -> None:
		self.doctype = doctype
		lines = _read(file_path)
		if len(lines) < 2:
			message = _(
				"Import template should contain a Header and atleast one row."  # codespell:ignore atleast
			)
			frappe.throw(message, title=_("Template Error"))
		(_number, titles), *rows = lines
		self.header = Header(doctype, titles, [cells for _number, cells in rows])
		self.data = [Row(number, cells, self.header) for number, cells in rows]

	def get_records(self) -> list["frappe._dict"]:
		"""Return the records, each with its `doc` and its `row_indexes`.

		A row with nothing in the parent's columns continues the record before it."""
		has_tables = any(column.table for column in self.header.columns)
		records = []
		for row in self.data:
			values, children = row.parse()
			if values or not (records and has_tables):
				records.append(frappe._dict(row_indexes=[], doc=values))
			records[-1].row_indexes.append(row.row_number)
			for table, child in children.items():
				records[-1].doc.setdefault(table, []).append(child)
		return records

	def get_warnings(self) -> list[dict]:
		"""Return what is wrong with columns and with rows that were parsed."""
		parts = [*self.header.columns, *self.data]
		return [warning for part in parts for warning in part.warnings]


class Row:
	"""A line of the file: its number, and its texts by column."""

	def __init__(self, row_number: int, cells: dict[int, str], header: "Header") -> None:
		self.row_number, self.cells, self.header = row_number, cells, header
		self.warnings = []
		if max(cells) > header.last:
			self.warnings.append({"row": row_number, "message": "Row has more values than columns"})

	def parse(self) -> tuple[dict, dict]:
		"""Return the values of the row's own record, and by table field those of its child row."""
		meta = frappe.get_meta(self.header.doctype)
		values = self.parse_doc(meta.name)
		tables = {
			column.table: meta.get_field(column.table) for column in self.header.columns if column.table
		}
		children = {name: self.parse_doc(df.options, table_df=df) for name, df in tables.items()}
		return values, {name: child for name, child in children.items() if child}

	def parse_doc(
		self, doctype: str, parent_doc: "Document | None" = None, table_df: _dict | None = None
	) -> dict:
		"""Return the values of the record of that DocType: the row's own, or the one in a table of it."""
		table, values = table_df.fieldname if table_df else None, {}
		for column in self.header.columns:
			text = self.cells.get(column.index)
			if column.skip_import or (column.table or None) != table or text is None:
				continue
			value = self.validate_value(text, column)
			if value is not None:
				values[column.df.fieldname] = column.parse(cstr(value))
		return values

	def validate_value(self, value: str, col: "Column") -> str | None:
		"""Return a text that can go into the field of a column; None, with a warning, for another."""
		if problem := col.get_problem(value):
			self.warnings.append({"row": self.row_number, "col": col.column_number, "message": problem})
			return None
		return value


class Column:
	"""A column that fills a field: of the DocType, of the child table in the field `table`, or none."""

	def __init__(self, index: int, title: str, df: _dict, table: str | None, texts: set[str]) -> None:
		self.index, self.column_number, self.df, self.table = index, index + 1, df, table
		self.title = self.header_title = title
		self.skip_import = df is None
		self.warnings, self.accepted = [], None
		if df is None:
			message = _("Cannot match column {0} with any field").format(frappe.bold(title))
			self.warnings.append({"col": self.column_number, "message": message, "type": "info"})
		elif df.fieldtype == "Link":
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

	def parse(self, text: str) -> Any:
		"""Return the text in the file as the value of the field."""
		if self.df.fieldtype == "Check":
			return CHECK_WORDS.get(text.lower(), cint(text))
		if self.df.fieldtype in ("Date", "Datetime"):
			return _parse_date(text)
		if self.df.fieldtype in ("Float", "Percent", "Currency"):
			return flt(text)
		return cint(text) if self.df.fieldtype == "Int" else text


class Header:
	"""The columns of a file; one fills the field that its title names, unless another has that title too."""

	def __init__(self, doctype: str, titles: dict[int, str], rows: list[dict[int, str]]) -> None:
		self.doctype, fields = doctype, get_fields_by_title(doctype)
		self.columns, self.last, seen = [], max(titles), set()
		for index, title in titles.items():
			if title in BENCH_ONLY_TITLES:
				raise frappe.missing(f"A data import of the column {title}")
			df, table = fields.get(title, (None, None)) if title not in seen else (None, None)
			seen.add(title)
			texts = {cells[index] for cells in rows if index in cells}
			self.columns.append(Column(index, title, df, table, texts))


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


def _fields(meta: "Meta") -> list:
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
	lines = csv.reader(_decoded(Path(file_path).read_bytes()).splitlines(keepends=True))
	rows = [
		(number, {i: cell.strip() for i, cell in enumerate(line) if cell.strip()})
		for number, line in enumerate(lines, start=1)
	]
	return [(number, cells) for number, cells in rows if cells]


def _decoded(content: bytes) -> str:
	"""Return the text of a file in the first of these encodings that fits."""
	for encoding in ENCODINGS:
		try:
			return content.decode(encoding)
		except UnicodeDecodeError:
			continue
	raise frappe.ValidationError(f"Unknown file encoding. Tried {', '.join(ENCODINGS)}.")
