"""The share of some that something holds for, and how far a sample of that size can be trusted."""

from math import sqrt
from typing import NamedTuple

CERTAIN = 1.96  # standard deviations within which 95 of 100 samples lie


class Interval(NamedTuple):
	"""Between which shares, in percent, the true one lies with a certainty of 95 %."""

	low: float
	high: float


def share(part: int, whole: int) -> float | None:
	"""Return how many percent of `whole` a part is; None where there is nothing to have a share of."""
	return 100 * part / whole if whole else None


def interval(part: int, whole: int) -> Interval | None:
	"""Return the interval of a share after Wilson (1927), which holds for small samples and for none or all of them too."""
	if not whole:
		return None
	found, spread = part / whole, CERTAIN**2 / whole
	middle = found + spread / 2
	reach = CERTAIN * sqrt(found * (1 - found) / whole + spread / (4 * whole))
	low, high = (100 * (middle + way * reach) / (1 + spread) for way in (-1, 1))
	return Interval(max(low, 0.0), min(high, 100.0))


def contains(within: Interval, percent: float) -> bool:
	"""Tell whether a share lies within an interval, whose ends belong to it."""
	return within.low <= percent <= within.high
