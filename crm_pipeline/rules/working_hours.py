"""The working hours of a week, and how much of a time lies within them."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOCK = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])")
MINUTES_OF_DAY = 24 * 60
EPOCH = datetime(1970, 1, 1)

Span = tuple[datetime, datetime]


class WorkingHours(NamedTuple):
	"""The same hours on some days of the week: days as Monday's 0 to Sunday's 6, times as minutes since midnight."""

	days: frozenset[int]
	begin: int
	end: int


def minute_of_day(text: str) -> int:
	"""Return the minutes since midnight of a time written as 8:30 or 08:30, at most 24:00.

	Raises:
		ValueError: it is not written so.
	"""
	found = CLOCK.fullmatch(text.strip())
	minutes = int(found[1]) * 60 + int(found[2]) if found else MINUTES_OF_DAY + 1
	if minutes > MINUTES_OF_DAY:
		raise ValueError(text)
	return minutes


def minutes_within(spans: Sequence[Span], hours: WorkingHours, zone: str) -> list[float]:
	"""Return how many minutes of each span lie within working hours, two decimals, never negative.

	Clocks that are put forward or back count with the time that really passes. Of an hour that they pass twice, the
	first is meant, as everywhere (`time_zones`). Work that would begin or end in an hour that they skip does so when
	they are put forward.

	Args:
		spans: from one moment to another, without zone.
		zone: of these moments and of the working hours, by name (Europe/Berlin).
	"""
	if not spans:
		return []
	clock = ZoneInfo(zone)
	first = min(min(span) for span in spans).date()
	last = max(max(span) for span in spans).date()
	shifts = _shifts(first, last, hours, clock)
	before = [0.0, *accumulate(end - begin for begin, end in shifts)]

	def worked_until(moment: datetime) -> float:
		number = (moment.date() - first).days
		begin, end = shifts[number]
		return before[number] + min(max(_seconds(moment, clock), begin), end) - begin

	return [max(round((worked_until(end) - worked_until(start)) / 60, 2), 0.0) for start, end in spans]


def _shifts(first: date, last: date, hours: WorkingHours, clock: ZoneInfo) -> list[tuple[float, float]]:
	"""Return when work begins and ends on each day, in seconds; on a free day it ends as it begins."""
	found = []
	for number in range((last - first).days + 1):
		midnight = datetime.combine(first + timedelta(days=number), time.min)
		begin = _reached(midnight + timedelta(minutes=hours.begin), clock)
		is_working_day = midnight.weekday() in hours.days
		end = _reached(midnight + timedelta(minutes=hours.end), clock) if is_working_day else begin
		found.append((begin, max(begin, end)))
	return found


def _reached(moment: datetime, clock: ZoneInfo) -> float:
	"""Return when the clock first shows this moment or a later one, in seconds."""
	late = moment.replace(tzinfo=clock, fold=1)
	seconds, seconds_by_new_offset = _seconds(moment, clock), (moment - EPOCH - _offset(late)).total_seconds()
	if seconds_by_new_offset >= seconds:
		return seconds
	around = range(int(seconds_by_new_offset), int(seconds) + 1)
	jump = bisect_left(around, _offset(late), key=lambda at: _offset(datetime.fromtimestamp(at, clock)))
	return float(around[jump])


def _seconds(moment: datetime, clock: ZoneInfo) -> float:
	# Conversion to UTC would overflow in the first and last hours of the calendar.
	return (moment - EPOCH - _offset(moment.replace(tzinfo=clock, fold=0))).total_seconds()


def _offset(moment: datetime) -> timedelta:
	return moment.utcoffset() or timedelta()
