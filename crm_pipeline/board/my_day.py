"""My Day: what to do next, over all sales processes, each opportunity once."""

from datetime import date, datetime
from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce
from frappe.utils import get_datetime, getdate
from pypika import Case
from pypika.terms import Criterion, Term

from crm_pipeline.board.cards import cards_of
from crm_pipeline.board.opportunities import seen_in
from crm_pipeline.board.states import Moments, at_work, in_play, in_state, moments, readable_states
from crm_pipeline.board.sums import adding, summed
from crm_pipeline.history.rotting import opportunity
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.rules import inactivity, ranking
from crm_pipeline.rules.view_filters import NO_STEP, OVERDUE, TODAY, WAITING, Filters
from crm_pipeline.utils.bulk_sql import greatest

TOMORROW = "tomorrow"
SECTIONS = (OVERDUE, TODAY, TOMORROW, WAITING, NO_STEP)
BY_THE_HOUR = (TODAY, TOMORROW)


class Place(NamedTuple):
	"""Where an opportunity stands in a section that is ranked: its rank, None where amounts are out of the user's reach."""

	name: str
	rank: float | None


def sections_of_day(filters: Filters, limit: int) -> tuple[list[dict], dict]:
	"""Return the sections of My Day with their first rows, and the legend of these.

	Each has `key`, `label`, `count` and `amount` of all that it has, and `rows`, which are cards with their `rank`.
	"""
	at = moments()
	sums, keys = _sums(filters, at), _readable_sections()
	places = {key: _places(key, filters, at, limit) if key in sums else [] for key in keys}
	cards, legend = cards_of([place.name for found in places.values() for place in found])
	card_of = {card.name: card for card in cards}
	sections = [
		{
			"key": key,
			"label": _label(key),
			**_summed(sums, key),
			"rows": [{**card_of[place.name], "rank": place.rank} for place in found if place.name in card_of],
		}
		for key, found in places.items()
	]
	return sections, legend


def _label(key: str) -> str:
	return {
		OVERDUE: _("Overdue"),
		TODAY: _("Today"),
		TOMORROW: _("Tomorrow"),
		WAITING: _("Waiting for Us"),
		NO_STEP: _("No Next Step"),
	}[key]


def _readable_sections() -> list[str]:
	states = readable_states()
	return [key for key in SECTIONS if (TODAY if key == TOMORROW else key) in states]


def _section(at: Moments) -> Case:
	"""Return which section an opportunity belongs to: the first that has it."""
	case = Case()
	for key in _readable_sections():
		case = case.when(_in_section(key, at), key)
	return case


def _in_section(key: str, at: Moments) -> Criterion:
	if key != TOMORROW:
		return in_state(key, at)
	planned = opportunity.next_contact_date
	return at_work() & (planned > at.today) & (planned <= at.tomorrow)


def _sums(filters: Filters, at: Moments) -> dict[str, frappe._dict]:
	"""Return the sums of each section that has something, with one statement."""
	if not _readable_sections():
		return {}
	section = _section(at).as_("section")
	query = seen_in(None, filters).where(in_play()).select(section).groupby(section)
	return {row.section: row for row in adding(query).run(as_dict=True) if row.section}


def _summed(sums: dict[str, frappe._dict], key: str) -> dict:
	found = summed([sums[key]] if key in sums else [])
	return {"count": found["count"], "amount": found["amount"]}


def _places(key: str, filters: Filters, at: Moments, limit: int) -> list[Place]:
	"""Return what comes first in a section: by the hour, or by rank, and then what has been waiting longest."""
	since, today = _waiting_since(key), getdate()
	is_ranked = key not in BY_THE_HOUR and is_readable("Opportunity", "weighted_amount")
	query = seen_in(None, filters).where(_in_section(key, at)).where(_section(at) == key)
	query = query.select(opportunity.name, opportunity.weighted_amount, since.as_("since"))
	if is_ranked:
		query = query.orderby(rank_of(since, today), order=frappe.qb.desc)
	query = query.orderby(since).orderby(opportunity.name).limit(limit)
	return [
		Place(name, _rank(weighted, moment, today) if is_ranked else None)
		for name, weighted, moment in query.run()
	]


def _waiting_since(key: str) -> Term:
	"""Return since when something of a section has been waiting; of what is planned, when that is."""
	if key == WAITING:
		return Coalesce(opportunity.waiting_since, opportunity.creation)
	if key == NO_STEP:
		return greatest(opportunity.creation, opportunity.last_contacted_on, opportunity.last_response_on)
	return opportunity.next_contact_date


def rank_of(since: Term, today: date) -> Term:
	"""Return what `ranking.rank` says, as a term; a test ties the two."""
	factor = Case()
	for days, times in ranking.LATENESS:
		factor = factor.when(since < str(inactivity.cutoff(today, days)), times)
	return Coalesce(opportunity.weighted_amount, 0) * factor.else_(1)


def _rank(weighted: float | None, since: datetime | str, today: date) -> float:
	return ranking.rank(weighted or 0, inactivity.days_inactive(get_datetime(since), today))
