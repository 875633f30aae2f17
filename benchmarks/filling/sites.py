"""Whether a site may be filled, filling it, and taking everything away again."""

import time
from types import ModuleType

import frappe
from frappe.query_builder.functions import Count
from pypika.terms import Criterion

from benchmarks.filling import in_play, years
from benchmarks.filling.copies import PREFIX, remove_owners

MARK = "BENCH"  # what the names or titles of all records begin with that a benchmark makes
# What a site would be missed for, and by which field a benchmark's own are known.
NAMED_BY = {"Opportunity": ("name", "title"), "Lead": ("first_name",), "Customer": ("customer_name",)}
FILLINGS: dict[str, ModuleType] = {"years": years, "in-play": in_play}
# Children before what they hang on.
OF_OPPORTUNITIES = {
	"Pipeline Change": "opportunity",
	"Pipeline Write": "opportunity",
	"Auto Closed Opportunity": "opportunity",
	"Lost Reason Detail": "parent",
	"Competitor Detail": "parent",
	"Opportunity Item": "parent",
	"Opportunity": "name",
	"Lost Reason": "name",
	"Competitor": "name",
	"Lead Source": "name",
	"Opportunity Type": "name",
}
REFERRING = {"Comment": "reference_doctype", "ToDo": "reference_type", "Communication": "reference_doctype"}


def foreign_records() -> dict[str, int]:
	"""Return how many records no benchmark has made, by DocType; none of an empty site."""
	found = {}
	for doctype, fields in NAMED_BY.items():
		table = frappe.qb.DocType(doctype)
		own = Criterion.any(table[field].like(f"{MARK}%") for field in fields)
		query = frappe.qb.from_(table).select(Count("*")).where(own)
		if others := frappe.db.count(doctype) - query.run()[0][0]:
			found[doctype] = others
	return found


def fill(filling: str, opportunities: int, changes: int) -> bool:
	"""Fill the site, unless it is; return whether that was to be done."""
	chosen = FILLINGS[filling]
	if chosen.is_filled(opportunities, changes):
		return False
	start = time.monotonic()
	remove()
	chosen.fill(opportunities, changes)
	frappe.db.commit()
	print(f"filled in {time.monotonic() - start:.0f} s")
	return True


def remove(prefix: str = PREFIX) -> None:
	"""Take the opportunities and all that belongs to them away again."""
	frappe.db.rollback()
	for doctype, field in OF_OPPORTUNITIES.items():
		frappe.db.delete(doctype, {field: ["like", f"{prefix}%"]})
		frappe.db.commit()
	for doctype, field in REFERRING.items():
		frappe.db.delete(doctype, {field: "Opportunity", "reference_name": ["like", f"{prefix}%"]})
	if prefix == PREFIX:
		remove_owners()
	frappe.db.commit()
