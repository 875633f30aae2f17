"""What suppliers offered, row by row, as it is stored; whoever shows it asks for the right to."""

from collections.abc import Iterable

import frappe
from frappe.model.document import Document
from pypika.queries import QueryBuilder

from crm_pipeline.money.exchange_rates import decimals_of
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.rules.money import Rate, product
from crm_pipeline.utils.bulk_sql import in_list

ROW_FIELDS = (
	*("name", "parent", "idx", "item_code", "item_name", "qty", "uom", "rate", "opportunity_item"),
	*("lead_time_days", "minimum_qty"),
)
HEAD_FIELDS = (
	"docstatus",
	"request_status",
	"supplier",
	"supplier_name",
	"currency",
	"base_currency",
	"conversion_rate",
	"inverse_rate",
	"transaction_date",
	"valid_till",
)


def supplier_rows(names: Iterable[str]) -> dict[str, frappe._dict]:
	"""Return rows of supplier quotations with what their heads say, by name of the row, in one query."""
	row = frappe.qb.DocType("Supplier Quotation Item")
	found = select_rows().where(row.name.isin(in_list(names))).run(as_dict=True)
	return {each.name: each for each in found}


def select_rows() -> QueryBuilder:
	"""Return the query of the rows of all supplier quotations, joined with their heads."""
	head, row = frappe.qb.DocType("Supplier Quotation"), frappe.qb.DocType("Supplier Quotation Item")
	return (
		frappe.qb.from_(head)
		.join(row)
		.on((row.parent == head.name) & (row.parenttype == "Supplier Quotation"))
		.select(*(row[field] for field in ROW_FIELDS), *(head[field] for field in HEAD_FIELDS))
	)


def rate_of(offer: frappe._dict | Document) -> Rate:
	"""Return the exchange rate to the base currency that was recorded with an offer."""
	return Rate(offer.conversion_rate, offer.inverse_rate)


def base_cost_of(offer: frappe._dict, qty: float) -> float:
	"""Return what a quantity costs by a supplier's row, in base currency."""
	amount = product(qty, offer.rate, decimals_of(offer.currency))
	return rate_of(offer).of(amount, decimals_of(offer.base_currency))


def disabled_among(suppliers: Iterable[str]) -> set[str]:
	"""Return those of some suppliers that are disabled."""
	filters = {"name": ["in", in_list(sorted(set(suppliers)))], "disabled": 1}
	return set(frappe.get_all("Supplier", filters, pluck="name"))


def refuse_hidden_rates() -> None:
	"""Refuse who may not read what suppliers ask, also to make prices of it: each would tell.

	Raises:
		FieldOutOfReach
	"""
	refuse_hidden_fields("Supplier Quotation Item", "rate", parent_doctype="Supplier Quotation")
