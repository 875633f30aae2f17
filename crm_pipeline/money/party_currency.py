"""The currency that customers and suppliers are billed in, taken for new documents that come without one."""

import frappe
from frappe.model.document import Document
from frappe.utils import getdate, today

from crm_pipeline.money.exchange_rates import base_currency, has_rate
from crm_pipeline.parties.contact_details import party_of
from crm_pipeline.utils.prepared import look_up

FIELD = "default_currency"


def default_from_party(doc: Document) -> None:
	"""Give a new document that comes without currency that of its party.

	Frappe would fill in the site's next. What the software makes, as from a mail, never waits for a rate.
	"""
	if doc.currency:
		return
	currency = currency_of(*party_of(doc))
	if currency and not (doc.flags.by_software and _lacks_rate(currency)):
		doc.currency = currency


def currency_of(party_type: str | None, party: str | None) -> str | None:
	"""Return the currency that a party is billed in; None if none is recorded."""
	if not (party_type and party and isinstance(party_type, str) and isinstance(party, str)):
		return None
	if not frappe.db.exists("DocType", party_type, cache=True) or not frappe.get_meta(party_type).has_field(
		FIELD
	):
		return None
	known = look_up(party_type, party, [FIELD])
	return known[FIELD] if known else None


def _lacks_rate(currency: str) -> bool:
	return not has_rate(currency, base_currency(), getdate(today()))
