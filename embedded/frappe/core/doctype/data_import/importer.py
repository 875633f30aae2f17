"""Reading the file of an import: a header, then records of one row, or more with their child rows."""

import csv
import datetime

import frappe
from frappe import _
from frappe.model import no_value_fields
from frappe.runtime.missing import missing_in
from frappe.utils import cint, cstr, flt, unique

CHECK_WORDS = {
	**dict.fromkeys(("t", "true", "y", "yes"), 1),
	**dict.fromkeys(("f", "false", "n", "no"), 0),
}
ID_FIELD = frappe._dict(label="ID", fieldname="name", fieldtype="Data")
__getattr__ = missing_in(__name__)


class ImportFile:
	"""The columns and rows of a file. Raises ValidationError where it holds no record."""

	def __init__(self, doctype: str, file_path: str):
		self.doctype = doctype
		rows = [row for row in _read(file_path) if row.cells]
		if len(rows) < 2:
			message = _("Import template should contain a Header and atleast one row.")
			frappe.throw(message, title=_("Template Error"))
		titles, self.rows = rows[0].cells, rows[1:]
		fields = get_fields_by_title(doctype)
		self.columns = []
		for index, title in titles.items():
			if title in fields and title not in [column.title for column in self.columns]:
				texts = [row.cells[index] for row in self.rows if index in row.cells]
				self.columns.append(Column(index, title, *fields[title], texts))
		width = max(titles) + 1
		self.warnings = [
			f"Row {row.number}\nRow has more values than columns"
			for row in self.rows
			if any(index >= width for index in row.cells)
		]

	def get_payloads(self) -> list["frappe._dict"]:
		"""Return doc and rows of every record. A row with nothing in the parent's columns continues the last."""
		own = [column for column in self.columns if not column.table]
		tables = unique(column.table for column in self.columns if column.table)
		payloads = []
		for row in self.rows:
			values = self.parse(row, own)
			if values or not (payloads and tables):
				payloads.append(frappe._dict(rows=[], doc=values))
			payloads[-1].rows.append(row)
			for table in tables:
				if child := self.parse(row, [column for column in self.columns if column.table == table]):
					payloads[-1].doc.setdefault(table, []).append(child)
		return payloads

	def parse(self, row: "Row", columns: list["Column"]) -> dict:
		"""Return the values that a row has under these columns, and note those that do not fit."""
		values = {}
		for column in columns:
			text = row.cells.get(column.index)
			if text is None:
				continue
			if problem := column.get_problem(text):
				self.warnings.append(f"Row {row.number}\n{problem}")
			else:
				values[column.df.fieldname] = column.parse(text)
		return values

	def get_warnings(self) -> list[str]:
		return [*self.warnings, *(warning for column in self.columns for warning in column.get_warnings())]


class Column:
	"""A column that fills a field: of the DocType, or of the child table in the field `table`."""

	def __init__(self, index: int, title: str, df, table: str | None, texts: list[str]):
		self.index, self.title, self.df, self.table = index, title, df, table
		self.accepted = None
		self.texts = sorted(set(texts))
		if df.fieldtype == "Link":
			filters = {"name": ("in", self.texts)}
			self.accepted = set(map(cstr, frappe.get_all(df.options, filters, pluck="name")))
		elif df.fieldtype == "Select" and df.options:
			self.accepted = set(df.options.split("\n"))

	def get_warnings(self) -> list[str]:
		missing = [] if self.accepted is None else [text for text in self.texts if text not in self.accepted]
		if not missing:
			return []
		if self.df.fieldtype == "Link":
			message = _("The following values do not exist for {0}: {1}")
			return [message.format(self.df.options, ", ".join(missing))]
		message = _("The following values are invalid: {0}. Values must be one of {1}")
		return [message.format(", ".join(missing), ", ".join(sorted(self.accepted)))]

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


class Row:
	"""A line of the file: its number, and its texts by column where there are any."""

	def __init__(self, number: int, cells: list[str]):
		self.number = number
		self.cells = {index: cell.strip() for index, cell in enumerate(cells) if cell.strip()}


def get_fields_by_title(doctype: str) -> dict[str, tuple]:
	"""Return the field, and the name of its table field, by every title a column can have.

	A field is `Label` or `fieldname`; one of a child table is `Label (Table Label)` or
	`table_fieldname.fieldname`; the name, or the field that records are named by, is `ID`."""
	meta = frappe.get_meta(doctype)
	titles = {}
	for df in _fields(meta):
		titles.setdefault((df.label or "").strip(), (df, None))
		titles[df.fieldname] = (df, None)
	for table in meta.get_table_fields():
		for df in _fields(frappe.get_meta(table.options)):
			for title in (f"{table.fieldname}.{df.fieldname}", f"{df.label} ({table.label})"):
				titles[title] = (df, table.fieldname)
	named_by = meta.get_field((meta.autoname or "").partition("field:")[2])
	titles["ID"] = titles["name"] = (named_by or ID_FIELD, None)
	return titles


def _fields(meta) -> list:
	return [ID_FIELD, *(df for df in meta.fields if df.fieldtype not in no_value_fields)]


def _parse_date(text: str) -> datetime.datetime | None:
	try:
		return datetime.datetime.fromisoformat(text)
	except ValueError:
		return None


def _read(file_path: str) -> list[Row]:
	if not file_path.lower().endswith(".csv"):
		raise frappe.missing("A data import of other files than CSV")
	with open(file_path, encoding="utf-8-sig", newline="") as file:
		return [Row(number, cells) for number, cells in enumerate(csv.reader(file), start=1)]
