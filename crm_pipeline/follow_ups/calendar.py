"""The calendar entry of an opportunity's next contact: one private Event that belongs to whoever is to contact.

Opportunities keep its name in `follow_up_event`. Whoever writes the opportunity moves the Event, whosever it is.
"""

from datetime import datetime
from html import unescape

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, strip_html

from crm_pipeline.follow_ups.event_communications import release_communications
from crm_pipeline.utils.deletion import delete_at_once
from crm_pipeline.utils.markup import lines_html

# What the Event says of the opportunity.
SHOWN = ("next_contact_by", "next_contact_date", "to_discuss", "title", "contact_person")
OPEN, COMPLETED = "Open", "Completed"
UNTOUCHED = ("name", "owner", "modified", "modified_by")  # when an entry is brought back
# Reminders are the app's, so that no user is mailed twice: once by Frappe's digest of events, once by ours.
ALWAYS = {"event_type": "Private", "status": OPEN, "send_reminder": 0}


def put_event(opportunity: Document) -> None:
	"""Make the Event, or bring it in step."""
	event = _event_of(opportunity) or frappe.new_doc("Event")
	_move(event, get_datetime(opportunity.next_contact_date))
	event.update({**ALWAYS, **texts_of(opportunity)})
	_let_take_part(event, opportunity)
	_save(event)
	if event.owner != opportunity.next_contact_by:
		frappe.db.set_value("Event", event.name, "owner", opportunity.next_contact_by, update_modified=False)
	_remember(opportunity, event.name)


def remove_event(opportunity: Document) -> None:
	"""Delete the Event, if there is one."""
	event = _event_of(opportunity)
	if event:
		_delete(event)
	_remember(opportunity, None)


def complete_event(opportunity: Document) -> str | None:
	"""Leave the Event in the calendar as done, and return its name; the next contact, if any, gets another."""
	event = _event_of(opportunity)
	if event:
		event.status = COMPLETED
		_save(event)
	_remember(opportunity, None)
	return event.name if event else None


def restore_event(before: dict | None, after: dict | None) -> None:
	"""Bring back the Event of a next contact as it was, rows included, in place of the one that came instead.

	Args:
		before, after: its stored values, with lists of rows; None where there was none.
	"""
	if after and (not before or after["name"] != before["name"]):
		_delete(frappe.get_doc("Event", after["name"]))
	if not before or before == after:
		return
	name, owner = before["name"], before["owner"]
	rows = [{**row, "name": None} for row in before["event_participants"]]
	values = {field: value for field, value in before.items() if field not in UNTOUCHED}
	known = frappe.db.exists("Event", name)
	event = frappe.get_doc("Event", name) if known else frappe.new_doc("Event")
	event.update({**values, "event_participants": rows})
	if known:
		_save(event)
	else:
		_permit(event)
		event.insert(set_name=name)
	frappe.db.set_value("Event", name, "owner", owner, update_modified=False)


def _event_of(opportunity: Document) -> Document | None:
	name = opportunity.follow_up_event
	return frappe.get_doc("Event", name) if name and frappe.db.exists("Event", name) else None


def _move(event: Document, to: datetime) -> None:
	"""Start at another time, and last as long as before."""
	if event.ends_on:
		event.ends_on = get_datetime(event.ends_on) + (to - get_datetime(event.starts_on))
	if not event.starts_on or get_datetime(event.starts_on) != to:
		event.starts_on, event.all_day = to, 0


def texts_of(opportunity: Document | frappe._dict) -> dict[str, str]:
	return {
		"subject": _("Contact {0}").format(opportunity.title),
		"description": lines_html(as_text(opportunity.to_discuss)),
	}


def as_text(stored: str | None) -> str:
	"""Return a text field without markup; Frappe keeps some and writes `&` as an entity beside it."""
	return unescape(strip_html(stored or "")).strip()


def _let_take_part(event: Document, opportunity: Document) -> None:
	"""Let the opportunity and its contact take part, besides whom people added."""
	before = opportunity.get_doc_before_save()
	former = ("Contact", before.contact_person if before else None)
	rows = {(row.reference_doctype, row.reference_docname): row for row in event.event_participants}
	if former in rows and former[1] != opportunity.contact_person:
		event.remove(rows.pop(former))
	for doctype, name in ((opportunity.doctype, opportunity.name), ("Contact", opportunity.contact_person)):
		if name and (doctype, name) not in rows:
			event.add_participant(doctype, name)


def _delete(event: Document) -> None:
	event.flags.of_follow_up = True
	release_communications([event.name])
	delete_at_once(event, force=True)  # whoever writes the opportunity need not own its Event


def _save(event: Document) -> None:
	_permit(event)
	event.save()


def _permit(event: Document) -> None:
	# Whoever writes the opportunity need not own its Event, nor is a broken link in it their business.
	event.flags.update(ignore_permissions=True, ignore_links=True, of_follow_up=True)


def _remember(opportunity: Document, event: str | None) -> None:
	if opportunity.follow_up_event != event:
		opportunity.follow_up_event = event
		frappe.db.set_value(
			opportunity.doctype, opportunity.name, "follow_up_event", event, update_modified=False
		)
