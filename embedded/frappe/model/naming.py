"""How documents get their names."""

import datetime
import re
import secrets
import time
from base64 import b32hexencode
from collections.abc import Callable

import frappe
from frappe import _
from frappe.utils import cint, cstr, now_datetime

SERIES_PATTERN = re.compile(r"^[\w\- \/.#{}]+$", re.UNICODE)
BRACED_PATTERN = re.compile(r"\{([\w |#]+)\}")
UNSET = object()
NAME_PART_TYPES = (int, str, datetime.date, datetime.time, datetime.timedelta)


class InvalidNamingSeriesError(frappe.ValidationError):
	pass


class NamingSeries:
	"""A series such as `CRM-.YYYY.-.####`; without a # it counts with five digits."""

	def __init__(self, series: str):
		self.series = series if "#" in series else f"{series}.#####"

	def validate(self) -> None:
		if "." not in self.series:
			frappe.throw(
				_("Invalid naming series {}: dot (.) missing").format(frappe.bold(self.series)),
				InvalidNamingSeriesError,
			)
		if not SERIES_PATTERN.match(self.series):
			message = _("Special Characters except '-', '#', '.', '/', '{{' and '}}' not allowed in naming series {0}")
			frappe.throw(message.format(frappe.bold(self.series)), InvalidNamingSeriesError)

	def generate_next_name(self, doc, *, ignore_validate: bool = False) -> str:
		if not ignore_validate:
			self.validate()
		return parse_naming_series(self.series, doc=doc)

def set_new_name(doc) -> None:
	"""Name a document: amended from another, single, by its `autoname` method, by the DocType's rule, else at random."""
	doc.run_method("before_naming")
	autoname = doc.meta.autoname or ""
	if autoname.lower() != "prompt" and not frappe.flags.in_import:
		doc.name = None
	if is_autoincremented(doc.doctype):
		doc.name = cint(frappe.db.sql(f"select coalesce(max(name), 0) + 1 from `tab{doc.doctype}`")[0][0])
		return
	if doc.get("amended_from"):
		doc.name = _amended_name(doc)
	elif doc.meta.issingle:
		doc.name = doc.doctype
	if not doc.name:
		doc.run_method("autoname")
	if not doc.name and autoname:
		_name_by_rule(doc, autoname)
	doc.name = validate_name(doc.doctype, doc.name or make_autoname("hash", doc.doctype))


def _name_by_rule(doc, autoname: str) -> None:
	kind = autoname.lower()
	if kind.startswith("field:"):
		fieldname = autoname[len("field:") :]
		doc.name = cstr(doc.get(fieldname)).strip()
		if not doc.name:
			frappe.throw(_("{0} is required").format(doc.meta.get_label(fieldname)))
	elif kind.startswith("naming_series:"):
		set_name_by_naming_series(doc)
	elif kind.startswith("prompt"):
		frappe.throw(_("Please set the document name"))
	elif kind.startswith("format:"):
		pattern = autoname.split(":", 1)[1]
		doc.name = BRACED_PATTERN.sub(lambda match: parse_naming_series([match[1]], doc=doc), pattern)
	elif "#" in autoname:
		doc.name = make_autoname(autoname, doc=doc)


def set_name_by_naming_series(doc) -> None:
	doc.naming_series = doc.naming_series or get_default_naming_series(doc.doctype)
	if not doc.naming_series:
		frappe.throw(_("Naming Series mandatory"))
	doc.name = make_autoname(f"{doc.naming_series}.#####", "", doc)


def is_autoincremented(doctype: str, meta=None) -> bool:
	meta = meta or frappe.get_meta(doctype)
	return not meta.issingle and meta.autoname == "autoincrement"


def make_autoname(key: str = "", doctype: str = "", doc="", *, ignore_validate: bool = False) -> str:
	"""The next name of a series, or a random one of ten characters for the key `hash`."""
	if key == "hash":
		return _sortable_hash()
	return NamingSeries(key).generate_next_name(doc, ignore_validate=ignore_validate)


def _sortable_hash() -> str:
	"""Three characters of the time, so that names made together stand together, then seven at random."""
	ticks = int(time.time() * 10) % 32**3
	stamp = b32hexencode(ticks.to_bytes(5, "big")).decode()[-3:]
	return (stamp + b32hexencode(secrets.token_bytes(5)).decode()[:7]).lower()


