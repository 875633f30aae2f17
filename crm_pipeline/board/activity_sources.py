"""Where the list of activities finds what is planned and what was done, a query for each kind.

Each reads opportunities by the one criterion of who sees what, and leaves to its caller which part of it is wanted.
"""

from collections.abc import Callable
from typing import NamedTuple

import frappe
from frappe.query_builder.functions import Coalesce
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term, ValueWrapper

from crm_pipeline.board.activity_sections import DONE, OVERDUE, Limits, by_day, by_moment, done_lately
from crm_pipeline.board.filters import narrowing
from crm_pipeline.board.states import at_work, in_play
from crm_pipeline.follow_ups.calendar import OPEN
from crm_pipeline.history.changes import FOLLOW_UP as FOLLOW_UP_DONE
from crm_pipeline.history.rotting import opportunity
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules.view_filters import Filters
from crm_pipeline.utils.bulk_sql import Exists

FOLLOW_UP, TASK, EVENT, CALL, MEETING, EMAIL = "follow_up", "task", "event", "call", "meeting", "email"
KINDS = (FOLLOW_UP, TASK, EVENT, CALL, MEETING, EMAIL)
CATEGORIES = {CALL: ("Call",), MEETING: ("Meeting",)}  # of Events; what has another is an event
MEDIA = {CALL: ("Phone",), MEETING: ("Meeting", "Visit"), EMAIL: ("Email",)}  # of Communications

todo = Table("tabToDo")
event = Table("tabEvent")
participant = Table("tabEvent Participants")
communication = Table("tabCommunication")
change = Table("tabPipeline Change")


class Asked(NamedTuple):
	"""What is asked for: of which opportunities, people (everybody's if none) and kind, and whether only what the user gave to others."""

	filters: Filters
	users: list[str]
	kind: str | None
	delegated: bool
	limits: Limits
	processes: list[str] | None = None


class Source(NamedTuple):
	"""One kind of record: `doctype`, how it is found, which part of it a section has, and its columns by COLUMNS."""

	doctype: str
	find: Callable[[Asked], QueryBuilder | None]
	part: Callable[[str, Limits], Criterion]
	columns: dict[str, Term]


# What every source tells: its record, when it is or was due, what it says, whose it is, who gave it, and of which sort.
COLUMNS = ("record", "at", "what", "user", "given_by", "sort", "all_day")


def _follow_ups(asked: Asked) -> QueryBuilder | None:
	"""Find next contacts of what is in play; a pause asks for nothing but what was missed before or in it."""
	if not _is_asked(asked, FOLLOW_UP) or not is_readable(
		"Opportunity", "next_contact_date", "next_contact_by"
	):
		return None
	query = _of(asked, frappe.qb.from_(opportunity), opportunity.next_contact_by)
	return query.where(in_play() & opportunity.next_contact_date.isnotnull())


def _follow_ups_in(section: str, ends: Limits) -> Criterion:
	found = by_moment(opportunity.next_contact_date, section, ends)
	return found if section == OVERDUE else found & at_work()


def _tasks(status: str) -> Callable[[Asked], QueryBuilder | None]:
	def find(asked: Asked) -> QueryBuilder | None:
		if asked.kind not in (None, TASK):
			return None
		query = _on(frappe.qb.from_(todo), todo.reference_type, todo.reference_name)
		query = query.where(todo.status == status)
		if asked.delegated:
			me = frappe.session.user
			query = query.where((todo.assigned_by == me) & (todo.allocated_to != me))
		return _of(asked, query, todo.allocated_to)

	return find


def _events(*statuses: str) -> Callable[[Asked], QueryBuilder | None]:
	"""Find entries of the calendar in which an opportunity takes part, that the user may see; not its next contact's own.

	What repeats has no end that could be reached: the calendar shows it.
	"""

	def find(asked: Asked) -> QueryBuilder | None:
		if not _is_asked(asked, EVENT, CALL, MEETING) or not frappe.has_permission("Event", "read"):
			return None
		query = frappe.qb.from_(event).join(participant).on(participant.parent == event.name)
		query = query.join(opportunity).on(opportunity.name == participant.reference_docname)
		query = query.where(
			(participant.parenttype == "Event") & (participant.reference_doctype == "Opportunity")
		)
		query = query.where(visible("Event")).where(
			event.status.isin(statuses) & (event.repeat_this_event == 0)
		)
		if asked.kind:
			query = query.where(_of_category(asked.kind))
		return _of(asked, query, event.owner)

	return find


def _planned_events(asked: Asked) -> QueryBuilder | None:
	query, own = _events("Open")(asked), opportunity.follow_up_event
	return query.where(own.isnull() | (own != event.name)) if query else None


def _past_events(asked: Asked) -> QueryBuilder | None:
	"""Find what took place, but for the own entries of next contacts that were done, of which the history tells."""
	query = _events("Completed", "Closed")(asked)
	if not query or not _may_read_history():
		return query
	return query.where(_is_told_by_history("follow_up_event", event.name).negate())


def _of_category(kind: str) -> Criterion:
	if kind in CATEGORIES:
		return event.event_category.isin(CATEGORIES[kind])
	others = [each for categories in CATEGORIES.values() for each in categories]
	return event.event_category.isnull() | event.event_category.notin(others)


def _events_in(section: str, ends: Limits) -> Criterion:
	begins, over = event.starts_on, Coalesce(event.ends_on, event.starts_on)
	moments = by_moment(begins, section, ends, over)
	days = by_day(begins, section, ends, " 23:59:59.999999", over)
	return ((event.all_day == 0) & moments) | ((event.all_day == 1) & days)


