"""Reading the file of an import: a header, then records of one row, or more with their child rows."""

import os

import frappe
from frappe import _
from frappe.core.doctype.data_import.columns import Column, get_id_field
from frappe.utils.csvutils import read_csv_content


class ImportFile:
	"""The columns and rows of a file. Raises ValidationError where it holds no record."""

	def __init__(self, doctype: str, file_path: str, is_insert: bool):
		self.doctype = doctype
		self.is_insert = is_insert
		rows = [
			(number, row)
			for number, row in enumerate(_read(file_path), start=1)
			if any(cell is not None for cell in row)
		]
		if len(rows) < 2:
			message = _("Import template should contain a Header and atleast one row.")
			frappe.throw(message, title=_("Template Error"))
		self.columns = self.get_columns(rows)
		self.rows = [Row(number, cells, self) for number, cells in rows[1:]]

	def get_columns(self, rows: list[tuple]) -> list[Column]:
		header, columns = rows[0][1], []
		for index, title in enumerate(header):
			values = [cells[index] if index < len(cells) else None for _number, cells in rows[1:]]
			columns.append(Column(index, title, self.doctype, values, is_duplicate=title in header[:index]))
		return columns

	def get_payloads_for_import(self) -> list["frappe._dict"]:
		"""Return doc and rows of every record. A row with nothing in the parent's columns continues the last."""
		own = [column for column in self.columns if column.df and not column.table]
		tables = {column.table.fieldname: column.table for column in self.columns if column.table}
		payloads = []
		for row in self.rows:
			if payloads and tables and not row.has_value(own):
				payloads[-1].rows.append(row)
			else:
				payloads.append(frappe._dict(rows=[row]))
		for payload in payloads:
			payload.doc = payload.rows[0].parse(self.doctype, own) or frappe._dict()
			for row in payload.rows:
				self.add_children(payload.doc, row, tables.values())
		return payloads

	def add_children(self, doc: dict, row: "Row", tables) -> None:
		for table in tables:
			columns = [c for c in self.columns if c.table and c.table.fieldname == table.fieldname]
			if child := row.parse(table.options, columns):
				doc.setdefault(table.fieldname, []).append(child)

	def get_warnings(self) -> list[dict]:
		"""Return what is wrong or unused in the file; only those of type info let it be imported."""
		return [warning for part in (*self.columns, *self.rows) for warning in part.warnings]


class Row:
	def __init__(self, row_number: int, cells: list, file: ImportFile):
		self.row_number = row_number
		self.cells = cells
		self.file = file
		self.warnings = []
		if len(cells) != len(file.columns):
			how = "less" if len(cells) < len(file.columns) else "more"
			self.warn(f"Row has {how} values than columns")

	def has_value(self, columns: list[Column]) -> bool:
		return any(self.get(column) is not None for column in columns)

	def get(self, column: Column) -> str | None:
		return self.cells[column.index] if column.index < len(self.cells) else None

	def parse(self, doctype: str, columns: list[Column]) -> "frappe._dict | None":
		"""Return the values under these columns for a document, None where there is none."""
		if not self.has_value(columns):
			return None
		doc = frappe._dict()
		for column in columns:
			value = self.get(column)
			if value is None:
				continue
			if problem := column.get_problem(value):
				self.warn(problem)
			else:
				doc[column.df.fieldname] = column.parse(value)
		if not self.file.is_insert and frappe.get_meta(doctype).istable:
			return _stored_row(doctype, doc)
		return doc

	def warn(self, message: str) -> None:
		self.warnings.append({"row": self.row_number, "message": message})


def _stored_row(doctype: str, values: dict) -> dict:
	"""Return the child row that an update names, with its new values, so that the others are kept."""
	name = values.get(get_id_field(doctype).fieldname)
	if not name or not frappe.db.exists(doctype, name):
		return values
	stored = frappe.get_doc(doctype, name)
	stored.update(values)
	return stored.as_dict()


def _read(file_path: str) -> list[list[str | None]]:
	if not os.path.exists(file_path):
		frappe.throw(_("Invalid template file for import"))
	extension = os.path.splitext(file_path)[1].lstrip(".").lower()
	if extension in ("xlsx", "xls"):
		raise NotImplementedError(
			"The embedded host imports CSV files only. A bench imports spreadsheets too."
		)
	if extension != "csv":
		message = _("Import template should be of type .csv, .xlsx or .xls")
		frappe.throw(message, title=_("Template Error"))
	with open(file_path, "rb") as file:
		return read_csv_content(file.read())
