"""Moments as people in different time zones read them. Sites keep moments without zone, in their own."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache
def is_known(zone: str | None) -> bool:
	"""Tell whether a name is that of a time zone, and not a former one or a misspelling."""
	try:
		return bool(ZoneInfo(zone or ""))
	except (OSError, ValueError, LookupError):
		return False


def in_zone(moment: datetime, site: str, person: str | None) -> datetime:
	"""Return what a person's clock shows at a moment of the site. Both zones by name (Europe/Berlin).

	Whoever has no zone lives by the site's. Of an hour that the site's clock passes twice, the first is meant.
	"""
	if not person or person == site:
		return moment
	return moment.replace(tzinfo=ZoneInfo(site)).astimezone(ZoneInfo(person)).replace(tzinfo=None)


def end_of_day(now: datetime, site: str, person: str | None, days: int = 0) -> datetime:
	"""Return the last moment, in the site's time, of the day that a person has now, or of one so many days later."""
	day = in_zone(now, site, person).date() + timedelta(days=days)
	return in_zone(datetime.combine(day, time.max), person or site, site)
