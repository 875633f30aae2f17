"""What people do to tasks and entries of the calendar in the list of activities: done, open again, another day.

Each says what it starts from, so that taking it back is the same the other way round.
"""

from datetime import date, datetime
from typing import Literal, NamedTuple, NoReturn

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, getdate

from crm_pipeline.board.activities import held_task, refuse_unknown
from crm_pipeline.board.fields import refuse_if_gone
from crm_pipeline.utils.expected_state import require_state
from crm_pipeline.utils.sent_links import may_read
from crm_pipeline.utils.validation import read_date


class Planned(NamedTuple):
	"""The status of what is done, the field that says when something is due, and its type."""

	done: str
	field: str
	fieldtype: Literal["Date", "Datetime"]


PLANNED = {
	"ToDo": Planned("Closed", "date", "Date"),
	"Event": Planned("Completed", "starts_on", "Datetime"),
}
OPEN = "Open"


def set_done(doctype: str, name: str, opportunity: str, done: bool) -> None:
	"""Say that a task or entry is done, or that it is open again; what is so already stays.

	Raises:
		UnknownChoice: of the DocType.
		StateGone: it was called off.
		frappe.DoesNotExistError, frappe.PermissionError
	"""
	doc = _held(doctype, name, opportunity)
	wanted, former = PLANNED[doctype].done, OPEN
	if not done:
		wanted, former = former, wanted
	if doc.status == wanted:
		return
	require_state(doc, status=former)
	doc.status = wanted
	_save(doc)


def move(doctype: str, name: str, opportunity: str, to: str, from_at: str | None) -> None:
	"""Put a task to another day, or an entry of the calendar to another moment, for as long as before.

	Args:
		to: day (YYYY-MM-DD) of a task, moment of an entry; one that takes all day keeps its hour.
		from_at: when it was due, as the client saw it; empty if it had no day.

	Raises:
		UnknownChoice, ImpossibleDate
		StateGone: it is done, or due at another time by now.
		frappe.DoesNotExistError, frappe.PermissionError
	"""
	doc, is_entry = _held(doctype, name, opportunity), doctype == "Event"
	_done, field, fieldtype = PLANNED[doctype]
	label = _(doc.meta.get_label(field))
	moment = read_date(to, fieldtype, label) if to or is_entry else None
	require_state(doc, status=OPEN)
	seen = read_date(from_at, fieldtype, label) if from_at else None
	if is_entry and doc.all_day:
		moment, seen = _at_its_hour(doc, moment), _at_its_hour(doc, seen)
	refuse_if_gone(doc, {field: seen})
	if is_entry and doc.ends_on:
		doc.ends_on = get_datetime(doc.ends_on) + (get_datetime(moment) - get_datetime(doc.starts_on))
	doc.set(field, moment)
	_save(doc)


def _held(doctype: str, name: str, opportunity: str) -> Document:
	"""Return a task, or an entry in which the opportunity takes part, that the user may change, locked."""
	refuse_unknown(doctype, PLANNED)
	if doctype == "ToDo":
		task = held_task(name)
		if task.reference_name != opportunity:
			_refuse_elsewhere(task)
		return task
	event = frappe.get_doc("Event", name, for_update=True)
	guests = [(row.reference_doctype, row.reference_docname) for row in event.event_participants]
	if ("Opportunity", opportunity) not in guests or not may_read("Opportunity", opportunity):
		_refuse_elsewhere(event)
	event.check_permission("write")
	return event


def _refuse_elsewhere(doc: Document) -> NoReturn:
	frappe.throw(_("{0} {1} not found").format(_(doc.doctype), doc.name), frappe.DoesNotExistError)


def _at_its_hour(entry: Document, moment: date | None) -> datetime | None:
	"""Return the day of a moment at the hour of an entry that takes all day: clients are told of its day alone."""
	return datetime.combine(getdate(moment), get_datetime(entry.starts_on).time()) if moment else None


def _save(doc: Document) -> None:
	doc.save(ignore_permissions=True)  # `_held` has asked
