"""The sections of the list of activities: by when something is due on its reader's own clock, and what they did lately."""

from datetime import date, timedelta
from typing import NamedTuple

import frappe
from frappe.utils import get_first_day_of_week, getdate, now_datetime
from pypika.terms import Criterion, Term

from crm_pipeline.board.states import RECENT_DAYS
from crm_pipeline.rules import time_zones
from crm_pipeline.utils.time_zones import today_of, zones_of

OVERDUE, TODAY, THIS_WEEK, LATER, NO_DATE, DONE = "overdue", "today", "this_week", "later", "no_date", "done"
PLANNED = (OVERDUE, TODAY, THIS_WEEK, LATER, NO_DATE)
SECTIONS = (*PLANNED, DONE)


class Limits(NamedTuple):
	"""Where the sections end by the user's own clock; moments in the site's time, as text (see `states.Moments`).

	`since` and `first_day` say from when on something counts as done lately: after that moment, from that day on.
	"""

	now: str
	today_ends: str
	week_ends: str
	today: date
	week_last: date
	since: str
	first_day: date


def limits(first_day: date | None = None) -> Limits:
	"""Return where the sections end for the session's user; their week begins with the day that the site has set.

	Args:
		first_day: since when something is to have been done; the day RECENT_DAYS days ago if left out.
	"""
	now, zones = now_datetime(), zones_of(frappe.session.user)
	today = today_of(frappe.session.user)
	week_last = getdate(get_first_day_of_week(today)) + timedelta(days=6)
	first_day = first_day or today - timedelta(days=RECENT_DAYS)
	lasts = (today, week_last, first_day - timedelta(days=1))
	today_ends, week_ends, since = (
		str(time_zones.end_of_day(now, *zones, days=(last - today).days)) for last in lasts
	)
	return Limits(str(now), today_ends, week_ends, today, week_last, since, first_day)


def by_moment(at: Term, section: str, ends: Limits, over: Term | None = None) -> Criterion:
	"""Match what is due at a moment within a section; what was due earlier today is overdue.

	Args:
		over: when it is over, if that is not the moment at which it is due; what is under way is due today.
	"""
	over = at if over is None else over
	return {
		OVERDUE: (at < ends.now) & (over < ends.now),
		TODAY: (over >= ends.now) & (at <= ends.today_ends),
		THIS_WEEK: (at > ends.today_ends) & (at <= ends.week_ends),
		LATER: (at > ends.week_ends) & (at >= ends.now),
		NO_DATE: at.isnull(),
	}[section]


def by_day(at: Term, section: str, ends: Limits, last: str = "", over: Term | None = None) -> Criterion:
	"""Match what is due on a day within a section.

	Args:
		last: what is to be appended to a day where moments are compared, to mean the end of it.
		over: as of `by_moment`.
	"""
	over = at if over is None else over
	today, week_last = str(ends.today), str(ends.week_last)
	return {
		OVERDUE: (at < today) & (over < today),
		TODAY: (over >= today) & (at <= today + last),
		THIS_WEEK: (at > today + last) & (at <= week_last + last),
		LATER: (at > today + last) & (at > week_last + last),
		NO_DATE: at.isnull(),
	}[section]


def done_lately(at: Term, ends: Limits) -> Criterion:
	"""Match what was done at a moment that is no longer ago than the limits say."""
	return at > ends.since
