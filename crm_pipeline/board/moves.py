"""What people do to one opportunity on the pipeline page: each answers with its card and with how to take it back."""

from collections.abc import Callable
from typing import TypeVar

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from crm_pipeline.assignment.owner import is_enabled
from crm_pipeline.board import fields, snapshots, undo
from crm_pipeline.board.cards import cards_of
from crm_pipeline.processes.sales_processes import first_stage_of_type
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.expected_state import require_state
from crm_pipeline.utils.markup import escaped, text_in
from crm_pipeline.utils.messages import Messages
from crm_pipeline.utils.stored_record import start_from_stored_record
from crm_pipeline.utils.validation import read_date

Act = Callable[[Document], str]
Result = TypeVar("Result")


def held(opportunity: str) -> Document:
	"""Return an opportunity that the session's user may write, as it is stored, locked until the transaction ends.

	Raises:
		frappe.DoesNotExistError, frappe.PermissionError
		frappe.TimestampMismatchError: somebody changed it at the same moment.
	"""
	doc = require_record("Opportunity", opportunity, "write")
	start_from_stored_record(doc)
	return doc


def move(opportunity: str, act: Act) -> dict:
	"""Do something to an opportunity that can be undone.

	Args:
		act: does it to the document, and returns in few words what was done.

	Returns: `card`, None if the user does not see the opportunity any more; `undo` with `opportunity`, `version` and
		`label`, or None if nothing was written or it cannot be undone exactly; and `messages`, texts for the user.
	"""
	said, doc = Messages(), held(opportunity)
	label, version = remembered(doc, act)
	return answer(doc.name, said, to_take_back(doc, version, label))


def remembered(doc: Document, act: Callable[[Document], Result]) -> tuple[Result, str | None]:
	"""Act on an opportunity that `held` returned; returns what `act` does, and under which name that can be taken back, if it can."""
	before = snapshots.take_held(doc)
	label = act(doc)
	after = snapshots.take(doc.name)
	return label, None if before.is_wholly_as(after) else undo.remember(before, after)


def to_take_back(doc: Document, version: str | None, label: str) -> dict | None:
	"""Return what a client needs to take back what was remembered under a version, and in few words what that was."""
	return {"opportunity": doc.name, "version": version, "label": label} if version else None


def answer(opportunity: str, said: Messages, taken_back: dict | None = None) -> dict:
	words = [text_in(frappe.parse_json(each)["message"]) for each in said.take_back()]
	return {"card": card_of(opportunity), "undo": taken_back, "messages": words}


def card_of(opportunity: str) -> dict | None:
	"""Return the card of an opportunity; None if the session's user does not see it."""
	cards, _legend = cards_of([opportunity])
	return cards[0] if cards else None


def to_stage(
	doc: Document, stage: str, from_stage: str | None, values: dict, override_reason: str | None
) -> str:
	require_state(doc, sales_stage=from_stage)
	fields.refuse_not_editable(doc, values, doc.required_fields(stage))
	if doc.sales_stage != stage or fields.differing(doc, values):
		fields.set_fields(doc, values)
		doc.sales_stage, doc.override_reason = stage, override_reason
		doc.save()
	return _("Moved to {0}").format(_(doc.sales_stage))


def fill_in(doc: Document, stage_type: str, values: dict) -> None:
	"""Save values before an opportunity goes to the stage of a type, such as what that requires.

	Raises:
		FieldNotEditable
	"""
	if values:
		stage = first_stage_of_type(doc.sales_process, stage_type)
		fields.refuse_not_editable(doc, values, doc.required_fields(stage.name))
		if fields.differing(doc, values):
			fields.set_fields(doc, values)
			doc.save()


def ask_again(doc: Document, day: str | None) -> None:
	"""Remind the owner on a day to ask an ended opportunity again: it has no next contact any more.

	Raises:
		ImpossibleDate
	"""
	if not day:
		return
	owner = doc.opportunity_owner if is_enabled(doc.opportunity_owner) else None
	task = frappe.get_doc(
		{
			"doctype": "ToDo",
			"date": getdate(read_date(day, "Date", _("Ask Again On"))),
			"allocated_to": owner or frappe.session.user,
			"reference_type": doc.doctype,
			"reference_name": doc.name,
			"description": escaped(_("Ask {0} again: {1}").format(doc.customer_name or doc.title, doc.title)),
		}
	)
	task.insert(ignore_permissions=bool(owner))  # whoever may lose it may have its owner reminded


def set_values(doc: Document, values: dict, from_values: dict) -> str:
	fields.refuse_not_editable(doc, {**values, **from_values})
	changed = fields.differing(doc, values)
	if changed:
		fields.refuse_if_gone(doc, from_values)
		fields.set_fields(doc, {field: values[field] for field in changed})
		doc.save()
	return _("Changed {0}").format(", ".join(_(doc.meta.get_label(field)) for field in changed))
