"""What people do to one opportunity on the pipeline page, and taking it back.

Each answers with `card` (as `api.pipeline.get_board` gives it; None if the user does not see the opportunity any more),
`undo` (`opportunity`, `version` and `label` for `undo`, or None if it cannot be undone exactly) and `messages`, texts for
the user. Of two requests for the same the second is refused, since what it starts from is gone.
"""

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.board import moves
from crm_pipeline.board import undo as undoing
from crm_pipeline.board.moves import move
from crm_pipeline.rules.stages import LOST_STAGE, WON_STAGE
from crm_pipeline.utils.messages import Messages
from crm_pipeline.utils.sent_values import values_from
from crm_pipeline.utils.time_zones import moment_in_words


# `move` refuses whoever may not write the record, here and below.
# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def move_to_stage(
	opportunity: str,
	sales_stage: str,
	from_stage: str,
	values: dict | str | None = None,
	override_reason: str | None = None,
) -> dict:
	"""Move to a stage of its process.

	Args:
		from_stage: the stage that it is to start from.
		values: by field, what the stage requires and is filled in along with the move.
		override_reason: why a Sales Manager passes over what is required.

	Raises:
		StateGone, FieldNotEditable, StageRequirementsMissing, StageNotInProcess, IllegalStatusChange, LostReasonsMissing
	"""
	given = values_from(values)
	return move(opportunity, lambda doc: moves.to_stage(doc, sales_stage, from_stage, given, override_reason))


# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def declare_lost(
	opportunity: str,
	lost_reasons: list | str,
	competitors: list | str | None = None,
	detailed_reason: str | None = None,
	ask_again_on: str | None = None,
	from_status: str | None = None,
	lose_quotations: bool = False,
	override_reason: str | None = None,
	values: dict | str | None = None,
) -> dict:
	"""Mark as lost, as the document's own `declare_lost`; not undone if quotations are lost along.

	Args:
		ask_again_on: day (YYYY-MM-DD) of a ToDo that reminds the owner to ask again.
		values: by field, what the lost stage requires and is filled in along.
	"""
	given = values_from(values)

	def act(doc: Document) -> str:
		moves.fill_in(doc, LOST_STAGE, given)
		doc.declare_lost(
			lost_reasons,
			competitors,
			detailed_reason,
			override_reason,
			from_status,
			lose_quotations,
		)
		moves.ask_again(doc, ask_again_on)
		return _("Declared lost")

	return move(opportunity, act)


# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def mark_won(
	opportunity: str,
	close_revenue: float | str | None = None,
	closed_on: str | None = None,
	from_status: str | None = None,
	override_reason: str | None = None,
	values: dict | str | None = None,
) -> dict:
	"""Mark as won, as the document's own `mark_won`.

	Args:
		values: by field, what the won stage requires and is filled in along.
	"""
	given = values_from(values)

	def act(doc: Document) -> str:
		moves.fill_in(doc, WON_STAGE, given)
		doc.mark_won(close_revenue, closed_on, override_reason, from_status)
		return _("Marked as won")

	return move(opportunity, act)


# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def pause(opportunity: str, until: str, reason: str | None = None, from_status: str | None = None) -> dict:
	"""Rest until a day (YYYY-MM-DD) after today, as the document's own `pause`."""

	def act(doc: Document) -> str:
		doc.pause(until, reason, from_status)
		return _("Paused until {0}").format(frappe.format(doc.paused_until, "Date"))

	return move(opportunity, act)


# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def resume(opportunity: str) -> dict:
	"""End a pause, as the document's own `resume`."""

	def act(doc: Document) -> str:
		doc.resume()
		return _("Resumed")

	return move(opportunity, act)


# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def reopen(opportunity: str, from_status: str | None = None, override_reason: str | None = None) -> dict:
	"""Take an ended opportunity up again, as the document's own `reopen`."""

	def act(doc: Document) -> str:
		doc.reopen(override_reason, from_status)
		return _("Reopened")

	return move(opportunity, act)


# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def set_values(opportunity: str, values: dict | str, from_values: dict | str | None = None) -> dict:
	"""Set fields that panel and lists show.

	Args:
		values: new values by field; names (a list) for `lost_reasons` and `competitors`.
		from_values: what the client saw in these fields. If all are as wanted by now, nothing is written.

	Raises:
		FieldNotEditable, UnreadableValues
		StateGone: it names the fields that are not as the client saw them.
	"""
	wanted, seen = values_from(values), values_from(from_values)
	return move(opportunity, lambda doc: moves.set_values(doc, wanted, seen))


# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def complete_follow_up(
	opportunity: str,
	outcome: str,
	medium: str | None = None,
	next_contact_date: str | None = None,
	next_contact_by: str | None = None,
	to_discuss: str | None = None,
	due: str | None = None,
) -> dict:
	"""Say that the next contact took place, as the document's own `complete_follow_up`; undone, the call that it noted goes."""

	def act(doc: Document) -> str:
		doc.complete_follow_up(outcome, medium, next_contact_date, next_contact_by, to_discuss, due)
		return _("Follow-up done")

	return move(opportunity, act)


# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def snooze_follow_up(opportunity: str, until: str, due: str | None = None) -> dict:
	"""Put the next contact off, as the document's own `snooze_follow_up`."""

	def act(doc: Document) -> str:
		doc.snooze_follow_up(until, due)
		return _("Postponed to {0}").format(moment_in_words(doc.next_contact_date))

	return move(opportunity, act)


# Whose move it is decides, or else the right to write.
# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def undo(opportunity: str, version: str) -> dict:
	"""Take back one's own move exactly: fields, rows, calendar entry, assignments, what was noted; it counts nowhere then.

	Args:
		version: what `undo` of the answer to the move, or to `api.activities.add_activity`, says.

	Raises:
		UndoTooLate: it is more than five minutes ago, was undone, or somebody touched the opportunity since.
	"""
	said = Messages()
	undoing.undo(opportunity, version)
	return moves.answer(opportunity, said)
