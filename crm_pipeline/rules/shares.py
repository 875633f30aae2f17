"""The share of some that something holds for, and how far a sample of that size can be trusted."""

from math import sqrt
from typing import NamedTuple

CERTAIN = 1.96  # standard deviations within which 95 of 100 samples lie


class Share(NamedTuple):
	"""A share that was found, and between which the true one lies with a certainty of 95 %; all in percent.

	All are None where there is nothing to have a share of.
	"""

	found: float | None = None
	low: float | None = None
	high: float | None = None


def share(part: int, whole: int) -> Share:
	"""Return the share that a part has in a whole, with the interval of Wilson (1927).

	That holds for small samples too, and where none or all of them are of the part.
	"""
	if not whole:
		return Share()
	found, spread = part / whole, CERTAIN**2 / whole
	middle = found + spread / 2
	reach = CERTAIN * sqrt(found * (1 - found) / whole + spread / (4 * whole))
	low, high = (100 * (middle + way * reach) / (1 + spread) for way in (-1, 1))
	return Share(100 * found, max(low, 0.0), min(high, 100.0))
