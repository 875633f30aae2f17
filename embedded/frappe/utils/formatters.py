"""Values as a form or a print shows them, by field type."""

import datetime
import re

import frappe
from frappe.utils.display import fmt_money, format_datetime, format_duration, format_time, formatdate
from frappe.utils.numbers import cint, flt
from frappe.utils.text import cstr

BLOCK_TAG = re.compile("<br|<div|<p")
TYPES = (
	(datetime.datetime, "Datetime"),
	(datetime.date, "Date"),
	(datetime.timedelta, "Time"),
	(int, "Int"),
	(float, "Float"),
)


def format_value(value, df=None, doc=None, currency=None, translated: bool = False, format=None):
	"""Return a value formatted for its field, given as a field, a dict, a type or left to be guessed.

	:param doc: the document, where the field's currency or precision depends on it"""
	df = _as_field(df, value)
	if value is None:
		value = ""
	elif translated:
		value = frappe._(value)
	if not value and df.print_hide_if_no_value and df.fieldtype in ("Int", "Float", "Currency", "Percent"):
		return ""
	formatter = FORMATTERS.get(df.fieldtype)
	return formatter(value, df, doc, currency, format) if formatter else value


def _as_field(df, value) -> "frappe._dict":
	if isinstance(df, str):
		return frappe._dict(fieldtype=df)
	if df:
		return frappe._dict(df if isinstance(df, dict) else df.as_dict())
	return frappe._dict(fieldtype=next((name for kind, name in TYPES if isinstance(value, kind)), "Data"))


def _currency(value, df, doc, currency, format):
	from frappe.model.meta import get_field_currency, get_field_precision

	currency = currency or get_field_currency(df, doc) or frappe.db.get_default("currency")
	return fmt_money(value, precision=get_field_precision(df, doc), currency=currency, format=format)


def _float(value, df, doc, currency, _format):
	from frappe.model.meta import get_field_currency, get_field_precision

	precision = get_field_precision(df, doc)
	if not df.options and not cint(cstr(value).partition(".")[2]):
		precision = 0
	return fmt_money(value, precision=precision, currency=currency or get_field_currency(df, doc))


def _text(value, *_):
	return value if BLOCK_TAG.search(value) else cstr(value).replace("\n", "<br>")


def _links(rows, df, *_):
	link = next(field for field in frappe.get_meta(df.options).fields if field.fieldtype == "Link")
	return ", ".join(cstr(row.get(link.fieldname)) for row in rows)


FORMATTERS = {
	"Date": lambda value, *_: formatdate(value),
	"Datetime": lambda value, *_: format_datetime(value),
	"Time": lambda value, *_: format_time(value),
	"Currency": _currency,
	"Float": _float,
	"Percent": lambda value, *_: f"{flt(value, 2)}%",
	"Text": _text,
	"Small Text": _text,
	"Table MultiSelect": _links,
	"Duration": lambda value, df, *_: format_duration(value, df.hide_days),
	"Text Editor": lambda value, *_: f"<div class='ql-snow'>{value}</div>",
	"Select": lambda value, *_: frappe._(value) if isinstance(value, str) else value,
}
