"""Opportunities that a nightly job has something to do with, beside those of a filled site."""

from collections.abc import Callable

import frappe

from benchmarks.filling.copies import copy, record_them_as_created
from benchmarks.filling.people import owner
from benchmarks.filling.sites import remove

PREFIX = "BENCHDUE-"
SEEDS = 20  # one of each owner

Values = Callable[[int], dict]


def make_due(count: int, fields: dict, values: Values) -> None:
	"""Make so many that a job is to find, after those of the turn before are taken away.

	Args:
		fields: with which they are inserted.
		values: of a number's, what is written over these without a save, so that the job has not come yet.
	"""
	remove_due()
	seeds = min(SEEDS, count)
	names = [make_seed(number, fields, values(number)) for number in range(1, seeds + 1)]
	frappe.db.delete("Pipeline Change", {"opportunity": ["in", names]})
	while len(names) < count:
		names += copy(names[: count - len(names)], len(names), PREFIX)
	record_them_as_created(PREFIX)


def make_seed(number: int, fields: dict, values: dict) -> str:
	seed = {"doctype": "Opportunity", "title": "BENCHDUE", "opportunity_owner": owner(number), **fields}
	name = frappe.get_doc(seed).insert(set_name=f"{PREFIX}{number}").name
	frappe.db.set_value("Opportunity", name, values, update_modified=False)
	return name


def remove_due() -> None:
	"""Take them away, with what the jobs made of them."""
	remove(PREFIX)
	for batch in frappe.get_all("Auto Close Batch", pluck="name", limit=0):
		if not frappe.db.exists("Auto Closed Opportunity", {"batch": batch}):
			frappe.db.delete("Notification Log", {"document_name": batch})
			frappe.db.delete("Auto Close Batch", {"name": batch})
	frappe.db.delete("Notification Log", {"document_name": ["like", f"{PREFIX}%"]})


def count_due(**filters: object) -> int:
	return frappe.db.count("Opportunity", {"name": ["like", f"{PREFIX}%"], **filters})