def parse_naming_series(
	parts: list[str] | str,
	doctype: str | None = None,
	doc=None,
	number_generator: Callable[[str, int], str] | None = None,
) -> str:
	"""Put a series' parts together: date codes, fields, fixed text, and one number counted per prefix."""
	number_generator = number_generator or getseries
	name, counted = "", False
	for part in parts.split(".") if isinstance(parts, str) else parts:
		if part.startswith("#"):
			name += "" if counted else number_generator(name, len(part))
			counted = True
		elif part:
			name += _series_part(part, doc)
	return name


def _series_part(part: str, doc) -> str:
	moment = now_datetime()
	codes = {"YY": "%y", "YYYY": "%Y", "MM": "%m", "DD": "%d"}
	if part in codes:
		return moment.strftime(codes[part])
	if part in ("WW", "timestamp"):
		raise NotImplementedError(f"{part} in a naming series is missing in the embedded host; a bench has it")
	if doc and (part.startswith("{") or doc.get(part, UNSET) is not UNSET):
		value = doc.get(part.strip("{}"))
		return cstr(value).strip() if isinstance(value, NAME_PART_TYPES) else ""
	parser = frappe.get_hooks("naming_series_variables", {}).get(part)
	return cstr(frappe.get_attr(parser[0])(doc, part)) if parser else part


def getseries(key: str, digits: int) -> str:
	"""Count the series up and return its number, padded with zeros."""
	current = frappe.db.sql(
		"insert into `tabSeries` (name, current) values (%s, 1)"
		" on conflict (name) do update set current = current + 1 returning current",
		(key,),
	)[0][0]
	return str(current).zfill(digits)


def revert_series_if_last(key: str, name: str, doc=None) -> None:
	"""Count the series down again when `name` was the last it gave."""
	number = re.search(r"\.?(#+)\.?", key)
	prefix, suffix = (key[: number.start()], key[number.end() :]) if number else (key, "")
	prefix = parse_naming_series(prefix, doc=doc)
	suffix = parse_naming_series(suffix, doc=doc) if suffix else ""
	count = cint(name.removeprefix(prefix).removesuffix(suffix))
	frappe.db.sql("update `tabSeries` set current = current - 1 where name = %s and current = %s", (prefix, count))


def get_default_naming_series(doctype: str) -> str | None:
	return next(filter(None, frappe.get_meta(doctype).get_naming_series_options()), None)


def validate_name(doctype: str, name) -> str | int:
	"""
	:raises frappe.NameError: for a name no document may have."""
	if not name:
		frappe.throw(_("No Name Specified for {0}").format(doctype))
	if isinstance(name, int):
		if not is_autoincremented(doctype):
			frappe.throw(_("Invalid name type (integer) for varchar name column"), frappe.NameError)
		return name
	if name.startswith(f"New {doctype}"):
		message = _("There were some errors setting the name, please contact the administrator")
		frappe.throw(message, frappe.NameError)
	name = name.strip()
	if not frappe.get_meta(doctype).issingle and doctype == name and name != "DocType":
		frappe.throw(_("Name of {0} cannot be {1}").format(doctype, name), frappe.NameError)
	if "<" in name or ">" in name:
		frappe.throw(_("Name cannot contain special characters like {0}").format("'<', '>'"), frappe.NameError)
	return name


def append_number_if_name_exists(
	doctype: str, value: str, fieldname: str = "name", separator: str = "-", filters: dict | None = None
) -> str:
	"""`value`, or `value-1`, `value-2` ... where it is taken already."""
	if not frappe.db.exists(doctype, {**(filters or {}), fieldname: value}):
		return value
	last = frappe.db.sql(
		f"select `{fieldname}` from `tab{doctype}` where `{fieldname}` regexp %s"
		f" order by length(`{fieldname}`) desc, `{fieldname}` desc limit 1",
		(f"^{re.escape(value)}{separator}\\d+$",),
	)
	count = cint(last[0][0].rsplit(separator, 1)[1]) + 1 if last else 1
	return f"{value}{separator}{count}"


def _amended_name(doc) -> str:
	"""NAME-1 for the first amendment, NAME-2 for the amendment of that."""
	base, number = doc.amended_from, 0
	if frappe.db.get_value(doc.doctype, doc.amended_from, "amended_from"):
		base, _dash, last = doc.amended_from.rpartition("-")
		number = cint(last)
	return f"{base}-{number + 1}"
