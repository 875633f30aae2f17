"""Totals of quotations to customers and from suppliers are those of their rows and charges.

None is repaired: what was sent to somebody stays as it was sent.
"""

from functools import partial

import frappe
from frappe.query_builder.functions import Abs, Coalesce
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from crm_pipeline.checks.invariant import SERIOUS, Invariant
from crm_pipeline.checks.terms import (
	NINTH,
	at_rate,
	is_empty,
	names,
	no_rounding_of,
	slack_of_rate,
	sums_of,
	unlike,
)

# Fields of the head that are sums of a field of the rows.
SUMS = {
	"Quotation": {"total": "amount", "net_total": "net_amount", "base_net_total": "base_net_amount"},
	"Supplier Quotation": {"total": "amount", "net_total": "amount", "base_net_total": "base_amount"},
}
CHARGES = {"total_taxes_and_charges": "tax_amount", "base_total_taxes_and_charges": "base_tax_amount"}
# The field of the rows whose amount in base currency is at the quotation's rate.
AT_RATE = {"Quotation": ("net_amount", "base_net_amount"), "Supplier Quotation": ("amount", "base_amount")}
BY_HAND = "Save a draft anew; a submitted one is to be compared with what was sent, and amended."
quotation = Table("tabQuotation")


def unlike_rows(doctype: str) -> QueryBuilder:
	table = Table(f"tab{doctype}")
	return names(table).where(table.name.isin(_unlike_sums(doctype, f"{doctype} Item", SUMS[doctype])))


def unlike_charges() -> QueryBuilder:
	"""Return the quotations whose charges or grand totals do not add up."""
	off = Criterion.any(
		unlike(
			quotation[f"{prefix}grand_total"],
			quotation[f"{prefix}net_total"] + Coalesce(quotation[f"{prefix}total_taxes_and_charges"], 0),
		)
		for prefix in ("", "base_")
	)
	charges = _unlike_sums("Quotation", "Sales Taxes and Charges", CHARGES)
	return names(quotation).where(off | quotation.name.isin(charges))


def _unlike_sums(doctype: str, row_doctype: str, fields: dict[str, str]) -> QueryBuilder:
	head = Table(f"tab{doctype}").as_("head")
	sums = sums_of(doctype, row_doctype, *dict.fromkeys(fields.values()))
	query = frappe.qb.from_(head).join(sums).on(sums.parent == head.name).select(head.name)
	return query.where(Criterion.any(unlike(head[total], sums[field]) for total, field in fields.items()))


def unlike_products(doctype: str) -> QueryBuilder:
	"""Return the quotations with a row whose amount is not quantity times rate, or in base currency not that at the rate."""
	table, head, row = Table(f"tab{doctype}"), Table(f"tab{doctype}").as_("head"), Table(f"tab{doctype} Item")
	value, base_value = (row[field] for field in AT_RATE[doctype])
	slack = (Abs(Coalesce(row.qty, 0)) + Abs(Coalesce(row.rate, 0))) * NINTH
	off = no_rounding_of(row.amount, row.qty * row.rate, head.currency, slack) | no_rounding_of(
		base_value, at_rate(value, head), head.base_currency, slack_of_rate(value)
	)
	query = frappe.qb.from_(row).join(head).on(row.parent == head.name).select(row.parent)
	return names(table).where(table.name.isin(query.where((row.parenttype == doctype) & off)))


def unusable_rate(doctype: str) -> QueryBuilder:
	table = Table(f"tab{doctype}")
	own = table.currency == table.base_currency
	bad = (
		table.conversion_rate.isnull()
		| (table.conversion_rate <= 0)
		| (own & unlike(table.conversion_rate, 1))
	)
	return names(table).where(is_empty(table.currency) | bad)


def _of(doctype: str, prefix: str) -> tuple[Invariant, ...]:
	return (
		Invariant(
			f"{prefix}-totals",
			doctype,
			f"{doctype}: with rows the totals are their sums.",
			SERIOUS,
			BY_HAND,
			partial(unlike_rows, doctype),
		),
		Invariant(
			f"{prefix}-row-of-product",
			doctype,
			f"{doctype}: the amount of a row is quantity times rate and, in base currency, that at the exchange rate.",
			SERIOUS,
			BY_HAND,
			partial(unlike_products, doctype),
		),
		Invariant(
			f"{prefix}-usable-rate",
			doctype,
			f"{doctype}: the exchange rate is above 0, and 1 in the base currency.",
			SERIOUS,
			"Enter the Currency Exchange of its day and save a draft; amend a submitted one.",
			partial(unusable_rate, doctype),
		),
	)


INVARIANTS = (
	*_of("Quotation", "quotation"),
	*_of("Supplier Quotation", "supplier-quotation"),
	Invariant(
		"quotation-charges",
		"Quotation",
		"Taxes and charges add up, and the grand total is the net total with them.",
		SERIOUS,
		BY_HAND,
		unlike_charges,
	),
)
