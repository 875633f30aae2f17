"""A site full of opportunities, some of which are due to be closed."""

import frappe
from frappe.utils import add_days, now_datetime

from benchmarks.filling import PREFIX, copy, make_owners, record_them_as_created, remove_owners

INACTIVE_DAYS, FRESH_DAYS = 60, 2
TABLES = {
	"Opportunity": "name",
	"Pipeline Change": "opportunity",
	"Auto Closed Opportunity": "opportunity",
	"Comment": "reference_name",
}


def fill(opportunities: int, stale: int) -> None:
	"""Make so many opportunities, of which so many are replied and quiet for long; a third of the rest is replied."""
	owners = make_owners()
	make_seeds(owners, stale, "Replied", INACTIVE_DAYS, 0)
	rest = opportunities - stale
	make_seeds(owners, rest // 3, "Replied", FRESH_DAYS, stale)
	make_seeds(owners, rest - rest // 3, "Open", INACTIVE_DAYS, stale + rest // 3)
	record_them_as_created()
	frappe.db.commit()


def make_seeds(owners: list[str], count: int, status: str, days: int, offset: int) -> None:
	"""Insert opportunities of these owners in turn, from number `offset` + 1 on."""
	at = add_days(now_datetime(), -days)
	for number, owner in enumerate(owners[:count], offset + 1):
		seed = frappe.get_doc(
			{"doctype": "Opportunity", "title": "Bench", "opportunity_owner": owner, "status": status}
		)
		seed.insert(set_name=f"{PREFIX}{number}")
		values = {"status_since": at, "last_contacted_on": at if status == "Replied" else None}
		frappe.db.set_value("Opportunity", seed.name, values, update_modified=False)
	names = [f"{PREFIX}{number}" for number in range(offset + 1, offset + len(owners[:count]) + 1)]
	frappe.db.delete("Pipeline Change", {"opportunity": ["in", names]})
	while len(names) < count:
		names += copy(names[: count - len(names)], offset + len(names))


def remove() -> None:
	"""Take it all away again."""
	frappe.db.rollback()
	for doctype, field in TABLES.items():
		frappe.db.delete(doctype, {field: ["like", f"{PREFIX}%"]})
	for batch in frappe.get_all("Auto Close Batch", pluck="name"):
		if not frappe.db.exists("Auto Closed Opportunity", {"batch": batch}):
			frappe.db.delete("Notification Log", {"document_name": batch})
			frappe.db.delete("Auto Close Batch", {"name": batch})
	remove_owners()
	frappe.db.commit()
