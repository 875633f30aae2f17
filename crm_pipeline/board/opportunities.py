"""Which opportunities stand on the pipeline page, and in which order."""

import frappe
from frappe.query_builder.functions import Count
from pypika import Case
from pypika.analytics import RowNumber
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.board.filters import names_of_one, narrowing, of_people
from crm_pipeline.board.states import ENDED, ended_lately, in_play, in_state, moments
from crm_pipeline.history.rotting import opportunity
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules import stages, status
from crm_pipeline.rules.view_filters import OVERDUE, Filters
from crm_pipeline.utils.bulk_sql import in_list, starting_from

FAR = 1000  # opportunities; to sort that many takes longer than to count all of a stage by days


def seen_in(
	process: str | None, filters: Filters | None = None, names: list[str] | None = None
) -> QueryBuilder:
	"""Return a query on what the session's user may see and filters leave of a sales process, or of all without one.

	Args:
		names: of what alone is looked at; of all that there is if left out.
	"""
	query = _starting(filters or Filters(), names).where(visible("Opportunity"))
	if process:
		query = query.where(opportunity.sales_process == process)
	return query.where(narrowing(filters)) if filters else query


def _starting(filters: Filters, names: list[str] | None) -> QueryBuilder:
	"""Return a query on what is whose filters say, begun where the least is to be looked at.

	What is one user's is found by its names; a team may have most of what there is, and is asked for one by one.
	"""
	if names is None and (theirs := names_of_one(filters)):
		return starting_from(theirs, opportunity)
	query = frappe.qb.from_(opportunity).where(of_people(filters))
	return query if names is None else query.where(opportunity.name.isin(in_list(names)))


def on_board(process: str | None, filters: Filters, names: list[str] | None = None) -> QueryBuilder:
	"""Return a query on what filters leave of the opportunities that are in play, or were won or lost lately.

	A state is one of what is in play: the strips of what was won and lost count all that they open.
	"""
	query = seen_in(process, filters._replace(state=None), names)
	return query.where(stands_on_board(filters.state))


def stands_on_board(state: str | None) -> Criterion:
	"""Match what is in play, and in this state if one is given, or was won or lost lately."""
	if state in ENDED:
		return in_state(state, moments())
	played = in_state(state, moments()) if state else in_play()
	return played | ended_lately(status.CONVERTED, status.LOST)


def names_in_stage(process: str, stage: str, filters: Filters, start: int, limit: int) -> list[str]:
	"""Return the names of a stage in the order to work on them; of a won or lost one, what ended last comes first."""
	query = on_board(process, filters).where(opportunity.sales_stage == stage)
	if frappe.get_cached_value("Sales Stage", stage, "stage_type") != stages.OPEN_STAGE:
		ended = query.where(ended_lately(*ENDED.values())).select(opportunity.name)
		ended = ended.orderby(opportunity.closed_on, order=frappe.qb.desc).orderby(opportunity.name)
		return ended.limit(limit).offset(start).run(pluck=True)
	if names_of_one(filters):
		return _in_order(query, 0, start, limit)
	if start >= FAR:
		return _far_down(query, start, limit)
	return _in_order(query, _missed_in(query), start, limit)


def first_names(process: str, filters: Filters, missed_in: dict[str, int], limit: int) -> list[str]:
	"""Return the names with which some open stages begin, as `names_in_stage` has them.

	Args:
		missed_in: of each stage, how many of the opportunities that filters leave have missed their next contact.
		limit: of names of each stage.
	"""
	if names_of_one(filters):
		return _first_of_one(process, filters, [*missed_in], limit)
	query = on_board(process, filters)
	return [
		name
		for stage, missed in missed_in.items()
		for name in _in_order(query.where(opportunity.sales_stage == stage), missed, 0, limit)
	]


def _missed_in(query: QueryBuilder) -> int:
	return query.where(in_state(OVERDUE, moments())).select(Count("*")).run()[0][0]


def _in_order(query: QueryBuilder, missed: int, start: int, limit: int) -> list[str]:
	"""Return names of an open stage; where those with missed contacts, which come first, are enough, only these are looked at."""
	if missed >= start + limit:
		query = query.where(in_state(OVERDUE, moments()))
	return _portion_of(query, start, limit)


def _portion_of(query: QueryBuilder, start: int, limit: int) -> list[str]:
	closing = opportunity.expected_closing
	query = query.orderby(urgency()).orderby(without_last(closing)).orderby(closing).orderby(opportunity.name)
	return query.select(opportunity.name).limit(limit).offset(start).run(pluck=True)


def _far_down(query: QueryBuilder, start: int, limit: int) -> list[str]:
	"""Return names of an open stage far from its first one: how many each day has tells the days they are in, and only those are sorted."""
	closing = opportunity.expected_closing
	found = query.select(urgency().as_("urgency"), closing).as_("found")
	counted = frappe.qb.from_(found).select(found.urgency, found.expected_closing, Count("*"))
	days = counted.groupby(found.urgency, found.expected_closing).run()
	end, wanted, skipped = 0, [], 0
	for urgent, day, count in sorted(days, key=lambda each: (each[0], each[1] is None, each[1])):
		begin, end = end, end + count
		if end <= start:
			skipped = end
		elif begin < start + limit:
			wanted.append((urgency() == urgent) & (closing.isnull() if day is None else closing == day))
	return _portion_of(query.where(Criterion.any(wanted)), start - skipped, limit) if wanted else []


def _first_of_one(process: str, filters: Filters, open_stages: list[str], limit: int) -> list[str]:
	"""Return the names with which stages begin of what is one user's, all with one statement: it is not looked up for each."""
	query = on_board(process, filters).where(opportunity.sales_stage.isin(in_list(open_stages)))
	found = query.select(
		opportunity.name, opportunity.sales_stage, opportunity.expected_closing, urgency().as_("urgency")
	).as_("found")
	place = RowNumber().over(found.sales_stage).orderby(found.urgency)
	place = place.orderby(without_last(found.expected_closing)).orderby(found.expected_closing)
	placed = frappe.qb.from_(found).select(found.name, place.orderby(found.name).as_("place")).as_("placed")
	first = frappe.qb.from_(placed).select(placed.name).where(placed.place <= limit)
	return first.orderby(placed.place).orderby(placed.name).run(pluck=True)


def urgency() -> Term:
	"""Return what to order by first: missed contacts come before the rest, other paused opportunities after it."""
	missed = Case().when(in_state(OVERDUE, moments()), 0)
	return missed.when(opportunity.status == status.PAUSED, 2).else_(1)


def without_last(field: Term) -> Term:
	"""Return what to order by so that what has no value comes last."""
	return Case().when(field.isnull(), 1).else_(0)
