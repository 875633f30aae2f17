"""What people do to tasks and entries of the calendar in the list of activities: done, open again, another day.

Each says what it starts from, so that taking it back is the same the other way round.
"""

from typing import Literal, NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

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
		to: day (YYYY-MM-DD) of a task, moment of an entry.
		from_at: when it was due, as the client saw it; empty if it had no day.

	Raises:
		UnknownChoice, ImpossibleDate
		StateGone: it is done, or due at another time by now.
		frappe.DoesNotExistError, frappe.PermissionError
	"""
	doc, is_entry = _held(doctype, name, opportunity), doctype == "Event"
	_done, field, fieldtype = PLANNED[doctype]
	moment = read_date(to, fieldtype, _(doc.meta.get_label(field))) if to or is_entry else None
	require_state(doc, status=OPEN)
	refuse_if_gone(doc, {field: from_at})
	if is_entry and doc.ends_on:
		doc.ends_on = get_datetime(doc.ends_on) + (get_datetime(moment) - get_datetime(doc.starts_on))
	doc.set(field, moment)
	_save(doc)


def _held(doctype: str, name: str, opportunity: str) -> Document:
	"""Return a task, or an entry in which the opportunity takes part, that the user may change, locked."""
	refuse_unknown(doctype, PLANNED)
	if doctype == "ToDo":
		return held_task(name)
	event = frappe.get_doc("Event", name, for_update=True)
	guests = [(row.reference_doctype, row.reference_docname) for row in event.event_participants]
	if ("Opportunity", opportunity) not in guests or not may_read("Opportunity", opportunity):
		frappe.throw(_("{0} {1} not found").format(_(event.doctype), name), frappe.DoesNotExistError)
	event.check_permission("write")
	return event


def _save(doc: Document) -> None:
	doc.save(ignore_permissions=True)  # `_held` has asked
