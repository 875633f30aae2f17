"""What changed on the pipeline page since it was last asked."""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime
from pypika.queries import QueryBuilder

from crm_pipeline.board.cards import cards_of
from crm_pipeline.board.opportunities import on_board, seen_in
from crm_pipeline.history.rotting import opportunity
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.rules import status
from crm_pipeline.rules.view_filters import Filters
from crm_pipeline.utils.bulk_sql import union_of
from crm_pipeline.utils.sent_values import names_from, refuse_too_many
from crm_pipeline.utils.validation import read_date

MOST_CHANGES = 200
MOST_SHOWN = 2500
# A save that began before another one ended may be told of later, with a moment that lies before.
OVERLAP = timedelta(seconds=10)


def changes_since(since: str, process: str | None, filters: Filters, shown: list | str | None) -> dict:
	"""Return `now`, cards that `changed` with their legend, names `gone`, and whether to `reload` instead.

	What was lost also has its `lost_reasons`, as far as the user may read them.

	Raises:
		ImpossibleDate: `since` is no moment.
		UnreadableList, TooManyRecords: `shown` is no list of names, or of too many.
	"""
	now = now_datetime()
	names = _changed(get_datetime(read_date(since, "Datetime", _("Since"))) - OVERLAP, now)
	on_screen = _shown(shown)
	too_many = len(names) > MOST_CHANGES
	here = _matching([] if too_many else [*names, *on_screen], process, filters)
	cards, legend = cards_of([name for name in names if name in here])
	return {
		"now": f"{now:%Y-%m-%d %H:%M:%S}",
		"changed": _with_reasons(cards),
		"gone": []
		if too_many
		else [name for name in dict.fromkeys([*names, *on_screen]) if name not in here],
		"reload": int(too_many),
		**legend,
	}


def _with_reasons(cards: list[frappe._dict]) -> list[frappe._dict]:
	"""Say of cards why they were lost, in the user's words."""
	lost = {card.name: card for card in cards if card.get("status") == status.LOST}
	if lost and is_readable("Opportunity", "lost_reasons"):
		filters = {"parenttype": "Opportunity", "parentfield": "lost_reasons", "parent": ["in", [*lost]]}
		rows = frappe.get_all(
			"Lost Reason Detail", filters, ["parent", "lost_reason"], order_by="parent, idx"
		)
		for row in rows:
			lost[row.parent].setdefault("lost_reasons", []).append(_(row.lost_reason))
	return cards


def _changed(since: datetime, now: datetime) -> list[str]:
	"""Return the names of what the session's user sees and was changed; one more than are told at most."""
	changed = union_of(_saved(since), _assigned(since), _recorded(since), _due(since, now))
	query = seen_in(None).select(opportunity.name).where(opportunity.name.isin(changed))
	return [name for (name,) in query.orderby(opportunity.name).limit(MOST_CHANGES + 1).run()]


def _saved(since: datetime) -> QueryBuilder:
	return frappe.qb.from_(opportunity).select(opportunity.name).where(opportunity.modified >= since)


def _assigned(since: datetime) -> QueryBuilder:
	"""Assigning leaves the time of the last change as it is."""
	todo = frappe.qb.DocType("ToDo")
	query = frappe.qb.from_(todo).select(todo.reference_name)
	return query.where((todo.modified >= since) & (todo.reference_type == "Opportunity"))


def _recorded(since: datetime) -> QueryBuilder:
	"""So do statements about many, whose changes are in the history."""
	change = frappe.qb.DocType("Pipeline Change")
	return frappe.qb.from_(change).select(change.opportunity).where(change.at >= since)


def _due(since: datetime, now: datetime) -> QueryBuilder:
	"""Return what became overdue meanwhile."""
	due = (opportunity.next_contact_date >= since) & (opportunity.next_contact_date < now)
	return frappe.qb.from_(opportunity).select(opportunity.name).where(due)


def _matching(names: list[str], process: str | None, filters: Filters) -> set[str]:
	query = on_board(process, filters, names).select(opportunity.name)
	return {name for (name,) in query.run()}


def _shown(sent: list | str | None) -> list[str]:
	names = names_from(sent) if sent else []
	refuse_too_many(names, MOST_SHOWN)
	return names
