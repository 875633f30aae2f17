"""The append-only history of opportunities: Pipeline Change.

A row says what changed and carries the whole state after it, so that any past day can be added up. Changes are
found by comparing a document with the last recorded state, which covers every way a document is written:
insert, save and `db_set` all end in `on_change`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.query_builder.functions import Cast_, Coalesce, Max
from frappe.utils import cstr, flt, get_datetime, getdate, now_datetime
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.history.announcing import announce
from crm_pipeline.history.spans import end_former, end_former_of, spans_of
from crm_pipeline.processes.sales_processes import first_stage_of_type
from crm_pipeline.rules import stages, status
from crm_pipeline.rules.aging import UNDONE
from crm_pipeline.utils.bulk_sql import (
	Value,
	bulk_insert,
	in_list,
	insert_from,
	literal_list,
	new_row,
	update_where,
)
from crm_pipeline.utils.prepared import Prepared

# What is watched: the name of the change, and the field.
WATCHED = {
	"Status": "status",
	"Process": "sales_process",
	"Stage": "sales_stage",
	"Owner": "opportunity_owner",
	"Currency": "currency",
	"Amount": "opportunity_amount",
	"Rate": "conversion_rate",
	"Probability": "probability",
	"Expected Closing": "expected_closing",
}
STAGE_PROBABILITY = "Stage Probability"  # the probability followed that of its stage, which somebody set
# What jobs change of many, beside what is watched.
OF_MANY = {**WATCHED, STAGE_PROBABILITY: "probability"}
IDLE = ("Rate", STAGE_PROBABILITY, UNDONE)  # changes that do not count as activity
FOLLOW_UP = "Follow-up"  # a next contact that took place: when it was due, and when the next one is
LINE_LENGTH = 140  # characters that Old Value and New Value hold
BATCH_SIZE = 1000  # opportunities that one statement names
STATE_FIELDS = (*WATCHED.values(), "base_opportunity_amount")
NUMBERS = {"opportunity_amount", "conversion_rate", "probability", "base_opportunity_amount"}


def record_changes(doc: Document) -> None:
	"""Write what differs between an opportunity and its last recorded state, in one statement."""
	state = _state_of(doc)
	last = None if _is_first(doc) else last_state(doc.name, hold=bool(doc.flags.by_software))
	moment = _moment_after(last, doc.changed_at)
	if last is None:
		entries = _first_entries(doc, state)
	else:
		entries = _differences({field: _plain(field, last[field]) for field in STATE_FIELDS}, state, moment)
	if doc.override:
		missing, reason = doc.override
		entries.append(("Override", missing[:LINE_LENGTH], reason, moment, state))
	for old, new in doc.corrections or ():
		entries.append(("Correction", old[:LINE_LENGTH], new[:LINE_LENGTH], moment, state))
	doc.override = doc.corrections = None
	_write(doc, entries, last.idx if last else 0)
	_date_change_of(doc, entries)


@contextmanager
def noting_histories() -> Iterator[None]:
	"""Note of which opportunities a change is recorded, so that a new one of which none is has nothing to be looked up."""
	outer = frappe.flags.recorded_opportunities
	if outer is None:
		frappe.flags.recorded_opportunities = set()
	try:
		yield
	finally:
		frappe.flags.recorded_opportunities = outer


def _note_recorded(opportunities: list[str]) -> None:
	if frappe.flags.recorded_opportunities is not None:
		frappe.flags.recorded_opportunities.update(opportunities)


def _is_first(doc: Document) -> bool:
	"""Return whether an opportunity that is being inserted has no history yet: rules and scripts may have changed it meanwhile."""
	recorded = frappe.flags.recorded_opportunities
	return bool(doc.flags.in_insert and recorded is not None and doc.name not in recorded)


def moment_of_change(doc: Document) -> datetime | None:
	"""Return when an opportunity that is being saved changed, if it does, to be written with the rest of it.

	It is the present, unless what changed last is dated ahead. `record_changes` has the last word.
	"""
	before = doc.get_doc_before_save()
	if not before:
		return None
	moment = now_datetime()
	changes = _differences(_state_of(before), _state_of(doc), moment)
	counts = doc.override or doc.corrections or any(change not in IDLE for change, *_rest in changes)
	return moment if counts and moment > _known(doc) else None


def _moment_after(last: frappe._dict | None, saved: datetime | None) -> datetime:
	"""Return the moment of changes: that of the save, unless the history went on while it was under way."""
	went_on = bool(saved and last and get_datetime(last.at) > saved)
	return saved if saved and not went_on else now_datetime()


def record_follow_up(doc: Document, due: datetime, event: str | None, conversation: str | None) -> None:
	"""Write that the next contact of an opportunity took place, whatever else of it changed.

	Args:
		due: when it was to be; the next one stands on the opportunity already.
		event: its entry in the calendar, by which that is not told of as an appointment of its own.
		conversation: the Communication that tells what came of it, if it was a call or a meeting.
	"""
	last = last_state(doc.name)
	entry = (FOLLOW_UP, due, doc.next_contact_date, now_datetime(), _state_of(doc))
	links = {"follow_up_event": event, "follow_up_conversation": conversation}
	_write(doc, [entry], last.idx if last else 0, links)
	_date_change_of(doc, [entry])


def is_follow_up_done(opportunity: str, due: datetime) -> bool:
	"""Return whether the next contact that was due then took place."""
	done = {"opportunity": opportunity, "change": FOLLOW_UP, "old_value": cstr(due)}
	return bool(frappe.db.exists("Pipeline Change", done))


def record_change_of_many(opportunities: list[str] | Term | QueryBuilder, change: str) -> datetime:
	"""Write which of some opportunities now differ in a field from their last recorded state.

	Args:
		opportunities: names of those that a statement just changed in that field only, as a list, `listed`, or a query.
		change: which of the changes of many it was.

	Returns: the moment that these changes bear.
	"""
	opportunity, moment = frappe.qb.DocType("Opportunity"), now_datetime()
	now, was = opportunity[OF_MANY[change]], last_recorded(OF_MANY[change])
	# A rate may move by less than the decimals kept of it.
	revalued = opportunity.base_opportunity_amount != last_recorded("base_opportunity_amount")
	differs = was.isnull() | (was != now)
	written = insert_from(
		"Pipeline Change",
		{
			"idx": Coalesce(last_recorded("idx"), 0) + 1,
			"opportunity": opportunity.name,
			"change": change,
			"old_value": Cast_(was, "varchar"),
			"new_value": Cast_(now, "varchar"),
			"at": moment,
			"by": frappe.session.user,
			**{field: opportunity[field] for field in STATE_FIELDS},
		},
		opportunity.name,
		lambda query: (
			query.from_(opportunity)
			.where(opportunity.name.isin(opportunities))
			.where(differs | revalued if change == "Rate" else differs)
		),
	)
	_follow_up_written(written, change, moment)
	announce(change, OF_MANY[change], moment)
	return moment


def _follow_up_written(written: str, change: str, moment: datetime) -> None:
	"""End what was before the changes that a statement wrote, and let the opportunities say when they changed.

	Args:
		written: how the names of these changes begin.
	"""
	opportunity, table = frappe.qb.DocType("Opportunity"), frappe.qb.DocType("Pipeline Change")
	is_written = table.name.like(f"{written}%")
	changed = [name for (name,) in frappe.qb.from_(table).select(table.opportunity).where(is_written).run()]
	_note_recorded(changed)
	for start in range(0, len(changed), BATCH_SIZE):
		names = literal_list(changed[start : start + BATCH_SIZE])
		end_former(table.opportunity.isin(names) & ~is_written, [(change, moment)])
		if change not in IDLE:
			update_where(opportunity, opportunity.name.isin(names), {"last_change_on": moment})


def date_statuses(which: Criterion) -> None:
	"""Let opportunities say since when they are in their status, as their history has it, with one statement."""
	_date(which, "status_since", lambda change: change.isin(["Created", "Status"]))


def date_last_changes(which: Criterion) -> None:
	"""Let opportunities say when something last changed of them, as their history has it, with one statement."""
	_date(which, "last_change_on", lambda change: change.notin(IDLE))


def _date(which: Criterion, field: str, is_meant: Callable[[Term], Criterion]) -> None:
	opportunity, change = frappe.qb.DocType("Opportunity"), frappe.qb.DocType("Pipeline Change")
	query = frappe.qb.from_(change).select(Max(change.at)).where(change.opportunity == opportunity.name)
	update_where(opportunity, which, {field: Value(query.where(is_meant(change.change)))})


def delete_history(opportunity: str) -> None:
	"""Remove the history of an opportunity that is being deleted."""
	for doctype in ("Pipeline Change", "Auto Closed Opportunity", "Pipeline Write"):
		frappe.db.delete(doctype, {"opportunity": opportunity})


def last_open_state(opportunity: str | None, open_stages: list[str]) -> frappe._dict | None:
	"""Stage and probability (percent) when the opportunity was last in one of `open_stages`, or None."""
	rows = frappe.get_all(
		"Pipeline Change",
		filters={
			"opportunity": opportunity,
			"sales_stage": ["in", in_list(open_stages)],
			"change": ["!=", UNDONE],
		},
		fields=["sales_stage", "probability"],
		order_by="idx desc",
		limit=1,
	)
	return rows[0] if rows else None


def last_state(opportunity: str, hold: bool = False) -> frappe._dict | None:
	"""Return the newest recorded state of an opportunity, with the running number `idx` of its row.

	Args:
		hold: lock it, and so read what is there now: others may have written since this transaction began to read.
	"""
	rows = (_last_state_held if hold else _last_state)({"opportunity": opportunity}, as_dict=True)
	return rows[0] if rows else None


@Prepared
def _last_state(values: dict[str, Any]) -> QueryBuilder:
	table = frappe.qb.DocType("Pipeline Change")
	fields = (table[field] for field in ("idx", "at", *STATE_FIELDS))
	query = frappe.qb.from_(table).select(*fields).where(table.opportunity == values["opportunity"])
	return query.orderby(table.idx, order=frappe.qb.desc).limit(1)


@Prepared
def _last_state_held(values: dict[str, Any]) -> QueryBuilder:
	return _last_state.build(values).for_update()


def last_recorded(field: str) -> Value:
	"""Return what the newest change of an opportunity says, for a statement that reads from their table.

	A look-up by index for each, whatever the database believes of the size of the table.
	"""
	opportunity, change = frappe.qb.DocType("Opportunity"), frappe.qb.DocType("Pipeline Change")
	query = frappe.qb.from_(change).select(change[field]).where(change.opportunity == opportunity.name)
	return Value(query.orderby(change.idx, order=frappe.qb.desc).limit(1))


def _state_of(doc: Document) -> dict:
	return {field: _plain(field, doc.get(field)) for field in STATE_FIELDS}


def _plain(field: str, value: Any) -> Any:
	if field in NUMBERS:
		return flt(value, 9)
	if field == "expected_closing":
		return getdate(value) if value else None
	return value or None


def _first_entries(doc: Document, state: dict) -> list[tuple]:
	"""How a new opportunity came in and, if it came in ended, that it ended later."""
	came_in = opened_at(doc)
	if state["status"] not in status.ENDED:
		return [("Created", None, None, came_in, state)]
	first = first_stage_of_type(doc.sales_process, stages.OPEN_STAGE)
	begin = {**state, "status": status.OPEN}
	if doc.status != status.CLOSED:
		begin.update(sales_stage=first.name, probability=first.probability)
	entries = [("Created", None, None, came_in, begin)]
	return entries + _differences(begin, state, max(get_datetime(getdate(doc.closed_on)), came_in))


def opened_at(doc: Document) -> datetime:
	"""Return the moment an opportunity came in: when it was entered, or midnight of an earlier or later opportunity date."""
	return opening_moment(get_datetime(doc.creation), getdate(doc.transaction_date))


def opening_moment(entered: datetime, day: date) -> datetime:
	"""Return the moment an opportunity of a day came in that was entered at a moment."""
	return entered if entered.date() == day else get_datetime(day)


def _differences(old: dict, new: dict, at: datetime) -> list[tuple]:
	changes = [(change, field) for change, field in WATCHED.items() if old[field] != new[field]]
	revalued = old["base_opportunity_amount"] != new["base_opportunity_amount"]
	if revalued and not {"Currency", "Amount", "Rate"}.intersection(dict(changes)):
		changes.append(("Rate", WATCHED["Rate"]))  # by less than the decimals kept of it
	return [(change, old[field], new[field], at, new) for change, field in changes]


def _write(doc: Document, entries: list[tuple], start: int, links: dict | None = None) -> None:
	if not entries:
		return
	written = [(change, at) for change, _old, _new, at, _state in entries]
	rows = (_row(doc.name, start + position, *entry) for position, entry in enumerate(entries, 1))
	spans = zip(rows, spans_of(written), strict=True)
	_note_recorded([doc.name])
	bulk_insert("Pipeline Change", ({**row, **span, **(links or {})} for row, span in spans))
	if start:
		end_former_of(doc.name, start, written)


def _date_change_of(doc: Document, entries: list[tuple]) -> None:
	"""Let an opportunity say when it last changed, unless the save has written that already."""
	known = _known(doc)
	stored = doc.changed_at or known
	latest = max([known, *(at for change, _old, _new, at, _state in entries if change not in IDLE)])
	if latest > known:
		doc.last_change_on = latest
	if latest != stored:
		frappe.db.set_value(
			"Opportunity", doc.name, "last_change_on", doc.last_change_on, update_modified=False
		)


def _known(doc: Document) -> datetime:
	return get_datetime(doc.last_change_on) if doc.last_change_on else datetime.min


def _row(opportunity: str, idx: int, change: str, old: Any, new: Any, at: datetime, state: dict) -> dict:
	return {
		**new_row(),
		"idx": idx,
		"opportunity": opportunity,
		"change": change,
		"old_value": cstr(old),
		"new_value": cstr(new),
		"at": at,
		"by": frappe.session.user,
		**{field: state[field] for field in STATE_FIELDS},
	}
