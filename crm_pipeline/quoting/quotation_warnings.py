"""What to know before a quotation is submitted that was made from suppliers' rates."""

from collections.abc import Callable, Iterator

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import date_diff, getdate, today

from crm_pipeline.money.exchange_rates import exchange_rate, has_rate
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.quoting.margin_floor import below_floor
from crm_pipeline.quoting.supplier_rows import disabled_among, rate_of, supplier_rows
from crm_pipeline.rules.margin import has_moved
from crm_pipeline.utils.markup import escaped

Offers = list[tuple[int, frappe._dict]]


def warnings_of(quotation: Document) -> list[dict]:
	"""Return what speaks against submitting a quotation, each with its `kind` and a `message` in HTML.

	Whoever may not read costs is told of the rows, but not which offers, days or rates are meant; nor whether the margin
	is below the floor: asked price by price, that would tell the cost.
	"""
	found = [{"kind": "margin", "message": below_floor(quotation)}] if _needs_a_pass(quotation) else []
	return found + _of_offers(quotation)


def show_warnings(quotation: Document) -> None:
	"""Show whoever submits what speaks against it, unless the form has asked them already."""
	if not quotation.get("__warnings_seen"):
		for warning in _of_offers(quotation):
			frappe.msgprint(warning["message"], title=_("Supplier Rates"), indicator="orange")


def _needs_a_pass(quotation: Document) -> bool:
	return is_readable("Quotation", "base_cost") and quotation.is_below_floor() and not quotation.is_passed()


def _of_offers(quotation: Document) -> list[dict]:
	rows = quotation.rows_with_cost()
	if not rows:
		return []
	stored = supplier_rows(row.supplier_quotation_item for row in rows)
	offers = [
		(row.idx, stored[row.supplier_quotation_item])
		for row in rows
		if row.supplier_quotation_item in stored
	]
	return [
		{"kind": kind, "message": _message(text, concerned)}
		for kind, text, concerned in _checks(quotation, offers)
		if concerned
	]


def _checks(quotation: Document, offers: Offers) -> Iterator[tuple[str, str, Offers]]:
	settings = frappe.get_cached_doc("Selling Settings")
	max_age, tolerance = settings.supplier_rate_days(), settings.rate_tolerance()
	moved = _moved_currencies(quotation.base_currency, offers, tolerance)
	gone = disabled_among(offer.supplier for _idx, offer in offers)
	checks: list[tuple[str, str, Callable[[frappe._dict], bool]]] = [
		("offer_ends", _("The supplier's offer ends before this quotation does"), _ends_before(quotation)),
		(
			"old_rates",
			_("The supplier's rate is older than {0} days").format(max_age),
			lambda offer: bool(max_age) and date_diff(today(), offer.transaction_date) > max_age,
		),
		(
			"exchange_rate",
			_("The exchange rate has moved since the supplier's offer"),
			lambda offer: offer.parent in moved,
		),
		("supplier", _("The supplier is disabled"), lambda offer: offer.supplier in gone),
		("cancelled", _("The supplier's quotation is cancelled"), lambda offer: offer.docstatus == 2),
		("draft", _("The supplier's quotation is still a draft"), lambda offer: offer.docstatus == 0),
	]
	for kind, text, applies in checks:
		yield kind, text, [(idx, offer) for idx, offer in offers if applies(offer)]


def _ends_before(quotation: Document) -> Callable[[frappe._dict], bool]:
	ours = quotation.valid_till and getdate(quotation.valid_till)

	def ends_before(offer: frappe._dict) -> bool:
		return bool(offer.valid_till) and (not ours or getdate(offer.valid_till) < ours)

	return ends_before


def _moved_currencies(base: str, offers: Offers, tolerance: float) -> set[str]:
	"""Return the supplier quotations whose currency is worth something else by now."""
	day = getdate(today())
	foreign = {offer.currency for _idx, offer in offers if offer.currency != base} if tolerance else set()
	now = {
		currency: exchange_rate(currency, base, day)
		for currency in sorted(foreign)
		if has_rate(currency, base, day)
	}
	return {
		offer.parent
		for _idx, offer in offers
		if offer.currency in now and has_moved(rate_of(offer), now[offer.currency], tolerance)
	}


def _message(text: str, offers: Offers) -> str:
	rows = ", ".join(_place(idx, offer) for idx, offer in offers)
	return f"{text}: {rows}."


def _place(idx: int, offer: frappe._dict) -> str:
	row = _("Row {0}").format(idx)
	if not is_readable("Quotation", "base_cost"):
		return row
	return f"{row} ({escaped(offer.supplier_name or offer.supplier)}, {escaped(offer.parent)})"
