"""Values as people read them: dates, times and money in the formats of the site."""

import re

import babel.dates
import frappe
from frappe.utils.dates import get_datetime, getdate
from frappe.utils.numbers import cint, flt

INDIAN_GROUPS = re.compile(r"(?<=\d)(?=(\d\d)*\d{3}(?!\d)(\.|$))")


def format_date(string_date=None, format_string: str | None = None) -> str:
	"""Return a date in a format such as dd-mm-yyyy, the user's by default; "" for nothing."""
	if not string_date:
		return ""
	return _format(babel.dates.format_date, getdate(string_date), _date_pattern(format_string))


formatdate = format_date


def format_datetime(datetime_string, format_string: str | None = None) -> str | None:
	if not datetime_string:
		return None
	time_pattern = frappe.db.get_default("time_format") or "HH:mm:ss"
	pattern = format_string or f"{_date_pattern()} {time_pattern}"
	return _format(babel.dates.format_datetime, get_datetime(datetime_string), pattern)


def _date_pattern(pattern: str | None = None) -> str:
	pattern = pattern or frappe.db.get_default("date_format") or "yyyy-mm-dd"
	return pattern.replace("mm", "MM").replace("Y", "y")


def _format(babel_function, value, pattern: str) -> str:
	return babel_function(value, pattern, locale="en")


def get_number_format_info(format: str) -> tuple[str, str, int]:
	"""Return decimal mark, thousands separator and decimals of a format such as #.###,##.

	A single mark before three digits separates thousands: there are no decimals then."""
	marks = re.findall("[^#]+", format)
	decimals = len(format) - len(format.rstrip("#"))
	if len(marks) == 1:
		return ("", marks[0], 0) if decimals == 3 else (marks[0], "", decimals)
	return marks[-1], marks[0], decimals


def fmt_money(amount, precision: int | None = None, currency: str | None = None) -> str:
	"""Return an amount grouped and rounded in the site's number format, with its symbol."""
	number_format = frappe.db.get_default("number_format") or "#,###.##"
	decimal_mark, separator, format_precision = get_number_format_info(number_format)
	if precision is None:
		precision = cint(frappe.db.get_default("currency_precision")) or format_precision

	amount = flt(amount, precision) if isinstance(amount, str) else (amount or 0)
	if decimal_mark and precision > 2:
		precision = _shown_decimals(amount, precision, currency, format_precision)
	text = f"{abs(round(flt(amount), precision)):,.{precision if decimal_mark else 0}f}"
	if number_format == "#,##,###.##":
		text = INDIAN_GROUPS.sub(",", text.replace(",", ""))
	text = text.translate({ord(","): separator, ord("."): decimal_mark})
	if text != "0" and flt(amount, precision) < 0:
		text = f"-{text}"
	return _with_symbol(text, currency)


def _shown_decimals(amount, precision: int, currency: str | None, format_precision: int) -> int:
	"""Keep only the decimals that say something, but never fewer than the currency has."""
	used = len(str(round(amount % 1, precision)).partition(".")[2])
	if used >= 3:
		return min(used, precision)
	if not currency:
		return format_precision
	fraction = frappe.db.get_value("Currency", currency, "fraction_units", cache=True) or 100
	return len(str(fraction)) - 1


def _with_symbol(text: str, currency: str | None) -> str:
	if not currency or frappe.db.get_default("hide_currency_symbol") == "Yes":
		return text
	found = frappe.db.get_value("Currency", currency, ["symbol", "symbol_on_right"], cache=True)
	symbol, on_right = found or (None, 0)
	symbol = frappe._(symbol or currency)
	return f"{text} {symbol}" if on_right else f"{symbol} {text}"
