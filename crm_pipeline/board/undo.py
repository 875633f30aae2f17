"""Taking back a move: for some minutes, by whoever made it, while nobody has touched the opportunity since."""

from datetime import timedelta
from typing import NoReturn

import frappe
from frappe import _
from frappe.desk.form import assign_to
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from crm_pipeline.board.activities import MEDIA
from crm_pipeline.board.requests import WRITE
from crm_pipeline.board.snapshots import Snapshot, take
from crm_pipeline.exceptions import UndoTooLate
from crm_pipeline.follow_ups.calendar import restore_event
from crm_pipeline.history.changes import FOLLOW_UP
from crm_pipeline.history.undone import take_back
from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.utils.bulk_sql import bulk_insert, in_list, new_row
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.deletion import delete_at_once
from crm_pipeline.utils.locking import hold_records

UNDONE_WITHIN = timedelta(minutes=5)
COUNTED = "_comments"  # a column that Frappe keeps beside those of the DocType
SPOKEN = [medium for medium in MEDIA.values() if medium]


def remember(before: Snapshot, after: Snapshot) -> str | None:
	"""Keep what a move changed for the user who made it; return under which name, or None if it cannot be undone exactly.

	A mail that was sent stays sent, and quotations have a life of their own.
	"""
	if before.quotations != after.quotations or not _are_notes(before, after):
		return None
	row = {
		**new_row(),
		"opportunity": after.doc["name"],
		"before": before.as_text(),
		"after": after.as_text(),
	}
	bulk_insert(WRITE, [row])
	return row["name"]


def _are_notes(before: Snapshot, after: Snapshot) -> bool:
	"""Return whether all that a move left of mails, calls and the like is what somebody noted of a call or meeting."""
	noted = after.noted_since(before)["Communication"]
	others = {
		"name": ["in", in_list(name for name, _at in noted)],
		"communication_medium": ["not in", SPOKEN],
	}
	return before.calls.items() <= after.calls.items() and not frappe.db.exists("Communication", others)


def undo(opportunity: str, version: str) -> None:
	"""Bring an opportunity back to the state before a move of the session's user.

	Who has handed an opportunity out of their own sight may take that back: that they made the move, and nobody touched the
	opportunity since, is what gives them the right.

	Raises:
		UndoTooLate: it is more than five minutes ago, was undone, or somebody touched the opportunity since.
		frappe.DoesNotExistError: the user made no such move, and does not see the opportunity.
	"""
	require_reading()
	frappe.has_permission("Opportunity", "write", throw=True)
	mine = {"name": version, "opportunity": opportunity, "owner": frappe.session.user}
	hold_records("Opportunity", [opportunity])
	row = frappe.db.get_value(WRITE, mine, ["creation", "before", "after"], as_dict=True)
	if not row:
		require_record("Opportunity", opportunity, "write")
	if not row or not row.before or get_datetime(row.creation) < now_datetime() - UNDONE_WITHIN:
		_refuse(opportunity)
	before, after = (Snapshot.from_text(text) for text in (row.before, row.after))
	doc = frappe.get_doc("Opportunity", opportunity, for_update=True)
	present = take(opportunity)
	is_as_left = str(doc.modified) == after.doc["modified"] and present.is_as(after)
	# Whatever else was noted since may stay.
	is_noted = (
		after.comments.items() <= present.comments.items() and after.calls.items() <= present.calls.items()
	)
	if not is_as_left or not is_noted:
		_refuse(opportunity)
	_restore(doc, before, after)
	frappe.db.delete(WRITE, {"name": version})


def _refuse(opportunity: str) -> NoReturn:
	frappe.throw(
		_("{0} was changed since, or it is too long ago. Nothing was undone: look at it again.").format(
			opportunity
		),
		UndoTooLate,
		title=_("Too Late to Undo"),
	)


