"""Currencies of this site: decimals, the base currency, and exchange rates from Currency Exchange."""

from collections.abc import Callable
from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, getdate

from crm_pipeline.exceptions import BaseCurrencyMissing, ExchangeRateMissing
from crm_pipeline.money.site_currency import has_amounts
from crm_pipeline.rules import money
from crm_pipeline.utils.markup import bold


def decimals_of(currency: str) -> int:
	"""Decimal places of amounts in a currency: the Currency record's own setting, else ISO 4217."""
	override = frappe.get_cached_value("Currency", currency, "decimals")
	return money.decimals(currency, cint(override) if override else None)


def base_currency() -> str:
	"""Return the currency in which every amount is also kept.

	Raises:
		BaseCurrencyMissing: Selling Settings has none.
	"""
	currency = frappe.get_cached_doc("Selling Settings").base_currency
	if not currency:
		frappe.throw(
			_("Set the Base Currency in Selling Settings first."),
			BaseCurrencyMissing,
			title=_("Base Currency Missing"),
		)
	return currency


def exchange_rate(
	source: str, target: str, day: date, stored: Callable[[], money.Rate] | None = None
) -> money.Rate:
	"""Units of `target` per unit of `source` in force on `day`.

	Args:
		stored: the rate that holds where none is recorded any more; 0 if there is none.

	Raises:
		ExchangeRateMissing: no Currency Exchange on or before that day links the two directly, and no rate is stored.
	"""
	rate = money.effective_rate(_quotes(source, target, day), source, target, day)
	if rate is None and stored:
		rate = stored() or None
	if rate is None:
		frappe.throw(
			_missing_rate(source, target, day), ExchangeRateMissing, title=_("Exchange Rate Missing")
		)
	return rate


def has_rate(source: str, target: str, day: date) -> bool:
	"""Return whether `exchange_rate` would find one."""
	return money.effective_rate(_quotes(source, target, day), source, target, day) is not None


def _missing_rate(source: str, target: str, day: date) -> str:
	"""Say what is wrong and how to mend it: a base currency that is not the site's own is no matter of rates."""
	base, own = base_currency(), frappe.db.get_default("currency")
	if base != own and {source, target} == {base, own} and not has_amounts():
		return _(
			"The Base Currency in Selling Settings is {0}, but the currency of this site is {1}. Choose {1} there, or add a Currency Exchange record between the two."
		).format(bold(base), bold(own))
	return _("There is no exchange rate between {0} and {1} on {2}. Add a Currency Exchange record.").format(
		bold(source), bold(target), frappe.format(day, "Date")
	)


def _quotes(source: str, target: str, day: date) -> list[money.Quote]:
	"""Return the newest quotes of the pair up to `day`: both ways round of the newest date at least."""
	if source == target:
		return []
	exchange = frappe.qb.DocType("Currency Exchange")
	rows = (
		frappe.qb.from_(exchange)
		.select(exchange.date, exchange.from_currency, exchange.to_currency, exchange.exchange_rate)
		.where(exchange.from_currency.isin([source, target]) & exchange.to_currency.isin([source, target]))
		.where(exchange.date <= day)
		.orderby(exchange.date, order=frappe.qb.desc)
		.limit(2)
	).run()
	return [money.Quote(getdate(row[0]), *row[1:]) for row in rows]
