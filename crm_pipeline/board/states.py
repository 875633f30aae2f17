"""The states by which a salesperson picks what to do next, as criteria of queries on opportunities."""

from typing import NamedTuple

import frappe
from frappe.utils import add_days, getdate, now_datetime
from pypika.terms import Criterion

from crm_pipeline.history.rotting import idle_too_long, opportunity
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.rules import status, time_zones
from crm_pipeline.rules.view_filters import (
	LOST,
	NO_STEP,
	OVERDUE,
	PAUSED,
	ROTTING,
	STATES,
	TODAY,
	WAITING,
	WON,
)
from crm_pipeline.utils.time_zones import zones_of

# Whoever may not read the field is told nothing that follows from it.
FIELD_OF = {
	OVERDUE: "next_contact_date",
	TODAY: "next_contact_date",
	NO_STEP: "next_contact_date",
	WAITING: "waiting_for",
	ROTTING: "sales_stage",
	PAUSED: "status",
	WON: "closed_on",
	LOST: "closed_on",
}
ENDED = {WON: status.CONVERTED, LOST: status.LOST}
RECENT_DAYS = 30
OF_THE_AWAKE = (
	TODAY,
	WAITING,
	ROTTING,
	NO_STEP,
)  # a pause asks for nothing, but a contact missed in it is missed


class Moments(NamedTuple):
	"""Now, and the last moments of today, tomorrow and the seventh day after today by the user's own clock, in the site's time.

	As text: within a CASE, a moment would be written with a T, which SQLite does not keep.
	"""

	now: str
	today: str
	tomorrow: str
	week: str


def moments() -> Moments:
	"""Return what now, today, tomorrow and the next seven days are to the session's user."""
	now, zones = now_datetime(), zones_of(frappe.session.user)
	ends = (time_zones.end_of_day(now, *zones, days=days) for days in (0, 1, 7))
	return Moments(str(now), *map(str, ends))


def in_play() -> Criterion:
	"""Match what is neither won nor lost nor closed."""
	return opportunity.status.isin(sorted(status.IN_PLAY))


def at_work() -> Criterion:
	"""Match what is in play and does not rest: a pause asks for nothing."""
	return in_play() & (opportunity.status != status.PAUSED)


def ended_lately(*statuses: str) -> Criterion:
	"""Match what got one of these statuses as its last in the last RECENT_DAYS days."""
	recent = opportunity.closed_on >= add_days(getdate(), -RECENT_DAYS)
	return opportunity.status.isin(statuses) & recent


def in_state(state: str, at: Moments) -> Criterion:
	"""Match the opportunities in play that are in a state; of `won` and `lost` those that ended lately."""
	if state in ENDED:
		return ended_lately(ENDED[state])
	return in_play() & of_those_in_play(state, at)


def of_those_in_play(state: str, at: Moments, process: str | None = None) -> Criterion:
	"""Match what is in a state, of opportunities that are in play anyway.

	Args:
		process: the one in which all stand that the query reads, where it reads those of one.
	"""
	rests = opportunity.status == status.PAUSED
	if state == PAUSED:
		return rests
	matching = of_those_that_ask(state, at, process)
	return ~rests & matching if state in OF_THE_AWAKE else matching


def of_those_that_ask(state: str, at: Moments, process: str | None = None) -> Criterion:
	"""Match what would be in a state of `of_those_in_play`, but PAUSED, if it did not rest."""
	planned = opportunity.next_contact_date
	if state == OVERDUE:
		return planned < at.now
	if state == ROTTING:
		return idle_too_long(getdate(), process)
	if state == WAITING:
		return opportunity.waiting_for == "Us"
	if state == NO_STEP:
		return planned.isnull()
	return (planned >= at.now) & (planned <= at.today)


def readable_states() -> list[str]:
	"""Return the states that follow from fields which the session's user may read."""
	return [state for state in STATES if is_readable("Opportunity", FIELD_OF[state])]
