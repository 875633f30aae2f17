"""How documents get their names."""

import datetime
import re
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cint, cstr, now_datetime

if TYPE_CHECKING:
	from frappe.model.base_document import BaseDocument
	from frappe.model.document import Document

SERIES_PATTERN = re.compile(r"^[\w\- \/.#{}]+$")
BRACED_PATTERN = re.compile(r"\{([\w |#]+)\}")
NAME_PART_TYPES = (int, str, datetime.date)
DATE_CODES = {"YY": "%y", "YYYY": "%Y", "MM": "%m", "DD": "%d"}
BENCH_ONLY_CODES = ("WW", "timestamp")


def set_new_name(doc: "BaseDocument") -> None:
	"""Name a document: amended from another, single, by its `autoname` method, by the DocType's rule, else at random."""
	doc.run_method("before_naming")
	if doc.get("amended_from"):
		doc.name = _amended_name(doc)
	elif doc.meta.issingle:
		doc.name = doc.doctype
	elif not frappe.flags.in_import and (doc.meta.autoname or "").lower() != "prompt":
		doc.name = None
	for give_name in (_name_by_document_rule, _name_by_controller, _name_by_rule):
		if not doc.name:
			give_name(doc)
	doc.name = validate_name(doc.doctype, doc.name or make_autoname("hash"))


def _name_by_controller(doc: "BaseDocument") -> None:
	doc.run_method("autoname")


def _name_by_document_rule(doc: "Document") -> None:
	"""Let the Document Naming Rule of the DocType name a document, if the site has one."""
	if doc.meta.istable or frappe.flags.in_install or frappe.flags.in_migrate:
		return
	filters = {"document_type": doc.doctype, "disabled": 0}
	for name in frappe.get_all("Document Naming Rule", filters, order_by="priority desc", pluck="name"):
		frappe.get_doc("Document Naming Rule", name).apply(doc)
		return


def _name_by_rule(doc: "BaseDocument") -> None:
	autoname = doc.meta.autoname or "hash"
	kind, _colon, rule = autoname.partition(":")
	if kind == "field":
		doc.name = cstr(doc.get(rule)).strip()
		if not doc.name:
			frappe.throw(_("{0} is required").format(doc.meta.get_label(rule)))
	elif kind == "naming_series":
		doc.naming_series = doc.naming_series or _default_series(doc)
		doc.name = make_autoname(f"{doc.naming_series}.#####", doc=doc)
	elif kind.lower() == "prompt":
		frappe.throw(_("Please set the document name"))
	elif kind == "format":
		doc.name = BRACED_PATTERN.sub(lambda match: parse_naming_series([match[1]], doc), rule)
	elif "#" in autoname:
		doc.name = make_autoname(autoname, doc=doc)
	elif kind != "hash":
		raise frappe.missing(f"Naming by {autoname!r}")


def _default_series(doc: "Document") -> str:
	options = (doc.meta.get_field("naming_series").options or "").split("\n")
	return next(filter(None, options), None) or frappe.throw(_("Naming Series mandatory"))


def make_autoname(key: str, doc: "Document | None" = None) -> str:
	"""The next name of a series such as `CRM-.YYYY.-.####`, or a random one of ten characters for the key `hash`."""
	if key == "hash":
		return frappe.generate_hash(length=10)
	if "#" not in key:
		key += ".#####"
	if "." not in key or not SERIES_PATTERN.match(key):
		frappe.throw(_("Invalid naming series {0}").format(frappe.bold(key)))
	return parse_naming_series(key.split("."), doc)


def parse_naming_series(parts: list[str], doc: "Document | None" = None) -> str:
	"""Put a series' parts together: date codes, fields, fixed text, and one number counted per prefix."""
	name, counted = "", False
	for part in filter(None, parts):
		if not part.startswith("#"):
			name += _series_part(part, doc)
		elif not counted:
			name, counted = name + _count_up(name, len(part)), True
	return name


def _series_part(part: str, doc: "Document") -> str:
	if part in DATE_CODES:
		return now_datetime().strftime(DATE_CODES[part])
	if part in BENCH_ONLY_CODES:
		raise frappe.missing(f"{part} in a naming series")
	if doc and (part.startswith("{") or part in doc.__dict__):
		value = doc.get(part.strip("{}"))
		return cstr(value).strip() if isinstance(value, NAME_PART_TYPES) else ""
	return part


def _count_up(prefix: str, digits: int) -> str:
	current = frappe.db.sql(
		"insert into `tabSeries` (name, current) values (%s, 1)"
		" on conflict (name) do update set current = current + 1 returning current",
		(prefix,),
	)[0][0]
	return str(current).zfill(digits)


def revert_series_if_last(doc: "Document") -> None:
	"""Count a document's series down again when its name was the last that was given."""
	autoname = doc.meta.autoname or ""
	series = doc.get("naming_series") if autoname.startswith("naming_series:") else autoname
	if series and ("#" in series or series != autoname) and not autoname.startswith("format:"):
		prefix = parse_naming_series(series.split("#")[0].split("."), doc)
		count = cint(doc.name.removeprefix(prefix))
		statement = "update `tabSeries` set current = current - 1 where name = %s and current = %s"
		frappe.db.sql(statement, (prefix, count))


def validate_name(doctype: str, name: str | int | None) -> str:
	"""
	:raises frappe.NameError: for a name no document may have."""
	if not name:
		frappe.throw(_("No Name Specified for {0}").format(doctype))
	refusal, given = None, str(name).strip()
	if isinstance(name, int):
		refusal = _("Invalid name type (integer) for varchar name column")
	elif given == doctype != "DocType" and not frappe.get_meta(doctype).issingle:
		refusal = _("Name of {0} cannot be {1}").format(doctype, given)
	elif set("<>").intersection(given):
		refusal = _("Name cannot contain special characters like {0}").format("'<', '>'")
	return frappe.throw(refusal, frappe.NameError) if refusal else given


def append_number_if_name_exists(doctype: str, value: str, *, separator: str = "-") -> str:
	"""`value`, or `value-1`, `value-2` ... where it is taken already."""
	if not frappe.db.exists(doctype, value):
		return value
	start = f"{value}{separator}"
	taken = frappe.get_all(doctype, {"name": ["like", f"{start}%"]}, pluck="name", order_by=None)
	numbers = [int(each[len(start) :]) for each in taken if each[len(start) :].isdecimal()]
	return f"{start}{max(numbers, default=0) + 1}"


def _amended_name(doc: "Document") -> str:
	"""NAME-1 for the first amendment, NAME-2 for the amendment of that."""
	base, number = doc.amended_from, 0
	if frappe.db.get_value(doc.doctype, doc.amended_from, "amended_from"):
		base, _dash, last = doc.amended_from.rpartition("-")
		number = cint(last)
	return f"{base}-{number + 1}"
