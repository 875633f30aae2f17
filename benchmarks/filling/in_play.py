"""A pipeline in play: opportunities of twenty owners in all open stages, with dates around today."""

import frappe
from frappe.utils import add_days, add_to_date, now_datetime, today

from benchmarks.filling.copies import PREFIX, copy, make_owners, record_them_as_created
from benchmarks.filling.people import owner

SEEDS = 400
SOONEST, SPAN = -20, 90  # days from today on which closings and next contacts lie
WITHOUT_STEP, WITHOUT_CLOSING = 7, 11  # every n-th has none


def is_filled(opportunities: int, _changes: int) -> bool:
	found = frappe.db.count("Opportunity", {"name": ["like", f"{PREFIX}%"]})
	return found == opportunities and frappe.db.count("Pipeline Change", {"opportunity": f"{PREFIX}1"}) == 1


def fill(opportunities: int, _changes: int) -> None:
	"""Make so many opportunities in play, and let the database look at its tables again."""
	owners = make_owners()
	names = [make_seed(number, owners) for number in range(1, min(SEEDS, opportunities) + 1)]
	frappe.db.delete("Pipeline Change", {"opportunity": ["in", names]})
	while len(names) < opportunities:
		names += copy(names[: opportunities - len(names)], len(names))
		frappe.db.commit()
	record_them_as_created()
	frappe.db.commit()


def make_seed(number: int, owners: list[str]) -> str:
	"""Insert one; what belongs to it follows from its number, so that every run measures the same."""
	process = frappe.get_cached_doc("Sales Process", "Standard")
	stages = [row.sales_stage for row in process.stages if row.stage_type == "Open"]
	seed = frappe.get_doc(
		{
			"doctype": "Opportunity",
			"title": f"Racking for hall {number}",
			"opportunity_owner": owners[number % len(owners)],
			"sales_process": process.name,
			"sales_stage": stages[number * 3 % len(stages)],
			"opportunity_amount": 500 + number * 7919 % 90_000,
			"expected_closing": add_days(today(), number * 13 % SPAN) if number % WITHOUT_CLOSING else None,
		}
	)
	seed.insert(set_name=f"{PREFIX}{number}")
	frappe.db.set_value("Opportunity", seed.name, moments_of(number), update_modified=False)
	return seed.name


def moments_of(number: int) -> dict:
	"""When it was entered and when it is to be followed up, without the event that a save would plan."""
	entered = add_to_date(now_datetime(), hours=-1)
	planned = add_to_date(now_datetime(), days=SOONEST + number * 7 % SPAN, hours=number % 9)
	step = (
		{} if number % WITHOUT_STEP == 0 else {"next_contact_date": planned, "next_contact_by": owner(number)}
	)
	return {"creation": entered, "modified": entered, **step}
