"""Numbers and days as people of a language write and read them, whatever format the site has."""

from datetime import date, datetime
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, get_decimal_symbol
from frappe.utils import flt

WITH_POINT, WITH_COMMA = "#,###.##", "#.###,##"  # number formats of Frappe
MOST_PLACES = 9


def locale_of(language: str) -> Locale:
	"""Return what is known of a language, or of English where nothing is."""
	for code in (language.replace("-", "_"), language.replace("_", "-").partition("-")[0], "en"):
		try:
			return Locale.parse(code)
		except (ValueError, UnknownLocaleError):
			continue
	raise ValueError(language)


def number_format_of(language: str) -> str:
	"""Return the number format of Frappe that says how people of a language write decimals."""
	symbol = get_decimal_symbol(locale_of(language))
	return WITH_COMMA if symbol == "," else WITH_POINT


def number_text(value: Any, language: str, places: int | None = None, grouped: bool = True) -> str:
	"""Return a number as people of a language write it, in our digits.

	Args:
		places: decimals to show; as many as there are if left out.
	"""
	pattern = "#,##0." if grouped else "0."
	pattern += "#" * MOST_PLACES if places is None else "0" * places
	return format_decimal(flt(value), pattern.rstrip("."), locale_of(language))


def day_text(day: date, language: str) -> str:
	"""Return a day with the name of its month."""
	return format_date(day, "long", locale_of(language))


def moment_text(moment: datetime, language: str) -> str:
	"""Return a day with the name of its month, and the time in hours and minutes, as the site's clock shows it."""
	return f"{day_text(moment.date(), language)}, {format_time(moment.time(), 'short', locale=locale_of(language))}"
