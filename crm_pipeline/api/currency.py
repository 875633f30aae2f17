"""Exchange rates for forms that show totals while they are typed."""

import frappe
from frappe import _
from frappe.utils import today

from crm_pipeline.money.exchange_rates import base_currency, exchange_rate
from crm_pipeline.utils.validation import read_date


@frappe.whitelist(methods=["GET"])
def get_rate(currency: str, day: str | None = None) -> dict[str, float]:
	"""Return the rate of a currency to the base currency on `day` (YYYY-MM-DD, today if left out).

	Returns:
		`conversion_rate`, base currency per unit; `inverse_rate`, by which to divide instead if it is not 0.

	Raises:
		ExchangeRateMissing, BaseCurrencyMissing, ImpossibleDate
	"""
	frappe.has_permission("Currency Exchange", "read", throw=True)
	rate = exchange_rate(currency, base_currency(), read_date(day or today(), "Date", _("Date")))
	return {"conversion_rate": float(rate), "inverse_rate": rate.divisor}


# `get_rate` asks.
# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["GET"])
def get_conversion_rate(currency: str, day: str | None = None) -> float:
	"""Return the `conversion_rate` of `get_rate` alone."""
	return get_rate(currency, day)["conversion_rate"]
