"""Noting what was said, and tasks, on one opportunity."""

from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import strip_html

from crm_pipeline.exceptions import OutcomeMissing, UnknownChoice
from crm_pipeline.permissions.field_levels import hidden_fields
from crm_pipeline.utils.confidential import require_record, visible_record
from crm_pipeline.utils.markup import bold, lines_html
from crm_pipeline.utils.sent_links import may_read
from crm_pipeline.utils.validation import read_date

MEDIA = {"Note": None, "Call": "Phone", "Meeting": "Meeting"}


class NextStep(NamedTuple):
	"""The next contact that is planned along: when, whose it is and what it is about; what is None stays."""

	next_contact_date: str | None = None
	next_contact_by: str | None = None
	to_discuss: str | None = None

	def given(self) -> dict:
		return {field: value for field, value in self._asdict().items() if value}


def add(doc: Document, kind: str, text: str, at: str | None, step: NextStep, due: str | None) -> None:
	"""Note what was said; with `due`, as what came of the next contact that is due then.

	Raises:
		UnknownChoice, OutcomeMissing, FollowUpDone, FollowUpChanged, ImpossibleDate
	"""
	refuse_unknown(kind, MEDIA)
	if not text.strip():
		frappe.throw(_("Enter what was said."), OutcomeMissing, title=_("Text Missing"))
	if due:
		_complete(doc, kind, text, at, step, due)
		return
	if step.given():
		doc.update(step.given())
		doc.save()
	if medium := MEDIA[kind]:
		subject = _("Meeting: {0}") if kind == "Meeting" else _("Call: {0}")
		doc.log_conversation(medium, subject.format(doc.title), text, at)
	else:
		doc.add_comment("Comment", lines_html(text))


def _complete(doc: Document, kind: str, text: str, at: str | None, step: NextStep, due: str) -> None:
	doc.require_follow_up(due)
	by = step.next_contact_by or doc.next_contact_by
	doc.finish_follow_up(text, MEDIA[kind], step.next_contact_date, by, step.to_discuss, at)


def refuse_unknown(choice: str, known: dict) -> None:
	"""Refuse what is none of the known choices.

	Raises:
		UnknownChoice
	"""
	if choice not in known:
		frappe.throw(
			_("{0} is not possible. Choose one of: {1}.").format(bold(choice), ", ".join(known)),
			UnknownChoice,
			title=_("Not Possible"),
		)


def add_task(opportunity: str, description: str, date: str | None, allocated_to: str | None) -> None:
	"""Give somebody a task on an opportunity, by default oneself.

	Raises:
		OutcomeMissing, ImpossibleDate
		OpportunityReadOnly: a task makes an opportunity its user's own, which who may not share it cannot give.
	"""
	doc = require_record("Opportunity", opportunity, "write")
	if not description.strip():
		frappe.throw(_("Enter what is to be done."), OutcomeMissing, title=_("Text Missing"))
	frappe.get_doc(
		{
			"doctype": "ToDo",
			"description": lines_html(description),
			"date": read_date(date, "Date", _("Date")) if date else None,
			"allocated_to": allocated_to or frappe.session.user,
			"assigned_by": frappe.session.user,
			"reference_type": doc.doctype,
			"reference_name": doc.name,
		}
	).insert()


def finish_task(name: str) -> str:
	"""Close a task; returns the name of its opportunity. One that is closed already stays so.

	Raises:
		frappe.DoesNotExistError: there is no such task on an opportunity that the user sees.
		frappe.PermissionError: it is somebody else's, on an opportunity that the user may only read.
	"""
	task = held_task(name)
	if task.status == "Open":
		task.status = "Closed"
		task.save(ignore_permissions=True)  # whoever it is for, or who may write the opportunity
	return task.reference_name


def held_task(name: str) -> Document:
	"""Return a task on an opportunity that the user may change, locked: their own, or on what they may write.

	Raises:
		frappe.DoesNotExistError, frappe.PermissionError: as of `finish_task`.
	"""
	task = frappe.get_doc("ToDo", name, for_update=True)
	if task.reference_type != "Opportunity" or not may_read("Opportunity", task.reference_name):
		frappe.throw(_("{0} {1} not found").format(_(task.doctype), name), frappe.DoesNotExistError)
	if task.allocated_to != frappe.session.user:
		require_record("Opportunity", task.reference_name, "write")
	return task


def mail_draft(opportunity: str, template: str | None) -> dict:
	"""Return a mail to the contact of an opportunity, filled in from a template with what the user may read.

	Raises:
		frappe.DoesNotExistError, frappe.PermissionError: also of the template.
	"""
	doc = visible_record("Opportunity", opportunity)
	draft = {
		"recipients": doc.contact_email or "",
		"subject": doc.title or "",
		"content": "",
		"sender": frappe.db.get_value("User", frappe.session.user, "email"),
	}
	if template:
		text = require_record("Email Template", template)
		hidden = hidden_fields("Opportunity")
		known = {field: value for field, value in doc.as_dict().items() if field not in hidden}
		mail = text.get_formatted_email({**known, "doc": frappe._dict(known)})
		draft.update(subject=strip_html(mail["subject"] or ""), content=mail["message"] or "")
	return draft
