"""The list of activities across opportunities: reading it, and what is done to its tasks and entries of the calendar."""

import frappe
from frappe.utils import cint, now_datetime

from crm_pipeline.board import activity_writes
from crm_pipeline.board.activity_list import activities
from crm_pipeline.board.filters import read_view_filters
from crm_pipeline.board.moves import card_of
from crm_pipeline.board.requests import once
from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.utils.paging import portion

MOST_ROWS = 200


@frappe.whitelist(methods=["GET"])
def get_activities(
	filters: dict | str | None = None,
	kind: str | None = None,
	section: str | None = None,
	delegated: int = 0,
	start: int = 0,
	limit: int = 30,
) -> dict:
	"""Return what is planned on opportunities and what was done in the last 30 days, over all sales processes.

	Args:
		filters: as in `pipeline.get_board`, of the opportunities; but `scope` says whose activities: who is to contact
			next, whose task or entry of the calendar it is, who noted what was done.
		kind: follow_up, task, event, call, meeting or email; all of them without.
		section: overdue, today, this_week, later, no_date or done; of each the first rows without.
		delegated: 1 for tasks that the user gave to others, of the people in scope ("mine": to anybody).
		start, limit: the portion of each section, at most 200 rows.

	Returns:
		`now` (site time); `sections` in order, each with `key`, `count` and `rows`, what is due first before the others,
		done the other way round. A row has `doctype` and `record`, `opportunity`, `kind`, `what` (plain text, at most 140
		characters), `at` (a day, or a moment of the site's time, or None), `user` and `given_by`. `cards` of the
		opportunities, `people` and `decimals` as `pipeline.get_board` gives them. Days are those of the user's own clock.

	Raises:
		UnreadableFilters, UnknownChoice, FieldOutOfReach
	"""
	require_reading()
	asked = read_view_filters(filters)
	sections, cards, legend = activities(
		asked, kind, section, bool(cint(delegated)), *portion(start, limit, MOST_ROWS)
	)
	return {"now": f"{now_datetime():%Y-%m-%d %H:%M:%S}", "sections": sections, "cards": cards, **legend}


# `activity_writes` refuses whoever may not change the record, here and below.
# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def set_done(doctype: str, name: str, opportunity: str, done: int = 1, request_id: str | None = None) -> dict:
	"""Say that a task (ToDo) or an entry of the calendar (Event) of an opportunity is done, or with 0 that it is open again.

	Args:
		request_id: made by the client; the same of the same user is done once, and answered alike.

	Returns: `card` of the opportunity.

	Raises:
		UnknownChoice, StateGone, RequestUnderWay
	"""
	require_reading()

	def act() -> dict:
		activity_writes.set_done(doctype, name, opportunity, bool(cint(done)))
		return {"card": card_of(opportunity)}

	return once(request_id, act)


# nosemgrep: whitelisted-permission
@frappe.whitelist(methods=["POST"])
def move_activity(
	doctype: str,
	name: str,
	opportunity: str,
	to: str = "",
	from_at: str | None = None,
	request_id: str | None = None,
) -> dict:
	"""Put a task to another day, or an entry of the calendar to another moment, for as long as before.

	Args:
		to: day (YYYY-MM-DD) of a task, moment (YYYY-MM-DD HH:MM:SS, site time) of an entry; empty for a task without day.
		from_at: when it was due, as the client saw it.
		request_id: as of `set_done`.

	Returns: `card` of the opportunity.

	Raises:
		UnknownChoice, ImpossibleDate, RequestUnderWay
		StateGone: it is done, or due at another time by now.
	"""
	require_reading()

	def act() -> dict:
		activity_writes.move(doctype, name, opportunity, to, from_at)
		return {"card": card_of(opportunity)}

	return once(request_id, act)
