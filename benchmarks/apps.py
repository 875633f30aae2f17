"""Ours and ERPNext: where each stands, and what its records need beside what both need."""

from collections.abc import Callable
from typing import NamedTuple

import frappe

OURS, ERPNEXT = "ours", "ERPNext"
RATE = 10


class App(NamedTuple):
	"""An app on a site of its own, filled with so many opportunities, and the fields that its records need."""

	name: str
	site: str
	size: int
	mapper: str  # dotted path
	item: Callable[[], dict] = dict
	customer: Callable[[], dict] = dict
	opportunity: Callable[[], dict] = dict
	row: Callable[[], dict] = dict


def ours(site: str, size: int) -> App:
	mapper = "crm_pipeline.crm_pipeline.doctype.opportunity.mapping.make_quotation"
	return App(OURS, site, size, mapper)


def erpnext(site: str, size: int) -> App:
	return App(
		ERPNEXT,
		site,
		size,
		"erpnext.crm.doctype.opportunity.opportunity.make_quotation",
		item=lambda: {"item_group": leaf("Item Group"), "is_stock_item": 0},
		customer=lambda: {"customer_group": leaf("Customer Group"), "territory": leaf("Territory")},
		opportunity=lambda: {"company": frappe.get_all("Company", pluck="name", limit=1)[0]},
		row=lambda: {"uom": "Nos", "rate": RATE},
	)


def leaf(doctype: str) -> str:
	"""Return a record of a tree that others may be filed under."""
	return frappe.get_all(doctype, {"is_group": 0}, pluck="name", order_by="name", limit=1)[0]
