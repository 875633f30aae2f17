"""Values as people read them: dates, times and money in the formats of the site."""

from typing import Any

import babel.dates
import frappe
from frappe.utils.dates import get_datetime, getdate
from frappe.utils.numbers import cint, flt

NUMBER_FORMAT, DECIMALS = "#,###.##", 2


def format_date(string_date: Any = None, format_string: str | None = None) -> str:
	"""Return a date in a format such as dd-mm-yyyy, the user's by default; "" for nothing."""
	if not string_date:
		return ""
	return babel.dates.format_date(getdate(string_date), _date_pattern(format_string), locale=_locale())


formatdate = format_date


def format_datetime(datetime_string: Any, format_string: str | None = None) -> str | None:
	if not datetime_string:
		return None
	time_pattern = frappe.db.get_default("time_format") or "HH:mm:ss"
	pattern = format_string or f"{_date_pattern()} {time_pattern}"
	return babel.dates.format_datetime(get_datetime(datetime_string), pattern, locale=_locale())


def _locale() -> str:
	return (frappe.local.lang or "en").replace("-", "_")


def _date_pattern(pattern: str | None = None) -> str:
	pattern = pattern or frappe.db.get_default("date_format") or "yyyy-mm-dd"
	return pattern.replace("mm", "MM").replace("Y", "y")


def fmt_money(
	amount: Any, precision: int | None = None, currency: str | None = None, format: str | None = None
) -> str:
	"""Return an amount grouped and rounded, with its symbol."""
	if (format or frappe.db.get_default("number_format") or NUMBER_FORMAT) != NUMBER_FORMAT:
		raise frappe.missing(f"A number format other than {NUMBER_FORMAT}")
	if precision is None:
		precision = cint(frappe.db.get_default("currency_precision")) or DECIMALS
	amount = flt(amount, precision) if isinstance(amount, str) else (amount or 0)
	if precision > DECIMALS:
		precision = _shown_decimals(amount, precision, currency)
	rounded = round(flt(amount), precision) + 0.0  # which turns -0.0 into 0.0
	return _with_symbol(f"{rounded:,.{precision}f}", currency)


def _shown_decimals(amount: float, precision: int, currency: str | None) -> int:
	"""Keep only the decimals that say something, but never fewer than the currency has."""
	used = len(str(round(amount % 1, precision)).partition(".")[2])
	if used >= 3:
		return min(used, precision)
	if not currency:
		return DECIMALS
	fraction = frappe.db.get_value("Currency", currency, "fraction_units", cache=True) or 100
	return len(str(fraction)) - 1


def _with_symbol(text: str, currency: str | None) -> str:
	if not currency or frappe.db.get_default("hide_currency_symbol") == "Yes":
		return text
	found = frappe.db.get_value("Currency", currency, ["symbol", "symbol_on_right"], cache=True)
	symbol, on_right = found or (None, 0)
	symbol = frappe._(symbol or currency)
	return f"{text} {symbol}" if on_right else f"{symbol} {text}"
