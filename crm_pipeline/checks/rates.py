"""Amounts of opportunities in base currency are those of their exchange rate."""

from frappe.query_builder.functions import Abs
from pypika import Case
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.checks.amounts import amount, base_amount, follows, sum_of_rows, unlike_sum
from crm_pipeline.checks.correcting import correct
from crm_pipeline.checks.invariant import SERIOUS, Invariant, Repair
from crm_pipeline.checks.terms import (
	NINTH,
	as_recorded,
	at_rate,
	has_items,
	is_empty,
	named_in,
	names,
	no_rounding_of,
	opportunity,
	slack_of_rate,
	unlike,
)
from crm_pipeline.history.as_of import weighted
from crm_pipeline.history.changes import last_recorded
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.rules import status
from crm_pipeline.utils.bulk_sql import rounded

revenue = opportunity.close_revenue


def base_unlike_rate() -> QueryBuilder:
	"""Return the opportunities whose base amount is neither theirs at their rate nor, with rows, the sum of these.

	An amount that follows quotations, of which none counts now, is that of the rows.
	"""
	off = _off_rate(amount, base_amount)
	unlike_rows = named_in(unlike_sum(base_amount, "base_amount"))
	return names(opportunity).where((~has_items() & off) | (unlike_rows & (~follows | off)))


def base_certain() -> QueryBuilder:
	"""Return those of them that the history knew with the amount that follows."""
	recorded = as_recorded("opportunity_amount", "conversion_rate", "currency")
	derived = ~unlike(last_recorded("base_opportunity_amount"), _base_amount())
	return base_unlike_rate().where(~(has_items() & follows) & recorded & derived)


def base_values() -> dict[str, Term]:
	value = _base_amount()
	return {
		"base_opportunity_amount": value,
		"weighted_amount": weighted(value, opportunity.probability, _places()),
	}


def _base_amount() -> Term:
	return (
		Case()
		.when(has_items(), rounded(sum_of_rows("base_amount"), _places()))
		.else_(rounded(at_rate(amount, opportunity), _places()))
	)


def _off_rate(value: Term, base_value: Term) -> Criterion:
	exact = at_rate(value, opportunity)
	return no_rounding_of(base_value, exact, opportunity.base_currency, slack_of_rate(value))


def _places() -> int:
	return decimals_of(base_currency())


def unusable_rate() -> QueryBuilder:
	"""Return the opportunities without a rate, with another one than 1 in base currency, or one that is not what it divides by."""
	rate, divisor = opportunity.conversion_rate, opportunity.inverse_rate
	own = opportunity.currency == opportunity.base_currency
	inverse = (divisor > 0) & (Abs(rate - 1 / divisor) > 2 * NINTH + Abs(rate) * NINTH)
	bad = rate.isnull() | (rate <= 0) | (own & unlike(rate, 1)) | inverse
	return names(opportunity).where(is_empty(opportunity.currency) | bad)


def base_revenue_unlike_rate() -> QueryBuilder:
	"""Return what was won in the opportunity's own currency with another revenue in base currency than that at its rate."""
	won = opportunity.status == status.CONVERTED
	own = opportunity.close_revenue_currency == opportunity.currency
	return names(opportunity).where(won & own & _off_rate(revenue, opportunity.base_close_revenue))


def base_revenue() -> dict[str, Term]:
	return {"base_close_revenue": rounded(at_rate(revenue, opportunity), _places())}


def other_base_currency() -> QueryBuilder:
	return names(opportunity).where(
		opportunity.base_currency.isnull() | (opportunity.base_currency != base_currency())
	)


INVARIANTS = (
	Invariant(
		"base-amount",
		"Opportunity",
		"The base amount is the amount at the exchange rate; with rows it is the sum of theirs.",
		SERIOUS,
		"Repaired where the history has amount, rate and the base amount that follows; else save it, or run `revalue`.",
		base_unlike_rate,
		Repair(correct("Opportunity", base_values), base_certain),
	),
	Invariant(
		"usable-rate",
		"Opportunity",
		"The exchange rate is above 0, 1 in the base currency, and the inverse of what it divides by.",
		SERIOUS,
		"Enter the Currency Exchange of its day, then save it; in play `revalue` does it.",
		unusable_rate,
	),
	Invariant(
		"base-revenue",
		"Opportunity",
		"The revenue in base currency is the revenue at the exchange rate of the opportunity, where it is in its currency.",
		SERIOUS,
		"Repaired where the history has the same rate; else see `history-last-state` first.",
		base_revenue_unlike_rate,
		Repair(
			correct("Opportunity", base_revenue),
			lambda: base_revenue_unlike_rate().where(as_recorded("conversion_rate", "currency")),
		),
	),
	Invariant(
		"one-base-currency",
		"Opportunity",
		"All base amounts are in the Base Currency of Selling Settings.",
		SERIOUS,
		"Sums of several currencies mean nothing: restore the Base Currency, or save these opportunities with rates to it.",
		other_base_currency,
	),
)
