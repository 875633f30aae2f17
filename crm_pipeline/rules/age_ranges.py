"""Ranges of ages, by the last whole day of each but the last, which has no end."""

import re
from collections.abc import Sequence
from itertools import pairwise

MOST_RANGES = 6  # ends of ranges; one more is what lies beyond
LONGEST = 36500  # days: a hundred years


def read_ends(text: str) -> list[int] | None:
	"""Return the last days of ranges from text as "30, 60, 90"; None unless they are ascending whole days, at most six."""
	parts = [part.strip() for part in text.split(",")]
	if len(parts) > MOST_RANGES or not all(re.fullmatch("[0-9]{1,5}", part, re.ASCII) for part in parts):
		return None
	ends = [int(part) for part in parts]
	is_ascending = all(first < second for first, second in pairwise(ends))
	return ends if is_ascending and 0 < ends[0] and ends[-1] <= LONGEST else None


def range_of(days: int, ends: Sequence[int]) -> int:
	"""Return the place, from 0, of the range that a number of days is in; the last day of a range is in it."""
	return sum(end < days for end in ends)


def first_days(ends: Sequence[int]) -> list[int]:
	"""Return the first day of each range, of the last too."""
	return [0, *(end + 1 for end in ends)]