def _follow_ups_done(asked: Asked) -> QueryBuilder | None:
	if not _is_asked(asked, FOLLOW_UP) or not _may_read_history():
		return None
	query = frappe.qb.from_(change).join(opportunity).on(opportunity.name == change.opportunity)
	query = query.where(visible("Pipeline Change")).where(_is_done())
	return _of(asked, query, change.by)


def _may_read_history() -> bool:
	return frappe.has_permission("Pipeline Change", "read")


def _is_done() -> Criterion:
	"""Match follow-ups done but those taken back: their entry is open again, or told of by the one that was done after all."""
	again, entry = change.as_("again"), event.as_("entry")
	reopened = frappe.qb.from_(entry).select(entry.name)
	reopened = reopened.where((entry.name == change.follow_up_event) & (entry.status == OPEN))
	redone = frappe.qb.from_(again).select(again.name).where(again.opportunity == change.opportunity)
	redone = redone.where((again.idx > change.idx) & (again.follow_up_event == change.follow_up_event))
	is_done = change.change == FOLLOW_UP_DONE
	return is_done & Exists(reopened).negate() & Exists(redone).negate()


def _is_told_by_history(link: str, name: Term) -> Criterion:
	"""Match what a follow-up that is told of as done names as its own."""
	done = frappe.qb.from_(change).select(change.name).where(change.opportunity == opportunity.name)
	return Exists(done.where((change[link] == name) & _is_done()))


def _said(asked: Asked) -> QueryBuilder | None:
	"""Find calls, meetings and the mails that we sent; whoever reads the opportunity reads them.

	A follow-up done as a call is one thing: a call to who asks for calls alone, a follow-up among all.
	"""
	if not _is_asked(asked, *MEDIA):
		return None
	query = _on(frappe.qb.from_(communication), communication.reference_doctype, communication.reference_name)
	query = query.where(communication.communication_type == "Communication")
	query = query.where(
		done_lately(communication.modified, asked.limits)
	)  # indexed, and no earlier than what was said
	kinds = (asked.kind,) if asked.kind else tuple(MEDIA)
	media = [medium for kind in kinds for medium in MEDIA[kind]]
	query = query.where(
		communication.communication_medium.isin(media) & (communication.sent_or_received == "Sent")
	)
	if not asked.kind and _may_read_history():
		query = query.where(_is_told_by_history("follow_up_conversation", communication.name).negate())
	return _of(asked, query, communication.owner)


def _is_asked(asked: Asked, *kinds: str) -> bool:
	return not asked.delegated and (asked.kind is None or asked.kind in kinds)


def _on(query: QueryBuilder, kind: Term, name: Term) -> QueryBuilder:
	return query.join(opportunity).on(opportunity.name == name).where(kind == "Opportunity")


def _of(asked: Asked, query: QueryBuilder, user: Term) -> QueryBuilder:
	"""Keep to opportunities that the user sees and the filters leave, and to the people who are asked for."""
	query = query.where(visible("Opportunity")).where(narrowing(asked.filters))
	if asked.processes:
		query = query.where(opportunity.sales_process.isin(asked.processes))
	return query.where(user.isin(asked.users)) if asked.users else query


def _lately(at: Term) -> Callable[[str, Limits], Criterion]:
	return lambda section, ends: done_lately(at, ends)


def _past_events_in(section: str, ends: Limits) -> Criterion:
	moments = (event.all_day == 0) & done_lately(event.starts_on, ends)
	return moments | ((event.all_day == 1) & (event.starts_on >= ends.first_day))


def _columns(record: Term, at: Term, what: Term, user: Term, **more: Term) -> dict[str, Term]:
	given = {"record": record, "at": at, "what": what, "user": user, "all_day": ValueWrapper(0), **more}
	return {name: given.get(name, ValueWrapper("")) for name in COLUMNS}


_OF_TASKS = {"what": todo.description, "user": todo.allocated_to, "given_by": todo.assigned_by}
_OF_EVENTS = _columns(
	event.name, event.starts_on, event.subject, event.owner, sort=event.event_category, all_day=event.all_day
)
_SOURCES_PLANNED = (
	Source(
		"Opportunity",
		_follow_ups,
		_follow_ups_in,
		_columns(
			opportunity.name,
			opportunity.next_contact_date,
			opportunity.to_discuss,
			opportunity.next_contact_by,
		),
	),
	Source(
		"ToDo",
		_tasks("Open"),
		lambda section, ends: by_day(todo.date, section, ends),
		_columns(todo.name, todo.date, **_OF_TASKS, all_day=ValueWrapper(1)),
	),
	Source("Event", _planned_events, _events_in, _OF_EVENTS),
)
_SOURCES_DONE = (
	Source(
		"Pipeline Change",
		_follow_ups_done,
		_lately(change.at),
		_columns(change.name, change.at, ValueWrapper(""), change.by),
	),
	Source("ToDo", _tasks("Closed"), _lately(todo.modified), _columns(todo.name, todo.modified, **_OF_TASKS)),
	Source("Event", _past_events, _past_events_in, _OF_EVENTS),
	Source(
		"Communication",
		_said,
		_lately(communication.communication_date),
		_columns(
			communication.name,
			communication.communication_date,
			communication.subject,
			communication.owner,
			sort=communication.communication_medium,
		),
	),
)


def sources_of(section: str) -> tuple[Source, ...]:
	return _SOURCES_DONE if section == DONE else _SOURCES_PLANNED
