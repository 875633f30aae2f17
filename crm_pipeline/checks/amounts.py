"""Amounts of opportunities are those of their rows and, weighted, go by the probability."""

import frappe
from frappe.query_builder.functions import Abs, Coalesce, Sum
from pypika.queries import QueryBuilder
from pypika.terms import Term

from crm_pipeline.checks.correcting import correct
from crm_pipeline.checks.invariant import MINOR, SERIOUS, Invariant, Repair
from crm_pipeline.checks.terms import (
	NINTH,
	as_recorded,
	at_rate,
	has_items,
	named_in,
	names,
	no_rounding_of,
	opportunity,
	slack_of_rate,
	sums_of,
	unlike,
)
from crm_pipeline.history.as_of import weighted
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.utils.bulk_sql import Value

amount, base_amount = opportunity.opportunity_amount, opportunity.base_opportunity_amount
follows = opportunity.amount_follows_quotation == 1


def unlike_sum(value: Term, field: str) -> QueryBuilder:
	"""Return the names of the opportunities with rows of which a value is not the sum of a field."""
	sums = sums_of("Opportunity", "Opportunity Item", field)
	query = frappe.qb.from_(opportunity).join(sums).on(sums.parent == opportunity.name)
	return query.select(opportunity.name).where(unlike(value, sums[field]))


def sum_of_rows(field: str) -> Term:
	row = frappe.qb.DocType("Opportunity Item")
	query = frappe.qb.from_(row).select(Sum(row[field])).where(row.parent == opportunity.name)
	return Coalesce(Value(query.where(row.parenttype == "Opportunity")), 0)


def amount_unlike_rows() -> QueryBuilder:
	"""Return the opportunities with rows whose amount is not the sum of these, and follows no quotations."""
	return names(opportunity).where(named_in(unlike_sum(amount, "amount")) & ~follows)


def total_unlike_rows() -> QueryBuilder:
	"""Return the opportunities whose totals are not the sums of their rows, 0 without any."""
	none = ~has_items() & (unlike(opportunity.total, 0) | unlike(opportunity.base_total, 0))
	own, base = unlike_sum(opportunity.total, "amount"), unlike_sum(opportunity.base_total, "base_amount")
	return names(opportunity).where(named_in(own) | named_in(base) | none)


def total_certain() -> QueryBuilder:
	"""Return those of them whose rows are all there, to which the amounts bear witness."""
	lacking = unlike_sum(amount, "amount"), unlike_sum(base_amount, "base_amount")
	complete = has_items() & ~named_in(lacking[0]) & ~named_in(lacking[1])
	return total_unlike_rows().where(complete)


def totals() -> dict[str, Term]:
	return {"total": sum_of_rows("amount"), "base_total": sum_of_rows("base_amount")}


def row_unlike_product() -> QueryBuilder:
	"""Return the opportunities with a row whose amount is not quantity times rate, or in base currency not that at the rate."""
	row = frappe.qb.DocType("Opportunity Item")
	query = frappe.qb.from_(row).join(opportunity).on(row.parent == opportunity.name)
	slack = (Abs(Coalesce(row.qty, 0)) + Abs(Coalesce(row.rate, 0))) * NINTH
	own = no_rounding_of(row.amount, row.qty * row.rate, opportunity.currency, slack)
	base = no_rounding_of(
		row.base_amount,
		at_rate(row.amount, opportunity),
		opportunity.base_currency,
		slack_of_rate(row.amount),
	)
	query = query.select(row.parent).where((row.parenttype == "Opportunity") & (own | base))
	return names(opportunity).where(named_in(query))


def weighted_unlike_probability() -> QueryBuilder:
	exact = base_amount * opportunity.probability / 100
	slack = slack_of_rate(base_amount)
	return names(opportunity).where(
		no_rounding_of(opportunity.weighted_amount, exact, opportunity.base_currency, slack)
	)


def weighted_amount() -> dict[str, Term]:
	return {
		"weighted_amount": weighted(base_amount, opportunity.probability, decimals_of(base_currency())),
	}


def items_not_said() -> QueryBuilder:
	return names(opportunity).where(has_items() & (opportunity.with_items == 0))


INVARIANTS = (
	Invariant(
		"amount-of-rows",
		"Opportunity",
		"With rows the amount is their sum, unless it follows the quotations.",
		SERIOUS,
		"Look which is right, the rows or the amount in the history. Saving takes the sum of the rows.",
		amount_unlike_rows,
	),
	Invariant(
		"total-of-rows",
		"Opportunity",
		"The totals are the sums of the rows; without rows they are 0.",
		SERIOUS,
		"Repaired where the amounts are those of the rows; else rows may be missing: look into a backup.",
		total_unlike_rows,
		Repair(correct("Opportunity", totals), total_certain),
	),
	Invariant(
		"row-of-product",
		"Opportunity",
		"The amount of a row is its quantity times its rate and, in base currency, that at the opportunity's exchange rate.",
		SERIOUS,
		"Look at the rows, correct and save them.",
		row_unlike_product,
	),
	Invariant(
		"weighted-amount",
		"Opportunity",
		"The weighted amount is the base amount by the probability.",
		SERIOUS,
		"Repaired where the history has the same base amount and probability; else see `history-last-state` first.",
		weighted_unlike_probability,
		Repair(
			correct("Opportunity", weighted_amount),
			lambda: weighted_unlike_probability().where(
				as_recorded("probability", "base_opportunity_amount")
			),
		),
	),
	Invariant(
		"items-said",
		"Opportunity",
		"What has rows says *With Items*.",
		MINOR,
		"Repaired.",
		items_not_said,
		Repair(correct("Opportunity", lambda: {"with_items": 1})),
	),
)
