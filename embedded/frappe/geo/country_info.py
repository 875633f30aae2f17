"""Countries and currencies: the facts come from Unicode's CLDR (babel), the names are those Frappe uses."""

from babel import Locale, numbers
from babel.core import get_global

LANGUAGE = "en"
NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
NAMES = {
	"AG": "Antigua and Barbuda",
	"BA": "Bosnia and Herzegovina",
	"BN": "Brunei Darussalam",
	"BO": "Bolivia, Plurinational State of",
	"BQ": "Bonaire, Sint Eustatius and Saba",
	"BL": "Saint Barthélemy",
	"CD": "Congo, The Democratic Republic of the",
	"CG": "Congo",
	"CI": "Ivory Coast",
	"CZ": "Czech Republic",
	"FK": "Falkland Islands (Malvinas)",
	"FM": "Micronesia, Federated States of",
	"GS": "South Georgia and the South Sandwich Islands",
	"HK": "Hong Kong",
	"HM": "Heard Island and McDonald Islands",
	"KN": "Saint Kitts and Nevis",
	"KP": "Korea, Democratic Peoples Republic of",
	"KR": "Korea, Republic of",
	"LA": "Lao Peoples Democratic Republic",
	"LC": "Saint Lucia",
	"MD": "Moldova, Republic of",
	"MF": "Saint Martin (French part)",
	"MK": "Macedonia",
	"MM": "Myanmar",
	"MO": "Macao",
	"PM": "Saint Pierre and Miquelon",
	"PN": "Pitcairn",
	"PS": "Palestinian Territory, Occupied",
	"RU": "Russian Federation",
	"SH": "Saint Helena, Ascension and Tristan da Cunha",
	"SJ": "Svalbard and Jan Mayen",
	"ST": "Sao Tome and Principe",
	"SX": "Sint Maarten (Dutch part)",
	"SZ": "Swaziland",
	"TC": "Turks and Caicos Islands",
	"TR": "Turkey",
	"TT": "Trinidad and Tobago",
	"UM": "United States Minor Outlying Islands",
	"VA": "Holy See (Vatican City State)",
	"VC": "Saint Vincent and the Grenadines",
	"VE": "Venezuela, Bolivarian Republic of",
	"VG": "Virgin Islands, British",
	"VI": "Virgin Islands, U.S.",
	"WF": "Wallis and Futuna",
}
NUMBER_FORMATS = {0: "#,###", 2: "#,###.##", 3: "#,###.###"}
SYMBOLS = {"AED": "د.إ", "AUD": "$", "CHF": "Fr", "CNY": "¥"}


def get_countries() -> list[dict]:
	"""Return the name and code of every country."""
	territories = Locale(LANGUAGE).territories
	codes = sorted(code for code in territories if len(code) == 2 and code not in NO_COUNTRIES)
	return [{"country_name": NAMES.get(code, territories[code]), "code": code.lower()} for code in codes]


def get_currencies() -> list[dict]:
	"""Return code, symbol, fraction units and number format of every currency in use today."""
	in_use = {
		currency
		for periods in get_global("territory_currencies").values()
		for currency, _start, end, is_tender in periods
		if not end and is_tender
	}
	return [_currency(code) for code in sorted(in_use)]


def _currency(code: str) -> dict:
	decimals = numbers.get_currency_precision(code)
	number_format = "#,##,###.##" if code == "INR" else NUMBER_FORMATS.get(decimals, "#,###.##")
	symbol = SYMBOLS.get(code) or numbers.get_currency_symbol(code, locale=LANGUAGE)
	return {
		"currency_name": code,
		"symbol": symbol,
		"fraction_units": 10**decimals if decimals else 0,
		"number_format": number_format,
	}
