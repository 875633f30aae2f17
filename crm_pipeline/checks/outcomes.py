"""What an ended opportunity has, and one in play has not: closing data, revenue, reasons, pauses."""

import frappe
from frappe.query_builder.functions import Coalesce
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from crm_pipeline.checks.correcting import correct
from crm_pipeline.checks.invariant import MINOR, SERIOUS, STATUS_FIRST, Invariant, Repair
from crm_pipeline.checks.terms import (
	as_recorded,
	ended,
	in_play,
	is_empty,
	names,
	opportunity,
	rows_of,
	unlike,
)
from crm_pipeline.rules import response, status
from crm_pipeline.utils.bulk_sql import has_any


def closed_in_play() -> QueryBuilder:
	return names(opportunity).where(in_play() & opportunity.closed_on.isnotnull())


def ended_without_day() -> QueryBuilder:
	return names(opportunity).where(ended() & opportunity.closed_on.isnull())


def revenue_of_not_won() -> QueryBuilder:
	revenue = unlike(opportunity.close_revenue, 0) | unlike(opportunity.base_close_revenue, 0)
	return names(opportunity).where((opportunity.status != status.CONVERTED) & revenue)


def auto_closed_but_not_closed() -> QueryBuilder:
	return names(opportunity).where((opportunity.auto_closed == 1) & (opportunity.status != status.CLOSED))


def lost_without_reason() -> QueryBuilder:
	return names(opportunity).where((opportunity.status == status.LOST) & ~_has_reasons())


def won_with_reasons() -> QueryBuilder:
	return names(opportunity).where((opportunity.status == status.CONVERTED) & _has_reasons())


def _has_reasons() -> Criterion:
	row = frappe.qb.DocType("Lost Reason Detail")
	return has_any(rows_of("Opportunity", row, opportunity.name).select(row.name))


def paused_without_end() -> QueryBuilder:
	return names(opportunity).where(
		(opportunity.own_status == status.PAUSED) & opportunity.paused_until.isnull()
	)


def pause_of_not_paused() -> QueryBuilder:
	not_paused = Coalesce(opportunity.own_status, "") != status.PAUSED
	return names(opportunity).where(not_paused & opportunity.paused_until.isnotnull())


def waits_though_ended() -> QueryBuilder:
	return names(opportunity).where(ended() & (opportunity.waiting_for == response.THEM))


def waits_for_nothing() -> QueryBuilder:
	known = [response.US, response.THEM, response.NOBODY]
	return names(opportunity).where(is_empty(opportunity.waiting_for) | opportunity.waiting_for.notin(known))


INVARIANTS = (
	Invariant(
		"closed-on-in-play",
		"Opportunity",
		"What is in play has no day on which it ended.",
		MINOR,
		STATUS_FIRST,
		closed_in_play,
		Repair(
			correct("Opportunity", lambda: {"closed_on": None}),
			lambda: closed_in_play().where(as_recorded("status")),
		),
	),
	Invariant(
		"closed-on-ended",
		"Opportunity",
		"What is won, lost or closed has the day on which it ended.",
		SERIOUS,
		"Enter Closed On; the history says when the status changed.",
		ended_without_day,
	),
	Invariant(
		"revenue-of-won",
		"Opportunity",
		"Only what is won has revenue.",
		SERIOUS,
		STATUS_FIRST,
		revenue_of_not_won,
		Repair(
			correct("Opportunity", lambda: {"close_revenue": 0, "base_close_revenue": 0}),
			lambda: revenue_of_not_won().where(as_recorded("status")),
		),
	),
	Invariant(
		"auto-closed-is-closed",
		"Opportunity",
		"Only what is Closed can have been closed by auto-close.",
		MINOR,
		STATUS_FIRST,
		auto_closed_but_not_closed,
		Repair(
			correct("Opportunity", lambda: {"auto_closed": 0}),
			lambda: auto_closed_but_not_closed().where(as_recorded("status")),
		),
	),
	Invariant(
		"lost-has-reason",
		"Opportunity",
		"What is lost has at least one reason.",
		MINOR,
		"Enter a reason, such as *Not recorded*.",
		lost_without_reason,
	),
	Invariant(
		"won-has-no-reason",
		"Opportunity",
		"What is won has no reasons for having been lost.",
		MINOR,
		"Open it and save it; is it lost indeed, reopen it and declare it lost.",
		won_with_reasons,
	),
	Invariant(
		"pause-has-end",
		"Opportunity",
		"What is paused has a day until which: no job would resume it otherwise.",
		SERIOUS,
		"Enter Paused Until, or resume it.",
		paused_without_end,
	),
	Invariant(
		"pause-of-paused",
		"Opportunity",
		"Only what is paused has a day until which.",
		MINOR,
		"Repaired where neither the status nor the history says Paused.",
		pause_of_not_paused,
		Repair(
			correct("Opportunity", lambda: {"paused_until": None, "pause_reason": None}),
			lambda: pause_of_not_paused().where(
				as_recorded("status") & (opportunity.status != status.PAUSED)
			),
		),
	),
	Invariant(
		"ended-waits-for-nobody",
		"Opportunity",
		"Nobody waits for the customer of what is won, lost or closed.",
		MINOR,
		STATUS_FIRST,
		waits_though_ended,
		Repair(
			correct("Opportunity", lambda: {"waiting_for": response.NOBODY, "waiting_since": None}),
			lambda: waits_though_ended().where(as_recorded("status")),
		),
	),
	Invariant(
		"waiting-is-known",
		"Opportunity",
		"Waiting For is Us, Them or Nobody.",
		MINOR,
		"Open it and save it.",
		waits_for_nothing,
	),
)
