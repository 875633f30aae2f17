"""Quotations with discounts, taxes and charges."""

from crm_pipeline.tests.factories import make_quotation

VAT = {"charge_type": "On Net Total", "description": "VAT", "rate": 19}
FREIGHT = {"charge_type": "Actual", "description": "Freight", "tax_amount": 12.5}


def row(rate: float | None = 100, qty: float = 1, **fields) -> dict:
	return {"item_name": "Consulting", "qty": qty, "rate": rate, **fields}


def draft(*rows: dict, **fields):
	return make_quotation(submit=False, items=list(rows), **fields)


def sums(quotation) -> tuple:
	return tuple(
		quotation.get(field)
		for field in ("total", "discount_amount", "net_total", "total_taxes_and_charges", "grand_total")
	)