def _restore(doc: Document, before: Snapshot, after: Snapshot) -> None:
	changed = before.changed_fields(after)
	tables = [field for field in changed if isinstance(before.doc[field], list)]
	if _wrote_follow_up(doc.name, before):
		label = _(doc.meta.get_label("next_contact_date"))
		doc.corrections = [
			(f"{label}: {after.doc['next_contact_date'] or ''}", before.doc["next_contact_date"])
		]
	values = {field: before.doc[field] for field in changed if field not in tables}
	Document.db_set(doc, values, notify=True)  # as it was, whatever else follows from what by now
	for table in tables:
		_restore_rows(doc, table, before.doc[table])
	restore_event(before.event, after.event)
	_restore_tasks(doc, before, after)
	noted = after.noted_since(before)
	for doctype, written in noted.items():
		for name, _at in written:
			delete_at_once(frappe.get_doc(doctype, name), force=True)
	_count_no_calls(doc, {name for name, _at in noted["Communication"]})
	take_back(doc.name, before.change)
	_keep_in_batch(doc, before)
	frappe.clear_document_cache(doc.doctype, doc.name)
	_keep_version(doc)


def _count_no_calls(doc: Document, names: set[str]) -> None:
	"""Take calls that were deleted out of what Frappe's lists count: Frappe itself does that for comments alone."""
	if names and frappe.db.has_column(doc.doctype, COUNTED):
		counted = frappe.parse_json(frappe.db.get_value(doc.doctype, doc.name, COUNTED) or "[]")
		kept = [each for each in counted if each["name"] not in names]
		frappe.db.set_value(doc.doctype, doc.name, COUNTED, frappe.as_json(kept), update_modified=False)


def _wrote_follow_up(opportunity: str, before: Snapshot) -> bool:
	"""Return whether the history has, of the move, that a next contact took place."""
	of_move = {"opportunity": opportunity, "idx": [">", before.change], "change": FOLLOW_UP}
	return bool(frappe.db.exists("Pipeline Change", of_move))


def _keep_in_batch(doc: Document, before: Snapshot) -> None:
	"""Let auto-close go on to know as its own what it closed and nobody had touched before the move."""
	closed_at = get_datetime(before.doc["modified"])
	closed = {"opportunity": doc.name, "result": "Closed", "closed_at": closed_at}
	if frappe.db.exists("Auto Closed Opportunity", closed):
		by_batch = {"reference_type": doc.doctype, "reference_name": doc.name, "modified": closed_at}
		for doctype, which, field in (
			("Auto Closed Opportunity", closed, "closed_at"),
			("ToDo", by_batch, "modified"),
		):
			frappe.db.set_value(doctype, which, field, doc.modified, update_modified=False)


def _restore_rows(doc: Document, table: str, rows: list[dict]) -> None:
	doctype = doc.meta.get_field(table).options
	frappe.db.delete(doctype, {"parent": doc.name, "parenttype": doc.doctype, "parentfield": table})
	bulk_insert(doctype, rows)


def _restore_tasks(doc: Document, before: Snapshot, after: Snapshot) -> None:
	"""Take assignments and tasks away that the move gave, and reopen what it ended; what somebody did since stays."""
	present = take(doc.name).tasks
	for name, status in after.tasks.items():
		former = before.tasks.get(name, "Cancelled")
		if status == former or present.get(name) != status:
			continue
		task = frappe.get_doc("ToDo", name)
		if former == "Cancelled":
			# The move gave it, so whoever takes the move back takes it away.
			assign_to.set_status(
				doc.doctype, doc.name, name, task.allocated_to, former, ignore_permissions=True
			)
		else:
			task.status = former
			task.save(ignore_permissions=True)  # whoever moved the opportunity ended it


def _keep_version(doc: Document) -> None:
	"""Let Frappe's timeline tell of it as of a save."""
	restored = frappe.get_doc(doc.doctype, doc.name)
	restored._doc_before_save = doc.get_doc_before_save()
	restored.save_version()
