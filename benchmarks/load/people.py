"""Fifty people and what they work on, on a site that may be filled."""

import frappe

EACH = 20  # opportunities of each kind
MANAGERS_EVERY = 10
ADDRESS = "load-{}@example.com"
CUSTOMER = "Load Customer"
ITEM = "LOAD-RACK"


def meet(people: int) -> dict:
	"""Return everything that `day.py` must know, having made what is missing of it; commits."""
	customer, item = make_customer(), make_item()
	base = {"opportunity_from": "Customer", "party_name": customer}
	frappe.db.commit()
	return {
		"site": frappe.local.site,
		"people": [person(number, base, item) for number in range(people)],
		"stages": stages(),
		"new": {"doctype": "Opportunity", **base},
	}


def person(number: int, base: dict, item: str) -> dict:
	"""Return one of them, with a token and opportunities of both kinds: whose amount is typed, and follows from items."""
	user = make_user(number)
	owned = {"opportunity_owner": user.name, **base}
	rows = {
		"of_an_amount": {"opportunity_amount": 900},
		"of_items": {"items": [{"item_code": item, "qty": 2, "rate": 450}]},
	}
	opportunities = {
		kind: [make_opportunity({**owned, **values}) for _number in range(EACH)]
		for kind, values in rows.items()
	}
	frappe.db.commit()
	return {"user": user.name, "token": f"{user.api_key}:{user.get_password('api_secret')}", **opportunities}


def make_user(number: int):
	name = ADDRESS.format(number)
	if frappe.db.exists("User", name):
		return frappe.get_doc("User", name)
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": name,
			"first_name": f"Load {number}",
			"send_welcome_email": 0,
			"api_key": frappe.generate_hash(length=15),
			"api_secret": frappe.generate_hash(length=15),
			"roles": [
				{"role": role}
				for role in ("Sales User", *(("Sales Manager",) if number % MANAGERS_EVERY == 0 else ()))
			],
		}
	)
	user.flags.no_welcome_mail = True
	return user.insert()


def make_customer() -> str:
	if name := frappe.db.exists("Customer", {"customer_name": CUSTOMER}):
		return name
	return (
		frappe.get_doc({"doctype": "Customer", "customer_name": CUSTOMER, **groups("Customer")}).insert().name
	)


def make_item() -> str:
	if not frappe.db.exists("Item", ITEM):
		item = {"doctype": "Item", "item_code": ITEM, "item_name": "Rack", "stock_uom": "Nos"}
		frappe.get_doc({**item, **groups("Item")}).insert()
	return ITEM


def groups(doctype: str) -> dict:
	"""Return what ERPNext wants to know besides: the first leaf of each tree that the record must stand in."""
	trees = {"Customer": ("Customer Group", "Territory"), "Item": ("Item Group",)}[doctype]
	meta = frappe.get_meta(doctype)
	return {
		frappe.scrub(tree): frappe.db.get_value(tree, {"is_group": 0})
		for tree in trees
		if meta.has_field(frappe.scrub(tree))
	}


def make_opportunity(values: dict) -> str:
	return frappe.get_doc({"doctype": "Opportunity", "title": "Racking", **values}).insert().name


def stages() -> list[str]:
	"""Return the stages between which opportunities are moved: the open ones where the app tells them apart."""
	if frappe.db.exists("DocType", "Sales Process"):
		process = frappe.get_cached_doc("Sales Process", "Standard")
		return [row.sales_stage for row in process.stages if row.stage_type == "Open"]
	return frappe.get_all("Sales Stage", pluck="name", order_by="creation")
