"""Sites set up after the installation kept amounts in a currency nobody had chosen, and could not name their own."""

import frappe

from crm_pipeline.money import site_currency


def execute() -> None:
	currency = frappe.db.get_default("currency")
	if not currency:
		return
	if frappe.db.count("Currency Exchange"):  # somebody has come to terms with it
		site_currency.enable(currency)
	else:
		site_currency.follow(currency)
