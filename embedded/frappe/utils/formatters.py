"""Values as a form or a print shows them, by field type."""

import re
from typing import TYPE_CHECKING, Any

import frappe
from frappe.types import _dict
from frappe.utils.display import fmt_money, format_datetime, formatdate
from frappe.utils.numbers import cint, flt
from frappe.utils.text import cstr

if TYPE_CHECKING:
	from frappe.model.document import Document

BLOCK_TAG = re.compile("<br|<div|<p")


def format_value(
	value: Any,
	df: _dict | None = None,
	doc: "Document | None" = None,
	currency: str | None = None,
	translated: bool = False,
	format: str | None = None,
) -> Any:
	"""Return a value formatted for its field, given as a dict or by its type.

	:param doc: the document, where the field's currency or precision depends on it"""
	df = frappe._dict(fieldtype=df) if isinstance(df, str) else frappe._dict(df)
	value = "" if value is None else value
	if translated:
		raise frappe.missing("frappe.format_value with translated")
	if df.fieldtype in ("Currency", "Float"):
		return _number(value, df, doc, currency, format)
	return FORMATTERS[df.fieldtype](value) if df.fieldtype in FORMATTERS else value


format = format_value  # as frappe.format


def _number(value: Any, df: _dict, doc: "Document", currency: str, format: str) -> str:
	"""An amount always has its decimals; of a plain number, zeros behind the point are left out."""
	from frappe.model.meta import get_field_currency, get_field_precision

	precision, currency = get_field_precision(df), currency or get_field_currency(df, doc)
	if df.fieldtype == "Currency":
		currency = currency or frappe.db.get_default("currency")
	elif not df.options and not cint(cstr(value).partition(".")[2]):
		precision = 0
	return fmt_money(value, precision, currency, format)


def _text(value: str) -> str:
	return value if BLOCK_TAG.search(value) else cstr(value).replace("\n", "<br>")


FORMATTERS = {
	"Date": formatdate,
	"Datetime": format_datetime,
	"Percent": lambda value: f"{flt(value, 2)}%",
	"Text": _text,
	"Small Text": _text,
	"Text Editor": lambda value: f"<div class='ql-snow'>{value}</div>",
	"Select": lambda value: frappe._(value) if isinstance(value, str) else value,
}
