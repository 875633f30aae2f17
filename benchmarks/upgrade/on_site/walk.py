"""From a lead to a won opportunity over REST, and every function of the first page for integrators, as it says there."""

import json
from collections.abc import Callable
from typing import Any

import frappe
from frappe.utils import add_days, today
from rest import USER, Refused, create, get, post, read, run_method, update

DOCTYPES = "crm_pipeline.crm_pipeline.doctype"


def run(_given: dict) -> dict:
	problems = []
	try:
		from_lead_to_won()
	except (AssertionError, Refused) as problem:
		problems.append(f"from lead to won: {problem}")
	for step in (write_about_one, follow_up, assign, hand_over, map_others):
		problems += attempt(step)
	return {"problems": problems}


def attempt(step: Callable) -> list[str]:
	try:
		step()
	except (AssertionError, Refused) as problem:
		return [f"{step.__name__}: {problem}"]
	return []


def expect(what: str, found, wanted) -> None:
	assert found == wanted, f"{what} is {found!r}, not {wanted!r}"


def map_from(function: str, source: str, **values: Any) -> dict:
	"""Return the document that a mapper returns, stored."""
	mapped = get(f"{DOCTYPES}.{function}", source_name=source)
	return create(mapped["doctype"], **{**mapped, "name": None, **values})


def from_lead_to_won() -> None:
	lead = create("Lead", first_name="Grace", last_name="Hopper", email_id="grace@example.org")
	expect("the lead's owner", read("Lead", lead["name"])["lead_owner"], USER)
	name = map_from("lead.lead.make_opportunity", lead["name"], opportunity_amount=500)["name"]
	run_method("Opportunity", name, "advance")
	quotation = map_from("opportunity.opportunity.make_quotation", name)["name"]
	update("Quotation", quotation, docstatus=1)
	expect("its status", read("Opportunity", name)["status"], "Quotation")
	run_method("Quotation", quotation, "mark_ordered")
	won = read("Opportunity", name)
	expect("its end", (won["status"], won["sales_stage"], won["probability"]), ("Converted", "Won", 100))
	map_from("opportunity.opportunity.make_customer", name)


def write_about_one() -> None:
	name = create("Opportunity", title="Walked", opportunity_amount=10)["name"]
	reason = frappe.db.get_value("Lost Reason", {})
	ask(name, "pause", "Paused", until=add_days(today(), 3), reason="Budget")
	ask(name, "resume", "Open")
	ask(name, "advance", "Open", override_reason="")
	ask(name, "step_back", "Open")
	ask(name, "declare_lost", "Lost", lost_reasons=[reason], competitors=[], detailed_reason="Too late")
	ask(name, "reopen", "Open")
	ask(name, "mark_won", "Converted", close_revenue=9, closed_on=today())


def ask(name: str, method: str, status: str, **arguments: Any) -> None:
	run_method("Opportunity", name, method, **arguments)
	expect(f"the status after {method}", read("Opportunity", name)["status"], status)


def follow_up() -> None:
	contact = {"next_contact_by": USER, "next_contact_date": f"{add_days(today(), 2)} 10:00:00"}
	name = create("Opportunity", title="Followed", **contact)["name"]
	run_method("Opportunity", name, "snooze_follow_up", until=f"{add_days(today(), 3)} 10:00:00")
	run_method("Opportunity", name, "move_follow_up", to=f"{add_days(today(), 4)} 10:00:00")
	done = {"outcome": "Reached", "medium": "Phone", "next_contact_by": USER, "to_discuss": "Price"}
	planned = f"{add_days(today(), 9)} 10:00:00"
	run_method("Opportunity", name, "complete_follow_up", **done, next_contact_date=planned)
	expect("the next contact", read("Opportunity", name)["next_contact_date"], planned)


def assign() -> None:
	rules = get("crm_pipeline.api.assignment.get_rules")
	(rule,) = [each for each in rules if each["name"] == "Leads in Turn"]
	expect("the users of the rule", [each["user"] for each in rule["users"]], [USER])
	post("crm_pipeline.api.assignment.disable_rule", rule=rule["name"])
	post("crm_pipeline.api.assignment.enable_rule", rule=rule["name"], users=json.dumps([USER]))


def hand_over() -> None:
	get("crm_pipeline.api.handover.preview_handover", leaver=USER)
	seller = frappe.db.get_value("Opportunity", {"opportunity_owner": ["!=", USER]}, "opportunity_owner")
	moved = post("crm_pipeline.api.handover.hand_over", leaver=seller, successor=USER)
	assert moved["opportunities"], "no opportunity was handed over"


def map_others() -> None:
	item = frappe.db.get_value("Item", {})
	offered = [{"item_code": item, "qty": 1, "rate": 5}]
	name = create("Opportunity", title="Bought", with_items=1, items=offered)["name"]
	supplier = create("Supplier", supplier_name="Supplier of the Walk")["name"]
	bought = map_from("opportunity.opportunity.make_supplier_quotation", name, supplier=supplier)["name"]
	get(f"{DOCTYPES}.supplier_quotation.supplier_quotation.make_quotation", source_name=bought)
	contact = frappe.db.get_value("Contact", {})
	for module in ("mapping", "opportunity"):
		get(f"{DOCTYPES}.opportunity.{module}.make_opportunity_from_contact", source_name=contact)
	lead = create("Lead", first_name="Mary", company_name="Mill Inc")["name"]
	map_from("lead.lead.make_customer", lead)
