"""A user, a customer, items and opportunities, made and taken away through the documents of either app."""

import frappe

from benchmarks.mapping.apps import RATE, App

PREFIX = "BENCH-MAPPING"
USER = "bench-mapping@example.com"


def make_records(app: App, sizes: list[int]) -> dict[int, str]:
	"""Return an opportunity for each number of items, each item in one row."""
	make("User", email=USER, first_name=PREFIX, send_welcome_email=0, roles=[{"role": "Sales User"}])
	customer = make("Customer", customer_name=PREFIX, **app.customer())
	codes = [make_item(app, number) for number in range(max(sizes))]
	names = {size: make_opportunity(app, customer, codes[:size]) for size in sizes}
	frappe.db.commit()
	return names


def make(doctype: str, **fields: object) -> str:
	return frappe.get_doc({"doctype": doctype, **fields}).insert().name


def make_item(app: App, number: int) -> str:
	return make("Item", item_code=f"{PREFIX}-{number}", stock_uom="Nos", standard_rate=RATE, **app.item())


def make_opportunity(app: App, customer: str, codes: list[str]) -> str:
	rows = [{"item_code": code, "qty": 2, **app.row()} for code in codes]
	return make(
		"Opportunity",
		title=PREFIX,
		opportunity_from="Customer",
		party_name=customer,
		items=rows,
		**app.opportunity(),
	)


def remove_records() -> None:
	"""Take it all away again, with what Frappe notes of deletions; naming series have moved on."""
	frappe.db.rollback()
	owned = {
		"Opportunity": {"title": PREFIX},
		"Item": {"name": ["like", f"{PREFIX}-%"]},
		"Customer": {"customer_name": PREFIX},
		"User": {"name": USER},
	}
	for doctype, filters in owned.items():
		for name in frappe.get_all(doctype, filters, pluck="name"):
			frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, delete_permanently=True)
			frappe.db.delete("Comment", {"comment_type": "Deleted", "subject": ["like", f"% {name}"]})
	frappe.db.delete("Comment", {"reference_doctype": "User", "reference_name": USER})
	frappe.db.delete("Deleted Document", {"deleted_name": USER})
	frappe.db.delete("DefaultValue", {"parent": USER})
	frappe.db.commit()
