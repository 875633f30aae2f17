from collections.abc import Callable
from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, cstr, get_first_day_of_week, get_fullname, getdate, strip_html
from pypika import Order, Table
from pypika.queries import QueryBuilder

from crm_pipeline.crm_pipeline.report.utils import choice, column, read, several
from crm_pipeline.permissions.field_levels import readable, readable_columns
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules.due import DONE, LATER, OVERDUE, STATES, THIS_WEEK, TODAY, due_state

MOST = 2000  # rows of each kind, the newest
EXCERPT = 140
STATES_ASKED: dict[str, list[str]] = {
	"Open": [state for state in STATES if state != DONE],
	**{state: [state] for state in STATES},
	"All": list(STATES),
}
OPPORTUNITY_FIELDS = ("title", "customer_name")

opportunity = Table("tabOpportunity")
todo = Table("tabToDo")
event = Table("tabEvent")
participant = Table("tabEvent Participants")
communication = Table("tabCommunication")


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict]]:
	"""Return tasks, events and what was said, over all opportunities that the user may see.

	Filters: kind (Task, Event, Email, Call, Meeting, All), state (Open, Overdue, Today, This Week, Later, Done, All),
	user, sales_process, delegated (1: tasks that one has given to others).
	"""
	filters = read(filters)
	sources = choice(filters, "kind", KINDS)
	states = choice(filters, "state", STATES_ASKED)
	rows = [row for source in sources for row in source(filters) if row["state"] in states]
	return readable_columns("Opportunity", get_columns()), _sorted(_with_people(rows, filters))


def get_columns() -> list[dict]:
	"""Return the columns; the opportunity leads to it, the record to what was planned or said."""
	return [
		column("state", _("Due"), "Data", 96),
		column("at", _("Date"), "Date", 120),
		column("kind", _("Kind"), "Data", 84),
		column("what", _("What"), "Data", 230),
		column("user_name", _("User"), "Data", 120),
		column("given_by", _("Assigned By"), "Data", 120),
		column("opportunity", _("Opportunity"), "Link", 190, options="Opportunity"),
		column("title", _("Opportunity Name"), "Data", 170),
		column("customer_name", _("Party Name"), "Data", 130),
		column("doctype", _("Document Type"), "Data", 110, hidden=1),
		column("record", _("Record"), "Dynamic Link", 130, options="doctype"),
	]


def tasks(filters: dict) -> list[dict]:
	"""Return ToDos; as on Frappe's forms, whoever reads the opportunity sees who is to do what."""
	query = _on_opportunities(todo, filters, todo.reference_type, todo.reference_name)
	query = query.where(todo.status != "Cancelled").select(
		todo.name, todo.description.as_("what"), todo.date.as_("at"), todo.allocated_to.as_("user")
	)
	query = query.select(todo.assigned_by, todo.status, todo.modified).orderby(
		todo.creation, order=Order.desc
	)
	if _only_delegated(filters):
		me = frappe.session.user
		query = query.where((todo.assigned_by == me) & (todo.allocated_to != me))
	return [_row("ToDo", "Task", row, row.status == "Closed", row.at) for row in query.run(as_dict=True)]


def events(filters: dict) -> list[dict]:
	"""Return Events in which an opportunity takes part, as far as the user may see them."""
	if _only_delegated(filters) or not frappe.has_permission("Event", "read"):
		return []
	query = frappe.qb.from_(event).join(participant).on(participant.parent == event.name)
	query = query.join(opportunity).on(opportunity.name == participant.reference_docname)
	query = query.where(participant.parenttype == "Event").where(
		participant.reference_doctype == "Opportunity"
	)
	query = _narrowed(query, filters).where(visible("Event")).where(event.status != "Cancelled")
	query = query.select(
		event.name, event.subject.as_("what"), event.starts_on.as_("at"), event.owner.as_("user")
	)
	query = query.select(event.status).orderby(event.starts_on, order=Order.desc)
	return [_row("Event", "Event", row, row.status != "Open", row.at) for row in query.run(as_dict=True)]


