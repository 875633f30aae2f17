"""What Desk knows from the start of a session."""

import frappe
from frappe.utils import cint

from crm_pipeline.rules import money


def add_to_boot(bootinfo) -> None:
	"""Give Desk the base currency, the party types and the decimals of the currencies that have not two."""
	settings = frappe.get_cached_doc("Selling Settings")
	bootinfo.crm_pipeline = {
		"base_currency": settings.base_currency,
		"party_types": [row.party_type for row in settings.party_types],
		"decimals": {currency: places for currency, places in decimals().items() if places != 2},
	}


def decimals() -> dict[str, int]:
	"""Decimal places of every currency on the site, in one query."""
	return {
		currency.name: money.decimals(currency.name, cint(currency.decimals) if currency.decimals else None)
		for currency in frappe.get_all("Currency", fields=["name", "decimals"])
	}
