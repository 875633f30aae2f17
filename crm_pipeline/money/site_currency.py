"""The site's own currency: amounts are kept in it from the first one on, and people can choose it."""

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from crm_pipeline.utils.bulk_sql import update_where

SETTINGS = "Selling Settings"
FALLBACK_CURRENCY = "USD"  # of a site that has not been asked yet
VALUE_FIELDS = {
	"Opportunity": ("opportunity_amount", "close_revenue"),
	"Quotation": ("net_total",),
	"Supplier Quotation": ("net_total",),
}
PRICE_FIELDS = {
	"Item": ("standard_rate",),
	"Opportunity Item": ("rate",),
	"Quotation Item": ("rate",),
	"Supplier Quotation Item": ("rate",),
	"Sales Taxes and Charges": ("tax_amount",),
}


def follow_wizard(answers: dict) -> None:
	"""Take over the currency chosen in the setup wizard, which may come after the installation."""
	if currency := answers.get("currency"):
		follow(currency)


def follow_system_settings(doc: Document, method: str | None = None) -> None:
	"""Follow the site's default currency as long as the base currency was nothing but that."""
	if not doc.currency or not doc.has_value_changed("currency"):
		return
	before = doc.get_doc_before_save()
	former = before.currency if before and before.currency else FALLBACK_CURRENCY
	if frappe.db.get_single_value(SETTINGS, "base_currency") in (None, "", former):
		follow(doc.currency)
	else:
		enable(doc.currency)


def follow(currency: str) -> None:
	"""Let people choose a currency and, unless amounts are kept in another one already, keep them in it."""
	enable(currency)
	settings = frappe.get_doc(SETTINGS)
	if settings.base_currency == currency or has_amounts():
		return
	settings.base_currency = currency
	settings.flags.ignore_permissions = True  # whoever sets up the site need not sell
	settings.save()


def enable(currency: str) -> None:
	"""Let people choose a currency: Frappe enables nine only, hides the others and shows them without symbol."""
	if not frappe.db.exists("Currency", {"name": currency, "enabled": 0}):
		return
	doc = frappe.get_doc("Currency", currency)
	doc.enabled = 1
	doc.flags.ignore_permissions = True  # the site's own currency is nobody's to withhold
	doc.save()


def has_amounts() -> bool:
	"""Tell whether any document holds an amount or a price, which a base currency gives its meaning."""
	return any(
		frappe.db.exists(doctype, {field: ["!=", 0]})
		for doctype, fields in {**VALUE_FIELDS, **PRICE_FIELDS}.items()
		for field in fields
	)


def move_documents(former: str, currency: str) -> None:
	"""Bring documents that hold no amount yet along to another base currency."""
	stamp = {"modified": now_datetime(), "modified_by": frappe.session.user}
	for doctype in VALUE_FIELDS:
		table = frappe.qb.DocType(doctype)
		update_where(table, table.currency == former, {"currency": currency, **stamp})
		update_where(table, table.currency == currency, {"conversion_rate": 1, "inverse_rate": 0, **stamp})
		update_where(table, table.base_currency == former, {"base_currency": currency, **stamp})
		frappe.clear_document_cache(doctype)
	opportunity = frappe.qb.DocType("Opportunity")
	update_where(
		opportunity, opportunity.close_revenue_currency == former, {"close_revenue_currency": currency}
	)
