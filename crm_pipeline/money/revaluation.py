"""Open opportunities follow the exchange rate: when one is entered, and on the day from which it holds."""

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Round, Sum
from frappe.utils import getdate, now_datetime, today
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.exceptions import ExchangeRateMissing
from crm_pipeline.history.changes import record_change_of_many
from crm_pipeline.money.exchange_rates import base_currency, decimals_of, exchange_rate
from crm_pipeline.rules import status
from crm_pipeline.rules.money import Rate
from crm_pipeline.utils.bulk_sql import Value, rounded, update_where

opportunity = Table("tabOpportunity")


def revalue_open_opportunities() -> None:
	"""Bring the base amounts of all open opportunities up to today's rates. Ended ones stay as they were frozen."""
	for currency, rate in rates_of_today().items():
		revalue(currency, rate)


def rates_of_today() -> dict[str, Rate | None]:
	"""Units of the base currency per unit of each currency that open opportunities are in; None for an unknown rate."""
	rates: dict[str, Rate | None] = {}
	for currency in _currencies_of_open_opportunities():
		try:
			rates[currency] = exchange_rate(currency, base_currency(), getdate(today()))
		except ExchangeRateMissing:
			frappe.clear_last_message()
			rates[currency] = None
	return rates


def outdated(currency: str, rate: Rate) -> Criterion:
	"""Return the open opportunities in a currency that have another rate."""
	unlike = (
		opportunity.conversion_rate.isnull()
		| (opportunity.conversion_rate != float(rate))
		| (Coalesce(opportunity.inverse_rate, 0) != rate.divisor)
	)
	return _in_play(currency) & unlike


def revalue(currency: str, rate: Rate | None) -> None:
	"""Give the open opportunities in a currency a rate, with one statement per table and one for the history.

	Args:
		rate: units of the base currency per unit of `currency`; for None they keep what they have, which is logged.
	"""
	if rate is None:
		frappe.log_error(title=_("Opportunities in {0} keep their old rate").format(currency))
		return
	to_revalue = outdated(currency, rate)
	if not frappe.qb.from_(opportunity).select(opportunity.name).where(to_revalue).limit(1).run():
		return
	places = decimals_of(base_currency())
	_revalue_rows(frappe.qb.from_(opportunity).select(opportunity.name).where(to_revalue), rate, places)
	_revalue_heads(to_revalue, rate, places)
	record_change_of_many(
		frappe.qb.from_(opportunity).select(opportunity.name).where(_in_play(currency)), "Rate"
	)
	frappe.clear_document_cache("Opportunity")


def _revalue_rows(opportunities: QueryBuilder, rate: Rate, places: int) -> None:
	row = frappe.qb.DocType("Opportunity Item")
	values = {
		"base_rate": converted(row.rate, rate, places),
		"base_amount": converted(row.amount, rate, places),
	}
	update_where(row, (row.parenttype == "Opportunity") & row.parent.isin(opportunities), values)


def _revalue_heads(to_revalue: Criterion, rate: Rate, places: int) -> None:
	"""With rows the base value is their sum, else it follows from the amount."""
	row = frappe.qb.DocType("Opportunity Item")
	of_rows = frappe.qb.from_(row).select(Round(Sum(row.base_amount), places))
	of_rows = Value(of_rows.where((row.parent == opportunity.name) & (row.parenttype == "Opportunity")))
	base_amount = Coalesce(of_rows, converted(opportunity.opportunity_amount, rate, places))
	update_where(
		opportunity,
		to_revalue,
		{
			"base_opportunity_amount": base_amount,
			"base_total": Coalesce(of_rows, 0),
			"weighted_amount": rounded(base_amount * opportunity.probability / 100, places),
			"conversion_rate": float(rate),
			"inverse_rate": rate.divisor,
			"modified": now_datetime(),
			"modified_by": frappe.session.user,
		},
	)


def converted(amount: Term, rate: Rate, places: int) -> Term:
	"""Return an amount at a rate, rounded as `Rate.of` does it."""
	return rounded(amount / rate.divisor if rate.divisor else amount * float(rate), places)


def _currencies_of_open_opportunities() -> list[str]:
	query = frappe.qb.from_(opportunity).select(opportunity.currency).distinct().where(_in_play())
	return [
		row[0]
		for row in query.where(opportunity.currency != base_currency()).orderby(opportunity.currency).run()
	]


def _in_play(currency: str | None = None) -> Criterion:
	in_play = opportunity.status.isin(sorted(status.IN_PLAY))
	return in_play & (opportunity.currency == currency) if currency else in_play
