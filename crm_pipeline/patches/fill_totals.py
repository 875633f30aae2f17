"""Quotations without discounts, taxes and charges come to what their rows or their net total say."""

import frappe
from pypika import Case

from crm_pipeline.utils.bulk_sql import update_where

# Each new field with the one that it equals.
ROW_FIELDS = {
	"price_list_rate": "rate",
	"net_rate": "rate",
	"net_amount": "amount",
	"base_net_rate": "base_rate",
	"base_net_amount": "base_amount",
}
HEAD_FIELDS = {
	"base_total": "base_net_total",
	"grand_total": "net_total",
	"base_grand_total": "base_net_total",
}


def execute() -> None:
	fill_rows()
	fill_heads()


def fill_rows() -> None:
	row = frappe.qb.DocType("Quotation Item")
	update_where(row, row.net_amount == 0, {field: row[source] for field, source in ROW_FIELDS.items()})


def fill_heads() -> None:
	quotation = frappe.qb.DocType("Quotation")
	values = {field: quotation[source] for field, source in HEAD_FIELDS.items()}
	without_rows = quotation.total == 0
	values["base_total"] = Case().when(without_rows, 0).else_(values["base_total"])
	update_where(quotation, quotation.grand_total == 0, values)
