"""Portions of long answers."""

from frappe.utils import cint

FURTHEST = 10**9  # what every database takes for an offset


def portion(start: int, limit: int, most: int) -> tuple[int, int]:
	"""Return a start and a limit that every database takes, whatever was asked for: at least 1, at most `most`."""
	return min(max(cint(start), 0), FURTHEST), min(max(cint(limit), 1), most)
