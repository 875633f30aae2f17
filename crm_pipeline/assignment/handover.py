"""Move what is one user's to another, kind by kind, with as many statements for one record as for all.

Ended opportunities stay with whoever owned them. A task or appointment passes if it is about a record of the pipeline.
"""

import json
from html import unescape
from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import now, strip_html, today
from pypika import Table
from pypika.terms import Criterion, Term

from crm_pipeline.constants import QUOTING_DOCTYPES
from crm_pipeline.follow_ups.calendar_bulk import hand_over_events
from crm_pipeline.history.changes import record_change_of_many
from crm_pipeline.rules import status
from crm_pipeline.utils.bulk_sql import replace

FIRST_ROWS = 5
TITLE_LENGTH = 140
SUBJECTS = ("Opportunity", *QUOTING_DOCTYPES, "Lead", "Customer", "Supplier", "Contact")


class Kind(NamedTuple):
	"""Records of a DocType that name their user in `field` and are shown by `title`."""

	key: str
	doctype: str
	field: str
	title: str


OPPORTUNITIES = Kind("opportunities", "Opportunity", "opportunity_owner", "title")
FOLLOW_UPS = Kind("follow_ups", "Opportunity", "next_contact_by", "title")
LEADS = Kind("leads", "Lead", "lead_owner", "lead_name")
CUSTOMERS = Kind("customers", "Customer", "account_manager", "customer_name")
TASKS = Kind("tasks", "ToDo", "allocated_to", "description")
EVENTS = Kind("events", "Event", "owner", "subject")
KINDS = (OPPORTUNITIES, FOLLOW_UPS, LEADS, CUSTOMERS, TASKS, EVENTS)


def labels() -> dict[str, str]:
	"""Return what the kinds are called, by their keys."""
	return {
		"opportunities": _("Open opportunities"),
		"follow_ups": _("Next contacts"),
		"leads": _("Leads"),
		"customers": _("Customers"),
		"tasks": _("Open tasks"),
		"events": _("Appointments to come"),
	}


def counts_of(from_user: str) -> dict[str, int]:
	"""Return how many records of each kind would pass on, by the keys of the kinds."""
	return {kind.key: _count(kind, from_user) for kind in KINDS}


def first_rows(kind: Kind, from_user: str) -> list[dict]:
	"""`name` and `title` of the first few records of a kind, as text without markup."""
	table = frappe.qb.DocType(kind.doctype)
	query = frappe.qb.from_(table).select(table.name, table[kind.title].as_("title"))
	rows = query.where(_passing(kind, from_user)).orderby(table.name).limit(FIRST_ROWS).run(as_dict=True)
	return [{"name": row.name, "title": _as_text(row.title)} for row in rows]


def transfer(from_user: str, to_user: str) -> dict[str, list[str]]:
	"""Make another user the one of all that passes on. Returns the names, by the keys of the kinds."""
	moved = {kind.key: _move(kind, from_user, to_user) for kind in KINDS}
	if moved[OPPORTUNITIES.key]:
		record_change_of_many(moved[OPPORTUNITIES.key], "Owner")
	hand_over_events(moved[FOLLOW_UPS.key], to_user)
	if moved[TASKS.key]:
		_reassign(moved[TASKS.key], from_user, to_user)
	return moved


def _as_text(title: str | None) -> str:
	return unescape(strip_html(title or "")).strip()[:TITLE_LENGTH]


def _count(kind: Kind, from_user: str) -> int:
	table = frappe.qb.DocType(kind.doctype)
	return frappe.qb.from_(table).select(Count(table.name)).where(_passing(kind, from_user)).run()[0][0]


def _move(kind: Kind, from_user: str, to_user: str) -> list[str]:
	table = frappe.qb.DocType(kind.doctype)
	query = frappe.qb.from_(table).select(table.name).where(_passing(kind, from_user)).for_update()
	names = [row[0] for row in query.run()]
	if names:
		update = frappe.qb.update(table).where(table.name.isin(names)).set(table[kind.field], to_user)
		update.set(table.modified, now()).set(table.modified_by, frappe.session.user).run()
		frappe.clear_document_cache(kind.doctype)
	return names


def _passing(kind: Kind, from_user: str) -> Criterion:
	table = frappe.qb.DocType(kind.doctype)
	mine = table[kind.field] == from_user
	if kind.doctype == "Opportunity":
		return mine & table.status.isin(sorted(status.IN_PLAY))
	if kind is TASKS:
		return mine & (table.status == "Open") & _about_pipeline(table)
	if kind is EVENTS:
		return mine & (table.status == "Open") & _to_come(table) & _with_pipeline(table)
	return mine


def _about_pipeline(task: Table) -> Criterion:
	"""Return a task about one of our records; one about none too, if the session's user may see it anyway."""
	about = task.reference_type.isin(_subjects())
	if "System Manager" in frappe.get_roles():
		about |= task.reference_type.isnull() | (task.reference_type == "")
	return about


def _to_come(event: Table) -> Criterion:
	repeats = (event.repeat_this_event == 1) & (event.repeat_till.isnull() | (event.repeat_till >= today()))
	return (event.starts_on >= today()) | (event.ends_on >= today()) | repeats


def _with_pipeline(event: Table) -> Criterion:
	"""One of our records takes part, or the event is public and about none; a private one may be personal."""
	row = frappe.qb.DocType("Event Participants")
	rows = frappe.qb.from_(row).select(row.parent).where(row.parenttype == "Event")
	with_ours = event.name.isin(rows.where(row.reference_doctype.isin(_subjects())))
	return with_ours | ((event.event_type == "Public") & event.name.notin(rows))


def _subjects() -> list[str]:
	return sorted({*SUBJECTS, *frappe.get_cached_doc("Selling Settings").allowed_party_types()})


def _reassign(tasks: list[str], from_user: str, to_user: str) -> None:
	"""Let the records that the tasks are about name the new user, once, as assigned."""
	task = frappe.qb.DocType("ToDo")
	query = frappe.qb.from_(task).select(task.reference_type).distinct().where(task.name.isin(tasks))
	for (doctype,) in query.where(task.reference_type.isin(_subjects())).run():
		_replace_assigned(doctype, from_user, to_user)


def _replace_assigned(doctype: str, from_user: str, to_user: str) -> None:
	"""Records keep who is assigned as a JSON list in `_assign`."""
	table = frappe.qb.DocType(doctype)
	assigned, old, new = table["_assign"], json.dumps(from_user), json.dumps(to_user)
	without = replace(replace(assigned, f", {old}", ""), f"{old}, ", "")
	both = _contains(assigned, old) & _contains(assigned, new)
	frappe.qb.update(table).set(assigned, without).where(both).run()
	frappe.qb.update(table).set(assigned, replace(assigned, old, new)).where(_contains(assigned, old)).run()
	frappe.clear_document_cache(doctype)


def _contains(text: Term, part: str) -> Criterion:
	"""Exactly, where LIKE would take an underscore for any character."""
	return replace(text, part, "") != text
