"""What narrows a view of the pipeline, as criteria of queries on opportunities."""

import json
from collections.abc import Iterator

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce
from frappe.utils import get_first_day_of_week, getdate, now_datetime
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, EmptyCriterion, ValueWrapper

from crm_pipeline.board.mentioning import mentioning
from crm_pipeline.board.states import FIELD_OF, in_play, in_state, moments
from crm_pipeline.exceptions import UnreadableFilters
from crm_pipeline.history.postponed import names_postponed_by
from crm_pipeline.history.rotting import ACTIVITY, opportunity
from crm_pipeline.permissions.field_levels import is_readable, refuse_hidden_fields
from crm_pipeline.permissions.managing import manages_sales
from crm_pipeline.permissions.own import assigned_names
from crm_pipeline.permissions.teams import leads_a_team, people_of
from crm_pipeline.permissions.visibility import KEPT_FIELDS
from crm_pipeline.rules import time_zones, view_filters
from crm_pipeline.rules.view_filters import Filters
from crm_pipeline.utils.bulk_sql import Containing, joined, union_of
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.time_zones import today_of, zones_of

CHOSEN = {"owner": "opportunity_owner", "source": "source", "type": "opportunity_type"}
FILTERED = {**CHOSEN, "closing": "expected_closing", "value": "base_opportunity_amount"}
RESPONSIBLE = ("opportunity_owner", "next_contact_by")


def default_scope() -> str:
	"""Return whose opportunities the page shows first: their own to salespeople, their team's to Sales Managers who lead one."""
	manages = manages_sales()
	if manages and has_team():
		return view_filters.TEAM
	return view_filters.MINE if "Sales User" in frappe.get_roles() and not manages else view_filters.ALL


def has_team() -> bool:
	"""Return whether the session's user can ask for their team's: they lead one, and may read whose opportunities are."""
	return leads_a_team() and is_readable("Opportunity", *RESPONSIBLE)


def read_view_filters(sent: dict | str | None) -> Filters:
	"""Return the filters that a client sends, an object or the JSON of one.

	Raises:
		UnreadableFilters: neither, or a filter or value that there is not.
		FieldOutOfReach: a filter on a field that the session's user may not read.
	"""
	try:
		read = json.loads(sent) if isinstance(sent, str) and sent else sent
		filters = view_filters.read(read if read not in (None, "") else {})
	except view_filters.LeastAboveGreatest as span:
		least, greatest = (frappe.format(amount, "Float") for amount in span.args)
		frappe.throw(
			_("The least value, {0}, is above the greatest, {1}. Change one of them.").format(
				least, greatest
			),
			UnreadableFilters,
			title=_("Filters Not Readable"),
		)
	except (ValueError, RecursionError):
		frappe.throw(
			_(
				"{0} are no filters of the pipeline. Send a JSON object with filters and values that there are."
			).format(bold(str(sent)[:40])),
			UnreadableFilters,
			title=_("Filters Not Readable"),
		)
	_refuse_hidden(filters)
	return filters


def names_of_one(filters: Filters) -> QueryBuilder | None:
	"""Return the query of the names of what `of_people` matches, if filters ask for one user's."""
	user = filters.whose(frappe.session.user)
	if not user:
		return None
	every = frappe.qb.from_(opportunity).select(opportunity.name)
	theirs = (every.where(opportunity[field] == user) for field in RESPONSIBLE)
	return union_of(*theirs, assigned_names("Opportunity", user))


def of_people(filters: Filters) -> Criterion:
	"""Match what is a user's or their team's, if filters ask for that: who owns it, is to contact next, or is assigned."""
	people = users_of(filters)
	if not people:
		return EmptyCriterion()
	theirs = [opportunity[field].isin(people) for field in RESPONSIBLE]
	return Criterion.any([*theirs, opportunity.name.isin(assigned_names("Opportunity", *people))])


def narrowing(filters: Filters) -> Criterion:
	"""Return what filters leave, whosever it is; the query must read from the table of opportunities without an alias."""
	criteria = [*_of_closing(filters), *_of_changed(filters), *_of_value(filters), *_of_tags(filters)]
	criteria += [opportunity[field].isin(chosen) for field, chosen in _chosen(filters)]
	if filters.postponed:
		criteria.append(opportunity.name.isin(names_postponed_by(filters.postponed)))
	if filters.state:
		criteria.append(in_state(filters.state, moments()))
	return Criterion.all([*criteria, *mentioning(filters.text)])


def _refuse_hidden(filters: Filters) -> None:
	asked = [
		field for key, field in FILTERED.items() if getattr(filters, key) not in ((), None, (None, None))
	]
	if filters.state:
		asked.append(FIELD_OF[filters.state])
	if filters.scope == view_filters.TEAM or filters.scope.startswith(view_filters.OF_USER):
		asked += RESPONSIBLE
	if filters.postponed:
		asked += KEPT_FIELDS
	if filters.changed:
		asked += ACTIVITY
	refuse_hidden_fields("Opportunity", *asked)


def _chosen(filters: Filters) -> Iterator[tuple[str, tuple[str, ...]]]:
	for key, field in CHOSEN.items():
		if chosen := getattr(filters, key):
			yield field, chosen


def users_of(filters: Filters) -> list[str]:
	"""Return whose opportunities are asked for; nobody for everybody's."""
	if filters.scope == view_filters.TEAM:
		return people_of(frappe.session.user)
	user = filters.whose(frappe.session.user)
	return [user] if user else []


def _of_closing(filters: Filters) -> Iterator[Criterion]:
	closing, field = filters.closing, opportunity.expected_closing
	if not closing:
		return
	if closing == view_filters.NO_DATE:
		yield field.isnull()
		return
	today = today_of(frappe.session.user)
	first, last = view_filters.closing_span(closing, today, getdate(get_first_day_of_week(today)))
	if first:
		yield field >= first
	if last:
		yield field <= last
	if closing == view_filters.OVERDUE:
		yield in_play()


def _of_changed(filters: Filters) -> Iterator[Criterion]:
	"""What counts is what keeps an opportunity from rotting: it moved, or somebody spoke with the customer."""
	if not filters.changed:
		return
	days = -1 - view_filters.CHANGED[filters.changed]
	before = str(time_zones.end_of_day(now_datetime(), *zones_of(frappe.session.user), days=days))
	yield Criterion.any(opportunity[field] > before for field in ACTIVITY)


def _of_value(filters: Filters) -> Iterator[Criterion]:
	least, greatest = filters.value
	amount = Coalesce(opportunity.base_opportunity_amount, 0)
	if least is not None:
		yield amount >= least
	if greatest is not None:
		yield amount <= greatest


def _of_tags(filters: Filters) -> Iterator[Criterion]:
	"""Yield what has one of the tags; Frappe keeps them in one text with commas, 15 before the first one too."""
	if filters.tag:
		tags = joined(ValueWrapper(","), "", joined(Coalesce(opportunity["_user_tags"], ""), ",", ""))
		yield Criterion.any(Containing(tags, f",{tag},") for tag in filters.tag)
