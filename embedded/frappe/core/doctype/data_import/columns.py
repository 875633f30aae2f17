"""The columns of an import file: which field each one fills, and whether its values fit."""

import datetime
from collections import Counter

import frappe
from frappe import _
from frappe.model import no_value_fields
from frappe.utils import cint, cstr, duration_to_seconds, flt, guess_date_format
from frappe.utils.display import DURATION_PATTERN

CHECK_WORDS = {word: 1 for word in ("t", "true", "y", "yes")} | {
	word: 0 for word in ("f", "false", "n", "no")
}
DEFAULT_FORMATS = {"Date": "%Y-%m-%d", "Datetime": "%Y-%m-%d", "Time": "%H:%M:%S"}


class Column:
	"""One column. `df` is None where no field has this title; `table` is the table field of a child's column."""

	def __init__(self, index: int, title: str | None, doctype: str, values: list, is_duplicate: bool):
		self.index = index
		self.title = title
		self.warnings = []
		self.date_format = None
		self.df, self.table = get_fields_by_title(doctype).get(title, (None, None))
		if not self.df:
			self.inform(
				_("Cannot match column {0} with any field") if title else _("Skipping Untitled Column")
			)
		elif is_duplicate:
			self.inform(_("Skipping Duplicate Column {0}"))
			self.df = self.table = None
		elif values := [value for value in values if value is not None]:
			self.check(values)

	def check(self, values: list[str]) -> None:
		if self.df.fieldtype == "Link":
			self.check_links(sorted(set(values)))
		elif self.df.fieldtype == "Select":
			self.check_options(sorted(set(values)))
		elif self.df.fieldtype in DEFAULT_FORMATS:
			self.set_date_format(values)

	def check_links(self, values: list[str]) -> None:
		self.names = set(map(cstr, frappe.get_all(self.df.options, {"name": ("in", values)}, pluck="name")))
		missing = ", ".join(value for value in values if value not in self.names)
		if missing:
			message = _("The following values do not exist for {0}: {1}").format(self.df.options, missing)
			self.warn(message)

	def check_options(self, values: list[str]) -> None:
		options = self.get_options()
		invalid = [value for value in values if options and value not in options]
		if invalid:
			message = _("The following values are invalid: {0}. Values must be one of {1}")
			self.warn(message.format(_in_bold(invalid), _in_bold(options)))

	def set_date_format(self, values: list[str]) -> None:
		"""Take the format that most of the values have."""
		formats = Counter(filter(None, map(guess_date_format, values)))
		self.date_format = formats.most_common(1)[0][0] if formats else DEFAULT_FORMATS[self.df.fieldtype]
		if len(formats) > 1:
			shown = frappe.bold(_for_people(self.date_format))
			self.inform(_("The column {0} has different date formats, {1} is taken.").format("{0}", shown))

	def get_problem(self, value: str) -> str | None:
		"""Return why a value cannot go into the field, None if it can."""
		fieldtype = self.df.fieldtype
		if fieldtype == "Link" and value not in self.names:
			return _("Value {0} missing for {1}").format(frappe.bold(value), frappe.bold(self.df.options))
		if fieldtype == "Select" and self.get_options() and value not in self.get_options():
			return _("Value must be one of {0}").format(_in_bold(self.get_options()))
		if fieldtype in ("Date", "Datetime") and isinstance(self.parse_date(value), str):
			shown = frappe.bold(_for_people(self.date_format))
			return _("Value {0} must in {1} format").format(frappe.bold(value), shown)
		if fieldtype == "Duration" and not DURATION_PATTERN.match(value):
			message = _("Value {0} must be in the valid duration format: d h m s")
			return message.format(frappe.bold(value))
		return None

	def parse(self, value: str):
		"""Return the text in the file as the value of the field."""
		parsers = {
			"Check": lambda text: CHECK_WORDS.get(text.lower(), cint(text)),
			"Int": cint,
			"Float": flt,
			"Percent": flt,
			"Currency": flt,
			"Date": self.parse_date,
			"Datetime": self.parse_date,
			"Duration": duration_to_seconds,
		}
		return parsers.get(self.df.fieldtype, cstr)(value)

	def parse_date(self, value: str) -> datetime.datetime | str:
		try:
			return datetime.datetime.strptime(value, self.date_format)
		except ValueError:
			return value

	def get_options(self) -> list[str]:
		return [option for option in (self.df.options or "").split("\n") if option]

	def warn(self, message: str) -> None:
		self.warnings.append({"col": self.index + 1, "message": message, "type": "warning"})

	def inform(self, message: str) -> None:
		text = message.format(frappe.bold(self.title))
		self.warnings.append({"col": self.index + 1, "message": text, "type": "info"})


def get_fields_by_title(doctype: str) -> dict[str, tuple]:
	"""Return field and table field by every title a column can have.

	A field is `Label`, `fieldname` or `Label (fieldname)`; one of a child table is `Label (Table Label)` or
	`table_fieldname.fieldname`; the name is `ID`."""
	meta = frappe.get_meta(doctype)
	titles = {}
	for df in _fields(meta):
		titles.setdefault((df.label or "").strip(), (df, None))
		titles[df.fieldname] = titles[f"{df.label} ({df.fieldname})"] = (df, None)
	for table in meta.get_table_fields():
		for df in _fields(frappe.get_meta(table.options)):
			titles[f"{table.fieldname}.{df.fieldname}"] = titles[f"{df.label} ({table.label})"] = (df, table)
	named_by = get_id_field(doctype)
	if named_by.fieldname != "name":
		titles[f"ID ({named_by.label})"] = (named_by, None)
	titles["ID"] = titles["name"] = (named_by, None)
	return titles


def get_id_field(doctype: str):
	"""Return the field that names the records of a DocType, else one for the name itself."""
	meta = frappe.get_meta(doctype)
	fieldname = (meta.autoname or "").removeprefix("field:")
	return (meta.get_field(fieldname) if fieldname != meta.autoname else None) or ID_FIELD


def _fields(meta) -> list:
	standard = () if meta.istable else STANDARD_FIELDS
	return [ID_FIELD, *standard, *(df for df in meta.fields if df.fieldtype not in no_value_fields)]


def _in_bold(values: list[str]) -> str:
	return ", ".join(map(frappe.bold, values))


def _for_people(date_format: str) -> str:
	for code, letters in (("%Y", "yyyy"), ("%y", "yy"), ("%m", "mm"), ("%d", "dd")):
		date_format = date_format.replace(code, letters)
	return date_format


ID_FIELD = frappe._dict(label="ID", fieldname="name", fieldtype="Data")
STANDARD_FIELDS = (
	frappe._dict(label="Owner", fieldname="owner", fieldtype="Data"),
	frappe._dict(label="Document Status", fieldname="docstatus", fieldtype="Int"),
)
