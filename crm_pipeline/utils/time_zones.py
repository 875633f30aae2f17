"""Whose clock shows what: the rules are in `rules.zones`."""

from datetime import date, datetime

import frappe
from frappe.utils import format_date, get_datetime, get_system_timezone, now_datetime
from pypika import Table
from pypika.terms import Criterion

from crm_pipeline.rules import time_zones
from crm_pipeline.utils.bulk_sql import in_list


def zones_of(user: str) -> tuple[str, str]:
	"""Return the site's time zone and the user's own, which is the site's where they have chosen none."""
	site = get_system_timezone()
	own = frappe.db.get_value("User", user, "time_zone")
	return site, own if time_zones.is_known(own) else site


def now_of(user: str) -> datetime:
	"""Return what a user's own clock shows now."""
	return time_zones.in_zone(now_datetime(), *zones_of(user))


def today_of(user: str) -> date:
	"""Return the day that a user has now."""
	return now_of(user).date()


def moment_in_words(moment: datetime | str) -> str:
	"""Return a moment of the site's time as the session's user reads it: the date as the site writes dates, their own clock."""
	shown = time_zones.in_zone(get_datetime(moment), *zones_of(frappe.session.user))
	return f"{format_date(shown)} {shown:%H:%M}"


def whose_clock_shows(hour: int, user: Table) -> Criterion:
	"""Of the users in a query: those whose own clock shows that hour, whatever its minute."""
	now, site = now_datetime(), get_system_timezone()
	names = frappe.get_all("User", {"time_zone": ["is", "set"]}, pluck="time_zone", distinct=True)
	known = [zone for zone in names if time_zones.is_known(zone)]
	shown = [zone for zone in known if time_zones.in_zone(now, site, zone).hour == hour]
	chosen = user.time_zone.isin(in_list(shown))
	if now.hour != hour:
		return chosen
	return chosen | user.time_zone.isnull() | user.time_zone.notin(in_list(known))
