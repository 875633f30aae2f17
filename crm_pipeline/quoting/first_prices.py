"""The first prices of a quotation to a customer that is made of one supplier's offer."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from crm_pipeline.exceptions import PicksUnfit
from crm_pipeline.money.exchange_rates import base_currency, decimals_of, exchange_rate
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.quoting.supplier_rates import AskedMargin, Pick, priced, rates_for
from crm_pipeline.quoting.supplier_rows import rate_of, supplier_rows
from crm_pipeline.rules import margin
from crm_pipeline.rules.supplier_request import DECLINED
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.sent_links import may_read


def refuse_declined(source: Document) -> None:
	"""Refuse to quote what a supplier has taken back.

	Raises:
		PicksUnfit
	"""
	if source.request_status == DECLINED:
		frappe.throw(
			_("{0} has declined. Choose another supplier, or enter a new offer of theirs.").format(
				bold(source.supplier_name)
			),
			PicksUnfit,
			title=_("Choice Not Possible"),
		)


def set_prices(source: Document, quotation: Document, asked: AskedMargin | None) -> None:
	"""Price what came from an offer: at its cost plus a margin or, where none is asked for, as the opportunity says.

	Rows that neither has a price for are left to the item's standard rate, or to be entered: the bare cost is no price.
	"""
	rows = [row for row in quotation.items if row.supplier_quotation == source.name]
	if asked:
		_price_from_cost(rows, quotation, asked)
	else:
		_price_as_opportunity(rows, quotation)
	if not quotation.items:
		quotation.net_total = _value_without_rows(source, quotation, asked)


def _price_from_cost(rows: list[Document], quotation: Document, asked: AskedMargin) -> None:
	offers = supplier_rows(row.supplier_quotation_item for row in rows)
	priced_rows = [row for row in rows if flt(offers[row.supplier_quotation_item].rate) > 0]
	picks = [Pick(row, offers[row.supplier_quotation_item], flt(row.qty), None) for row in priced_rows]
	rates = rates_for(picks, asked, quotation.currency, quotation.rate)
	for row, rate in zip(priced_rows, rates, strict=True):
		row.rate = rate


def _price_as_opportunity(rows: list[Document], quotation: Document) -> None:
	names = [row.opportunity_item for row in rows if row.opportunity_item]
	prices = {} if _are_amounts_hidden() else _opportunity_rates(names)
	for row in rows:
		price = prices.get(row.opportunity_item)
		if price and flt(price.rate):
			row.rate = _converted(flt(price.rate), price.currency, quotation, flt(row.qty))


def _are_amounts_hidden() -> bool:
	return not (
		is_readable("Opportunity Item", "rate", parent_doctype="Opportunity")
		and is_readable("Opportunity", "opportunity_amount")
	)


def _opportunity_rates(names: list[str]) -> dict[str, frappe._dict]:
	"""Return rate and currency of opportunities' rows, those alone that the session's user may read."""
	row, head = frappe.qb.DocType("Opportunity Item"), frappe.qb.DocType("Opportunity")
	found = (
		frappe.qb.from_(row)
		.join(head)
		.on(row.parent == head.name)
		.select(row.name, row.parent, row.rate, head.currency)
		.where(row.name.isin(in_list(names)))
	).run(as_dict=True)
	readable = {name for name in {each.parent for each in found} if may_read("Opportunity", name)}
	return {each.name: each for each in found if each.parent in readable}


def _converted(rate: float, currency: str, quotation: Document, qty: float = 1) -> float:
	if currency == quotation.currency:
		return rate
	source = exchange_rate(currency, base_currency(), quotation.rate_date())
	cost = margin.in_other_currency(rate, source, quotation.rate)
	return margin.rate_at_percentage(cost, 0, qty or 1, decimals_of(quotation.currency))


def _value_without_rows(source: Document, quotation: Document, asked: AskedMargin | None) -> float:
	"""Return the value of a quotation without items: that of the offer and its margin, else the opportunity's amount."""
	if asked:
		cost = margin.in_other_currency(source.net_total, rate_of(source), quotation.rate)
		return priced(cost, asked, 1, decimals_of(quotation.currency)) or 0
	readable = source.opportunity and is_readable("Opportunity", "opportunity_amount")
	if not readable or not frappe.has_permission("Opportunity", "read", source.opportunity):
		return 0
	amount, currency = frappe.db.get_value(
		"Opportunity", source.opportunity, ["opportunity_amount", "currency"]
	)
	return _converted(flt(amount), currency, quotation)
