"""Which opportunities stand on the pipeline page, and in which order."""

import frappe
from pypika import Case
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.board.filters import narrowing
from crm_pipeline.board.states import ENDED, ended_lately, in_play, in_state, moments
from crm_pipeline.history.rotting import opportunity
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules import stages, status
from crm_pipeline.rules.view_filters import OVERDUE, Filters


def seen_in(process: str | None) -> QueryBuilder:
	"""Return a query on what the session's user may see of a sales process, or of all without one."""
	query = frappe.qb.from_(opportunity).where(visible("Opportunity"))
	return query.where(opportunity.sales_process == process) if process else query


def on_board(process: str | None, filters: Filters) -> QueryBuilder:
	"""Return a query on what filters leave of the opportunities that are in play, or were won or lost lately.

	A state is one of what is in play: the strips of what was won and lost count all that they open.
	"""
	query = seen_in(process).where(narrowing(filters._replace(state=None)))
	return query.where(stands_on_board(filters.state))


def stands_on_board(state: str | None) -> Criterion:
	"""Match what is in play, and in this state if one is given, or was won or lost lately."""
	if state in ENDED:
		return in_state(state, moments())
	played = in_state(state, moments()) if state else in_play()
	return played | ended_lately(status.CONVERTED, status.LOST)


def names_in_stage(process: str, stage: str, filters: Filters, start: int, limit: int) -> list[str]:
	"""Return the names of a stage in the order to work on them; of a won or lost one, what ended last comes first."""
	query = on_board(process, filters).where(opportunity.sales_stage == stage).select(opportunity.name)
	if frappe.get_cached_value("Sales Stage", stage, "stage_type") == stages.OPEN_STAGE:
		closing = opportunity.expected_closing
		query = query.orderby(urgency()).orderby(without_last(closing)).orderby(closing)
	else:
		query = query.orderby(opportunity.closed_on, order=frappe.qb.desc)
	return [name for (name,) in query.orderby(opportunity.name).limit(limit).offset(start).run()]


def urgency() -> Term:
	"""Return what to order by first: missed contacts come before the rest, other paused opportunities after it."""
	missed = Case().when(in_state(OVERDUE, moments()), 0)
	return missed.when(opportunity.status == status.PAUSED, 2).else_(1)


def without_last(field: Term) -> Term:
	"""Return what to order by so that what has no value comes last."""
	return Case().when(field.isnull(), 1).else_(0)
