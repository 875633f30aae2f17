"""Countries and currencies: the facts come from Unicode's CLDR (babel), the names are those Frappe uses."""

import json
from pathlib import Path

from babel import Locale, numbers
from babel.core import get_global

LANGUAGE = "en"
NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
NAMES = json.loads((Path(__file__).parent / "country_names.json").read_text("utf-8"))
SYMBOLS = {"AED": "د.إ", "AUD": "$", "CHF": "Fr", "CNY": "¥"}


def get_countries() -> list[dict]:
	"""Return the name and code of every country."""
	territories = Locale(LANGUAGE).territories
	codes = sorted(code for code in territories if len(code) == 2 and code not in NO_COUNTRIES)
	return [{"country_name": NAMES.get(code, territories[code]), "code": code.lower()} for code in codes]


def get_currencies() -> list[dict]:
	"""Return code, symbol and fraction units of every currency in use today."""
	in_use = {
		currency
		for periods in get_global("territory_currencies").values()
		for currency, _start, end, is_tender in periods
		if not end and is_tender
	}
	return [_currency(code) for code in sorted(in_use)]


def _currency(code: str) -> dict:
	decimals = numbers.get_currency_precision(code)
	symbol = SYMBOLS.get(code) or numbers.get_currency_symbol(code, locale=LANGUAGE)
	return {
		"currency_name": code,
		"symbol": symbol,
		"fraction_units": 10**decimals if decimals else 0,
	}
