"""The states by which a salesperson picks what to do next, as criteria of queries on opportunities."""

from typing import NamedTuple

import frappe
from frappe.utils import getdate, now_datetime
from pypika.terms import Criterion

from crm_pipeline.history.rotting import opportunity, rotting_on
from crm_pipeline.permissions.field_levels import is_readable
from crm_pipeline.rules import status, time_zones
from crm_pipeline.rules.view_filters import NO_STEP, OVERDUE, ROTTING, STATES, TODAY, WAITING
from crm_pipeline.utils.time_zones import zones_of

# Whoever may not read the field is told nothing that follows from it.
FIELD_OF = {
	OVERDUE: "next_contact_date",
	TODAY: "next_contact_date",
	NO_STEP: "next_contact_date",
	WAITING: "waiting_for",
	ROTTING: "sales_stage",
}


class Moments(NamedTuple):
	"""Now, and the last moments of today and tomorrow by the user's own clock, in the site's time.

	As text: within a CASE, a moment would be written with a T, which SQLite does not keep.
	"""

	now: str
	today: str
	tomorrow: str


def moments() -> Moments:
	"""Return what now, today and tomorrow are to the session's user."""
	now, zones = now_datetime(), zones_of(frappe.session.user)
	ends = (time_zones.end_of_day(now, *zones, days=days) for days in (0, 1))
	return Moments(str(now), *map(str, ends))


def in_play() -> Criterion:
	"""Match what is neither won nor lost nor closed."""
	return opportunity.status.isin(sorted(status.IN_PLAY))


def in_state(state: str, at: Moments) -> Criterion:
	"""Match the opportunities in play that are in a state."""
	planned = opportunity.next_contact_date
	if state == ROTTING:
		return rotting_on(getdate())
	if state == WAITING:
		return in_play() & (opportunity.waiting_for == "Us")
	if state == NO_STEP:
		return in_play() & (opportunity.status != status.PAUSED) & planned.isnull()
	if state == OVERDUE:
		return in_play() & (planned < at.now)
	return in_play() & (planned >= at.now) & (planned <= at.today)


def readable_states() -> list[str]:
	"""Return the states that follow from fields which the session's user may read."""
	return [state for state in STATES if is_readable("Opportunity", FIELD_OF[state])]