def said(kind: str, media: tuple[str, ...]) -> Callable[[dict], list[dict]]:
	"""Return a source of what was said by one of these media."""

	def source(filters: dict) -> list[dict]:
		if _only_delegated(filters):
			return []
		query = _on_opportunities(
			communication, filters, communication.reference_doctype, communication.reference_name
		)
		query = query.where(communication.communication_type == "Communication")
		query = query.where(communication.communication_medium.isin(media)).select(
			communication.name, communication.subject.as_("what"), communication.communication_date.as_("at")
		)
		query = query.select(communication.owner.as_("user")).orderby(
			communication.communication_date, order=Order.desc
		)
		return [_row("Communication", kind, row, True, row.at) for row in query.run(as_dict=True)]

	return source


EMAIL = said("Email", ("Email",))
CALL = said("Call", ("Phone",))
MEETING = said("Meeting", ("Visit", "Meeting"))
KINDS: dict[str, list[Callable[[dict], list[dict]]]] = {
	"Task": [tasks],
	"Event": [events],
	"Email": [EMAIL],
	"Call": [CALL],
	"Meeting": [MEETING],
	"All": [tasks, events, EMAIL, CALL, MEETING],
}


def _on_opportunities(table: object, filters: dict, kind: object, name: object) -> QueryBuilder:
	query = frappe.qb.from_(table).join(opportunity).on(opportunity.name == name)
	return _narrowed(query.where(kind == "Opportunity"), filters)


def _narrowed(query: QueryBuilder, filters: dict) -> QueryBuilder:
	"""Keep to opportunities that the user may see, of the processes filtered on, with what the columns show of them."""
	query = query.where(visible("Opportunity")).select(opportunity.name.as_("opportunity"))
	if processes := several(filters.get("sales_process")):
		query = query.where(opportunity.sales_process.isin(processes))
	fields = readable("Opportunity", OPPORTUNITY_FIELDS)
	return query.select(*(opportunity[field] for field in fields)).limit(MOST)


def _only_delegated(filters: dict) -> bool:
	return bool(cint(filters.get("delegated")))


def _row(doctype: str, kind: str, row: dict, is_done: bool, at: date | None) -> dict:
	today, day = getdate(), getdate(at) if at else None
	return {
		**row,
		"state": due_state(is_done, day, today, getdate(get_first_day_of_week(today))),
		"at": day,
		"kind": _label(kind),
		"what": strip_html(cstr(row["what"])).strip()[:EXCERPT],
		"doctype": doctype,
		"record": row["name"],
	}


def _with_people(rows: list[dict], filters: dict) -> list[dict]:
	users = several(filters.get("user"))
	rows = [row for row in rows if not users or row["user"] in users]
	for row in rows:
		row["user_name"] = get_fullname(row["user"]) if row["user"] else None
		row["given_by"] = get_fullname(row["assigned_by"]) if row.get("assigned_by") else None
		row["is_overdue"] = int(row["state"] == OVERDUE)
	return rows


def _sorted(rows: list[dict]) -> list[dict]:
	"""Return what is open first, the earliest first and what has no day last; then what is done, the newest first."""
	is_open = [row for row in rows if row["state"] != DONE]
	is_open.sort(key=lambda row: (row["at"] is None, row["at"] or date.max, row["name"]))
	done = [row for row in rows if row["state"] == DONE]
	done.sort(key=lambda row: (row["at"] or date.min, row["name"]), reverse=True)
	for row in rows:
		row["state"] = _label(row["state"])
	return [*is_open, *done]


def _label(word: str) -> str:
	"""Return a kind or state in the language of the session's user."""
	return {
		"Task": _("Task"),
		"Event": _("Event"),
		"Email": _("Email"),
		"Call": _("Call"),
		"Meeting": _("Meeting"),
		OVERDUE: _("Overdue"),
		TODAY: _("Today"),
		THIS_WEEK: _("This Week"),
		LATER: _("Later"),
		DONE: _("Done"),
	}[word]
