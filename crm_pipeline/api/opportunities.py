"""What is done to several opportunities at once."""

import frappe
from frappe import _

from crm_pipeline.board import many
from crm_pipeline.board.requests import once
from crm_pipeline.exceptions import LostReasonsMissing
from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.utils.batches import with_retries
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.confidential import visible_record
from crm_pipeline.utils.each_record import SHOWN, on_each
from crm_pipeline.utils.markup import bold, link_to, text_in
from crm_pipeline.utils.notifications import notify
from crm_pipeline.utils.sent_values import names_from, refuse_too_many, rows_from, texts_from, values_from

MOST_AT_ONCE = 100  # lost while the user waits
MOST = 2500  # what a list of Desk shows at most


@frappe.whitelist(methods=["POST"])
def declare_lost(
	opportunities: list | str,
	lost_reasons: list | str,
	competitors: list | str | None = None,
	detailed_reason: str | None = None,
	lose_quotations: bool = False,
) -> dict:
	"""Declare several opportunities lost for the same reasons, each as its own `declare_lost` does.

	One that refuses keeps no other from being lost. A message names all, and says why some refused.

	Args:
		opportunities: names, at most 2,500.
		lost_reasons, competitors, detailed_reason, lose_quotations: as of the method of one.

	Returns: `lost`, the names of those that are; `refused`, why the others are not (HTML), by their names; and
	`queued`: more than 100 are gone through in the background, and a notification tells the user the same.

	Raises:
		LostReasonsMissing, TooManyRecords, UnreadableList, OpportunitiesSwitchedOff
	"""
	require_reading()
	names = list(dict.fromkeys(names_from(opportunities)))
	refuse_too_many(names, MOST)
	loss = {
		"lost_reasons": _reasons(lost_reasons),
		"competitors": competitors and rows_from(competitors, "competitor"),
		"detailed_reason": detailed_reason,
		"lose_quotations": lose_quotations,
	}
	if len(names) > MOST_AT_ONCE:
		frappe.enqueue(lose_and_notify, queue="long", enqueue_after_commit=True, names=names, loss=loss)
		told = _("{0} opportunities are declared lost in the background. A notification tells which refused.")
		frappe.msgprint(told.format(len(names)), alert=True)
		return {"lost": [], "refused": {}, "queued": len(names)}
	refused = lose_each(names, loss)
	frappe.msgprint(
		_outcome(names, refused), title=_("Declare Lost"), indicator="orange" if refused else "green"
	)
	return {"lost": [name for name in names if name not in refused], "refused": refused, "queued": 0}


@frappe.whitelist(methods=["POST"])
def act_on_many(
	opportunities: list | str, action: str, args: dict | str | None = None, request_id: str | None = None
) -> dict:
	"""Do the same to several opportunities, each by itself, so that one that refuses keeps no other from being done.

	Args:
		opportunities: names, at most 2,500.
		action: assign (`owner`, `next_contacts`: 1 if those of the owner go along), move (`sales_stage`, `override_reason`), pause (`until`, `reason`), lost
			(`lost_reasons`, `competitors`, `detailed_reason`, `lose_quotations`), close_date (`expected_closing`) or
			tag (`tag`).
		args: of the action, by name.
		request_id: made by the client; the same of the same user is done once, and answered alike.

	Returns: `done`, names; `refused`, why the others are not (text), by their names; `undo`, for `undo_many`; and
	`queued`: more than 100 are gone through in the background, and a notification tells the user which refused.

	Raises:
		TooManyRecords, UnreadableList, UnknownChoice, UnreadableValues, RequestUnderWay, OpportunitiesSwitchedOff
	"""
	require_reading()
	names = list(dict.fromkeys(names_from(opportunities)))
	refuse_too_many(names, MOST)
	given = values_from(args)
	many.check(action, given)
	return once(request_id, lambda: _act_on_many(names, action, given), commits=True)


def _act_on_many(names: list[str], action: str, args: dict) -> dict:
	if len(names) > MOST_AT_ONCE:
		act = {"names": names, "action": action, "args": args}
		frappe.enqueue(many.act_and_notify, queue="long", enqueue_after_commit=True, **act)
		return {"done": [], "refused": {}, "undo": {}, "queued": len(names)}
	refused, versions = many.act_on_each(names, action, args)
	return {**_done(names, refused), "undo": versions, "queued": 0}


# `undo` refuses whoever did not make the move, and else whoever may not write the record.
# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def undo_many(versions: dict | str) -> dict:
	"""Take back what the session's user did to several opportunities, each by itself, as `api.moves.undo` does.

	Args:
		versions: by name, at most 100, as `act_on_many` answers with in `undo`.

	Returns: `done`, names, and `refused`, why the others are not (text), by their names.

	Raises:
		TooManyRecords, UnreadableValues, OpportunitiesSwitchedOff
	"""
	require_reading()
	given = texts_from(versions)
	names = list(given)
	refuse_too_many(names, MOST_AT_ONCE)
	return _done(names, many.undo_each(given))


def _done(names: list[str], refused: dict[str, str]) -> dict:
	return {
		"done": [name for name in names if name not in refused],
		"refused": {name: text_in(why) for name, why in refused.items()},
	}


def lose_and_notify(names: list[str], loss: dict) -> None:
	"""Declare opportunities lost, and notify the session's user which refused."""
	refused = lose_each(names, loss)
	user = frappe.session.user
	reference = {"document_type": "Opportunity", "document_name": names[0]}
	with_retries(lambda: notify(user, lambda: _outcome(names, refused, SHOWN), at_once=True, **reference))


def lose_each(names: list[str], loss: dict) -> dict[str, str]:
	"""Declare opportunities lost, each committed by itself; returns why some refused, by their names."""
	return on_each(names, lambda name: visible_record("Opportunity", name).declare_lost(**loss))


def _reasons(lost_reasons: list | str) -> list[dict]:
	rows = rows_from(lost_reasons, "lost_reason")
	if not rows:
		frappe.throw(
			_("Choose at least one reason for losing the opportunity."),
			LostReasonsMissing,
			title=_("Lost Reasons Missing"),
		)
	return rows


def _outcome(names: list[str], refused: dict[str, str], most: int | None = None) -> str:
	"""Say what was lost, and who refused and why; at most so many of each by name."""
	titles = _titles(names)
	lost = [name for name in names if name not in refused]
	parts = []
	if lost:
		links = ", ".join(_label(name, titles) for name in lost[:most])
		parts.append(_("{0} declared lost: {1}").format(len(lost), links))
	if refused:
		lines = [f"{_label(name, titles)}: {why}" for name, why in list(refused.items())[:most]]
		parts.append(_("{0} refused:").format(len(refused)) + "<br>" + "<br>".join(lines))
	return "<br><br>".join(parts)


def _titles(names: list[str]) -> dict[str, str]:
	"""Return titles by name, of those that the user may read."""
	filters = {"name": ["in", in_list(names)]}
	rows = frappe.get_list("Opportunity", filters, ["name", "title"], limit_page_length=0)
	return {row.name: row.title for row in rows}


def _label(name: str, titles: dict[str, str]) -> str:
	"""Return a link with the title, or the mere name where the user sees no such opportunity."""
	return link_to("Opportunity", name, titles[name]) if name in titles else bold(name)
