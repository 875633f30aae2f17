"""Whom Frappe's lists show as assigned is who has an open task."""

import json
from collections import defaultdict
from functools import partial

import frappe
from frappe.query_builder.functions import Coalesce, Count, Max
from pypika import Case, Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from crm_pipeline.checks.correcting import set_fields
from crm_pipeline.checks.invariant import MINOR, Invariant, Repair
from crm_pipeline.utils.bulk_sql import fill, in_list

DONE = ("Cancelled", "Closed")  # tasks of any other status count as assigned in Frappe
task = Table("tabToDo")


def misstated(doctype: str) -> list[str]:
	"""Return the names of the records whose list of assigned users is not that of those with an open task."""
	listed = dict(_doubtful(doctype).run())
	users = _users_of(doctype, [*listed])
	return [name for name, assigned in listed.items() if _read(assigned) != users[name]]


def list_users(doctype: str, names: list[str]) -> None:
	"""Let records list the users with an open task."""
	users, name = _users_of(doctype, names), Table(f"tab{doctype}").name
	listed = Case()
	for each in names:
		listed = listed.when(name == each, json.dumps(sorted(users[each])))
	set_fields(doctype, names, {"_assign": listed})


def _doubtful(doctype: str) -> QueryBuilder:
	"""Return the query of records and their lists, but for those of one user or none that are plainly right."""
	table = Table(f"tab{doctype}")
	tasks = frappe.qb.from_(task).where(_counts(doctype)).groupby(task.reference_name)
	tasks = tasks.select(task.reference_name, Count("*").as_("number"), Max(task.allocated_to).as_("user"))
	tasks = tasks.as_("tasks")
	assigned, number = Coalesce(table["_assign"], ""), Coalesce(tasks.number, 0)
	none = (number == 0) & assigned.isin(["", "[]"])
	one = (number == 1) & (assigned == Coalesce(fill('["#"]', tasks.user), ""))
	query = frappe.qb.from_(table).left_join(tasks).on(tasks.reference_name == table.name)
	return query.select(table.name, table["_assign"]).where(~(none | one))


def _counts(doctype: str) -> Criterion:
	return (
		(task.reference_type == doctype) & task.status.notin(DONE) & (Coalesce(task.allocated_to, "") != "")
	)


def _users_of(doctype: str, names: list[str]) -> dict[str, set[str]]:
	users: dict[str, set[str]] = defaultdict(set)
	query = frappe.qb.from_(task).select(task.reference_name, task.allocated_to)
	for name, user in query.where(_counts(doctype) & task.reference_name.isin(in_list(names))).run():
		users[name].add(user)
	return users


def _read(assigned: str | None) -> set[str]:
	"""Return the users of a stored list; what is no list is nobody's."""
	try:
		listed = json.loads(assigned or "[]")
	except ValueError:
		return {assigned or ""}
	return {*listed} if isinstance(listed, list) else {str(listed)}


def _invariant(name: str, doctype: str) -> Invariant:
	return Invariant(
		name,
		doctype,
		f"{doctype}: whom lists show as assigned is who has an open task.",
		MINOR,
		"Repaired from the tasks.",
		partial(misstated, doctype),
		Repair(partial(list_users, doctype)),
	)


INVARIANTS = (
	_invariant("assigned-opportunities", "Opportunity"),
	_invariant("assigned-leads", "Lead"),
)
