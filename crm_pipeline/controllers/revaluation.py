"""Open opportunities follow the exchange rate: when one is entered, and on the day from which it holds."""

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Round, Sum
from frappe.utils import getdate, now_datetime, today
from pypika.terms import Criterion

from crm_pipeline.controllers.currencies import base_currency, decimals_of, exchange_rate
from crm_pipeline.controllers.history import record_change_of_many
from crm_pipeline.controllers.sql import Value, rounded, update_where
from crm_pipeline.exceptions import ExchangeRateMissing
from crm_pipeline.rules import status


def revalue_open_deals() -> None:
	"""Bring the base amounts of all open opportunities up to today's rates. Ended ones stay as they were frozen."""
	for currency in _currencies_of_open_deals():
		try:
			rate = exchange_rate(currency, base_currency(), getdate(today()))
		except ExchangeRateMissing:
			frappe.log_error(title=_("Opportunities in {0} keep their old rate").format(currency))
			continue
		revalue(currency, rate)


def revalue(currency: str, rate: float) -> None:
	"""Give the open opportunities in a currency a rate, with one statement per table and one for the history.

	Args:
		rate: units of the base currency per unit of `currency`.
	"""
	deal = frappe.qb.DocType("Opportunity")
	in_play = (deal.currency == currency) & deal.status.isin(sorted(status.IN_PLAY))
	outdated = in_play & (deal.conversion_rate.isnull() | (deal.conversion_rate != rate))
	if not frappe.qb.from_(deal).select(deal.name).where(outdated).limit(1).run():
		return
	places = decimals_of(base_currency())
	_revalue_rows(frappe.qb.from_(deal).select(deal.name).where(outdated), rate, places)
	_revalue_heads(outdated, rate, places)
	record_change_of_many(frappe.qb.from_(deal).select(deal.name).where(in_play), "Rate")
	frappe.clear_document_cache("Opportunity")


def _revalue_rows(deals, rate: float, places: int) -> None:
	row = frappe.qb.DocType("Opportunity Item")
	values = {
		"base_rate": rounded(row.rate * rate, places),
		"base_amount": rounded(row.amount * rate, places),
	}
	update_where(row, (row.parenttype == "Opportunity") & row.parent.isin(deals), values)


def _revalue_heads(outdated: Criterion, rate: float, places: int) -> None:
	"""With rows the base value is their sum, else it follows from the amount."""
	deal, row = frappe.qb.DocType("Opportunity"), frappe.qb.DocType("Opportunity Item")
	of_rows = frappe.qb.from_(row).select(Round(Sum(row.base_amount), places))
	of_rows = Value(of_rows.where((row.parent == deal.name) & (row.parenttype == "Opportunity")))
	base_amount = Coalesce(of_rows, rounded(deal.opportunity_amount * rate, places))
	update_where(
		deal,
		outdated,
		{
			"base_opportunity_amount": base_amount,
			"base_total": Coalesce(of_rows, 0),
			"weighted_amount": rounded(base_amount * deal.probability / 100, places),
			"conversion_rate": rate,
			"modified": now_datetime(),
			"modified_by": frappe.session.user,
		},
	)


def _currencies_of_open_deals() -> list[str]:
	deal = frappe.qb.DocType("Opportunity")
	query = (
		frappe.qb.from_(deal).select(deal.currency).distinct().where(deal.status.isin(sorted(status.IN_PLAY)))
	)
	return [row[0] for row in query.where(deal.currency != base_currency()).run()]
