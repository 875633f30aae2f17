"""First response, and whose turn it is."""

from collections.abc import Iterable
from datetime import datetime
from statistics import fmean, median
from typing import Final, NamedTuple

US: Final = "Us"
THEM: Final = "Them"
NOBODY: Final = "Nobody"


def minutes_between(start: datetime, end: datetime) -> float:
	"""Minutes from `start` to `end`, two decimals, never negative."""
	return max(round((end - start).total_seconds() / 60, 2), 0.0)


class Spread(NamedTuple):
	"""How long answers took: on average, half of them, and nine of ten, two decimals."""

	average: float
	median: float
	slowest_tenth: float


def spread(minutes: Iterable[float]) -> Spread:
	"""Return how a number of minutes, at least one, spread.

	The median of an even number is the mean of the two in the middle; nine of ten took no longer than `slowest_tenth`,
	which is one of them.
	"""
	ordered = sorted(minutes)
	slowest_tenth = ordered[-(-len(ordered) * 9 // 10) - 1]
	return Spread(round(fmean(ordered), 2), round(median(ordered), 2), round(slowest_tenth, 2))


def waiting_for(last_contacted_on: datetime | None, last_response_on: datetime | None) -> str:
	"""Return whose turn it is: Us when the other side spoke last, Them when we did, Nobody before any contact."""
	if not last_contacted_on and not last_response_on:
		return NOBODY
	if not last_contacted_on:
		return US
	if not last_response_on:
		return THEM
	return THEM if last_contacted_on >= last_response_on else US
