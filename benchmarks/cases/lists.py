"""Pages of Desk's list of opportunities, and how many there are, beside the bare statement that finds the same rows by the best index."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import frappe
from frappe.query_builder.functions import Count

from benchmarks.apps import App
from benchmarks.case import Case, Goal
from benchmarks.filling.copies import PREFIX
from benchmarks.filling.people import owner

LIMITED, SEEN = "bench-limited@example.com", 500
FIELDS = ("name", "title", "status", "sales_stage", "opportunity_owner", "expected_closing", "modified")
PAGE, FAR = 20, 5000
OPEN = {"status": "Open"}
SETTINGS, VISIBILITY = "Selling Settings", "opportunity_visibility"
WITHIN = Goal(of_floor_in_statements=1.2)


class Page(NamedTuple):
	"""A page of the list: its filters, how many rows are skipped, and whose rows only are seen."""

	filters: dict
	start: int = 0
	seen_of: str = ""


def cases() -> Iterator[Case]:
	of_owner = {"opportunity_owner": owner(3)}
	of_stage = {"sales_stage": "Pitching", **OPEN}
	for name, page in {
		"first page": Page({}),
		"first page of an owner": Page(of_owner),
		"first page of a stage in play": Page(of_stage),
		f"rows {FAR:,} and on": Page({}, FAR),
	}.items():
		yield Case(
			f"list, {name}", partial(listed, page), partial(listed, page), partial(bare, page), goal=WITHIN
		)
	for name, page in {
		"first page": Page({}, 0, LIMITED),
		"last page": Page({}, SEEN - PAGE, LIMITED),
		"in play": Page(OPEN, 0, LIMITED),
	}.items():
		yield Case(
			f"list of who sees {SEEN}, {name}",
			partial(listed, page),
			None,
			partial(bare, page),
			limit_user,
			teardown=free_user,
			user=LIMITED,
			goal=WITHIN,
		)
	for name, filters in {"all": {}, "in play": OPEN, "of an owner": of_owner}.items():
		yield Case(
			f"count, {name}",
			partial(counted, filters),
			partial(counted, filters),
			partial(bare_count, filters),
			bench_only=True,
		)


def listed(page: Page, _made: object) -> str:
	"""Ask for a page in the order in which the app's own list is."""
	meta = frappe.get_meta("Opportunity")
	rows = frappe.get_list(
		"Opportunity",
		filters=page.filters,
		fields=list(FIELDS),
		order_by=f"{meta.sort_field or 'modified'} {meta.sort_order or 'desc'}",
		limit_start=page.start,
		limit_page_length=PAGE,
	)
	return frappe.as_json(rows)


def bare(page: Page, _made: object) -> str:
	"""Ask by the statement that knows whose the rows are, and reads only the rows of the page."""
	table = frappe.qb.DocType("Opportunity")
	meta = frappe.get_meta("Opportunity")
	names = matching(page.filters)
	if page.seen_of:
		names = names.where(table.opportunity_owner == page.seen_of)
	names = names.select(table.name).orderby(table[meta.sort_field or "modified"], order=frappe.qb.desc)
	names = names.limit(PAGE).offset(page.start).as_("names")
	query = frappe.qb.from_(names).join(table).on(table.name == names.name)
	return frappe.as_json(query.select(*(table[field] for field in FIELDS)).run(as_dict=True))


def matching(filters: dict):
	table = frappe.qb.DocType("Opportunity")
	query = frappe.qb.from_(table)
	for field, value in filters.items():
		query = query.where(table[field] == value)
	return query


def counted(filters: dict, _made: object) -> int:
	"""Ask for the number that Desk shows below a list."""
	from frappe.desk.reportview import get_count

	frappe.local.form_dict = frappe._dict(
		doctype="Opportunity", filters=frappe.as_json(filters), fields="[]", distinct="false"
	)
	return get_count()


def bare_count(filters: dict, _made: object) -> int:
	return matching(filters).select(Count("*")).run()[0][0]


class Seen(NamedTuple):
	owners: dict[str, str]
	visibility: str


def limit_user(app: App) -> Seen:
	"""Let a user see SEEN opportunities at most of all; return what was before."""
	step = max(app.size // SEEN, 1)
	names = [f"{PREFIX}{number}" for number in range(1, min(SEEN * step, app.size) + 1, step)]
	former = frappe.get_all("Opportunity", {"name": ["in", names]}, ["name", "opportunity_owner"], limit=0)
	visibility = frappe.db.get_single_value(SETTINGS, VISIBILITY)
	user = {"doctype": "User", "email": LIMITED, "first_name": "Bench", "send_welcome_email": 0}
	frappe.get_doc(user).insert().add_roles("Sales User")
	own({row.name: LIMITED for row in former})
	see("Own, Assigned and Shared")
	return Seen({row.name: row.opportunity_owner for row in former}, visibility)


def free_user(_app: App, seen: Seen | None) -> None:
	if seen:
		see(seen.visibility)
		own(seen.owners)
	frappe.delete_doc("User", LIMITED, force=True, ignore_missing=True)


def own(owners: dict[str, str]) -> None:
	table = frappe.qb.DocType("Opportunity")
	for each in set(owners.values()):
		names = [name for name, its in owners.items() if its == each]
		frappe.qb.update(table).set(table.opportunity_owner, each).where(table.name.isin(names)).run()


def see(visibility: str) -> None:
	frappe.db.set_single_value(SETTINGS, VISIBILITY, visibility)
	frappe.clear_document_cache(SETTINGS, SETTINGS)
