"""What lists do to several opportunities: each as moving it alone does, with the same refusals."""

from collections.abc import Callable
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from crm_pipeline.board import fields, moves
from crm_pipeline.board.activities import refuse_unknown
from crm_pipeline.board.undo import undo
from crm_pipeline.exceptions import UnreadableValues
from crm_pipeline.utils.batches import with_retries
from crm_pipeline.utils.each_record import SHOWN, lines, on_each
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.notifications import notify


class Action(NamedTuple):
	"""What is done to one opportunity, with the arguments that it needs, and those that it may be given."""

	act: Callable[[Document, dict], object]
	needs: tuple[str, ...]
	takes: tuple[str, ...] = ()


def _assign(doc: Document, args: dict) -> None:
	"""Hand an opportunity over, and its next contact with it if that is the owner's and is asked for."""
	values = {"opportunity_owner": args["owner"]}
	is_theirs = doc.next_contact_date and doc.next_contact_by == doc.opportunity_owner
	if cint(args.get("next_contacts")) and is_theirs and fields.is_editable(doc, "next_contact_by"):
		values["next_contact_by"] = args["owner"]
	moves.set_values(doc, values, {})


def _move(doc: Document, args: dict) -> None:
	moves.to_stage(doc, args["sales_stage"], None, {}, args.get("override_reason"))


def _pause(doc: Document, args: dict) -> None:
	doc.pause(args["until"], args.get("reason"))


def _lose(doc: Document, args: dict) -> None:
	doc.declare_lost(**args)


def _close_date(doc: Document, args: dict) -> None:
	moves.set_values(doc, {"expected_closing": args["expected_closing"]}, {})


def _tag(doc: Document, args: dict) -> None:
	doc.add_tag(args["tag"])


ACTIONS = {
	"assign": Action(_assign, ("owner",), ("next_contacts",)),
	"move": Action(_move, ("sales_stage",), ("override_reason",)),
	"pause": Action(_pause, ("until",), ("reason",)),
	"lost": Action(_lose, ("lost_reasons",), ("competitors", "detailed_reason", "lose_quotations")),
	"close_date": Action(_close_date, ("expected_closing",)),
	"tag": Action(_tag, ("tag",)),
}


def check(action: str, args: dict) -> None:
	"""Refuse an action that there is not, or arguments that it does not take.

	Raises:
		UnknownChoice, UnreadableValues
	"""
	refuse_unknown(action, ACTIONS)
	known = ACTIONS[action]
	missing = [name for name in known.needs if not args.get(name)]
	unknown = set(args).difference(known.needs, known.takes)
	joined = action == "tag" and "," in str(args.get("tag"))  # Frappe keeps tags as a list with commas
	if missing or unknown or joined:
		frappe.throw(
			_("{0} needs {1} and takes nothing else but {2}.").format(
				bold(action), ", ".join(known.needs), ", ".join(known.takes) or "–"
			),
			UnreadableValues,
			title=_("Values Not Readable"),
		)


def act_on_each(names: list[str], action: str, args: dict) -> tuple[dict[str, str], dict[str, str]]:
	"""Do it to each, committed by itself.

	Returns: why some refused, as markup by their names, and under which version the session's user can take back what
	was done to the others, by their names. Tags are not taken back.
	"""
	versions: dict[str, str] = {}

	def act(name: str) -> None:
		_label, version = moves.remembered(moves.held(name), lambda doc: ACTIONS[action].act(doc, args))
		versions.update({name: version} if version else {})

	refused = on_each(names, act)
	return refused, {name: version for name, version in versions.items() if name not in refused}


def undo_each(versions: dict[str, str]) -> dict[str, str]:
	"""Take back what was done to each, committed by itself; returns why some refused, as markup by their names."""
	return on_each(list(versions), lambda name: undo(name, versions[name]))


def act_and_notify(names: list[str], action: str, args: dict) -> None:
	"""Do it in the background, and notify the session's user which refused."""
	refused = on_each(names, lambda name: ACTIONS[action].act(moves.held(name), args))
	user = frappe.session.user

	def text() -> str:
		told = _("{0} of {1} opportunities changed.").format(len(names) - len(refused), len(names))
		return "<br>".join([told, lines(refused, SHOWN)] if refused else [told])

	reference = {"document_type": "Opportunity", "document_name": names[0]}
	with_retries(lambda: notify(user, text, at_once=True, **reference))
