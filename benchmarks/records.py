"""A party of each kind, items and opportunities with rows, made once through the documents of either app and taken away at the end."""

import frappe

from benchmarks.apps import RATE, App

PREFIX, AT_ONCE = "BENCH-RECORD", 500
# By which field what belongs to an opportunity or item names it, with us or with ERPNext; children before it.
OF_OPPORTUNITIES = {
	"Pipeline Change": "opportunity",
	"Opportunity Item": "parent",
	"Comment": "reference_name",
	"ToDo": "reference_name",
	"Communication": "reference_name",
	"Version": "docname",
	"Opportunity": "name",
}
OF_ITEMS = {
	"Item Price": "item_code",
	"Item Default": "parent",
	"UOM Conversion Detail": "parent",
	"Item Tax": "parent",
	"Comment": "reference_name",
	"Item": "name",
}


def party(app: App, doctype: str) -> str:
	"""Return the lead or customer that cases share."""
	if doctype == "Lead":
		return known("Lead", first_name=PREFIX) or make("Lead", first_name=PREFIX)
	return known("Customer", customer_name=PREFIX) or make("Customer", customer_name=PREFIX, **app.customer())


def items(app: App, count: int) -> list[str]:
	"""Return the codes of so many items; those that are not there are made."""
	codes = [f"{PREFIX}-{number}" for number in range(count)]
	there = set(frappe.get_all("Item", {"item_code": ["like", f"{PREFIX}-%"]}, pluck="item_code", limit=0))
	for code in codes:
		if code not in there:
			make("Item", item_code=code, stock_uom="Nos", standard_rate=RATE, **app.item())
	return codes


def opportunity(app: App, doctype: str, rows: int) -> dict:
	"""Return the fields of an opportunity of a party with so many rows, as a client would send them."""
	return {
		"doctype": "Opportunity",
		"title": PREFIX,
		"opportunity_from": doctype,
		"party_name": party(app, doctype),
		"items": [{"item_code": code, "qty": 2, **app.row()} for code in items(app, rows)],
		**app.opportunity(),
	}


def known(doctype: str, **fields: object) -> str | None:
	return frappe.db.get_value(doctype, fields)


def make(doctype: str, **fields: object) -> str:
	return frappe.get_doc({"doctype": doctype, **fields}).insert().name


def remove_opportunities() -> None:
	"""Take away all that these cases made opportunities of, by statements: there may be many."""
	remove_by_statements("Opportunity", "title", OF_OPPORTUNITIES)


def remove_by_statements(doctype: str, named_by: str, belonging: dict[str, str]) -> None:
	names = frappe.get_all(doctype, {named_by: ["like", f"{PREFIX}%"]}, pluck="name", limit=0)
	for start in range(0, len(names), AT_ONCE):
		which = ["in", names[start : start + AT_ONCE]]
		for each, field in belonging.items():
			if frappe.db.exists("DocType", each):
				frappe.db.delete(each, {field: which})
		frappe.db.commit()


def remove_records() -> None:
	"""Take it all away again, with what Frappe notes of deletions; naming series have moved on."""
	frappe.db.rollback()
	remove_opportunities()
	remove_by_statements("Item", "item_code", OF_ITEMS)
	owned = {
		"Customer": {"customer_name": PREFIX},
		"Lead": {"first_name": PREFIX},
	}
	for doctype, filters in owned.items():
		for name in frappe.get_all(doctype, filters, pluck="name", limit=0):
			frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, delete_permanently=True)
			frappe.db.delete("Comment", {"comment_type": "Deleted", "subject": ["like", f"% {name}"]})
	frappe.db.commit()
