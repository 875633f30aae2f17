"""Auto-close against the bare floor of SQL and, on a bench, against ERPNext's; ratios, all in one run.

`python -m benchmarks.auto_close --site NAME [--bench PATH [--rival SITE]]`. It fills the site with opportunities
named BENCH-1 and so on, and takes them away again; use a site that may be filled.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.host import connected, host

FLOOR_FACTOR, RIVAL_FACTOR = 5, 100


def main() -> int:
	"""Measure, print, and return 0 if both goals are reached."""
	parser = argparse.ArgumentParser(prog="python -m benchmarks.auto_close", description=__doc__)
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", type=Path, help="bench the site is on; without it, the embedded host")
	parser.add_argument("--rival", help="site of the bench that has ERPNext")
	parser.add_argument("--opportunities", type=int, default=500_000)
	parser.add_argument("--stale", type=int, default=50_000)
	parser.add_argument("--rival-stale", type=int, default=500, help="opportunities for ERPNext to close")
	options = parser.parse_args()
	with host(options.site, options.bench, "benchmarks.auto_close"):
		ours, floor = measure_ours(options.opportunities, options.stale)
	reached = compare("the SQL floor", ours, floor, lambda ratio: ratio <= FLOOR_FACTOR)
	if options.rival:
		with connected(options.rival):
			from benchmarks.auto_close.rival import close_with_erpnext

			rival = close_with_erpnext(options.rival_stale)
		print(rival)
		reached &= compare("ERPNext", ours, rival, lambda ratio: ratio * RIVAL_FACTOR <= 1)
	return 0 if reached else 1


def measure_ours(opportunities: int, stale: int):
	"""Ours and the floor, on the same opportunities."""
	from benchmarks.auto_close.opportunities import fill, remove
	from benchmarks.auto_close.runs import close_as_ever, close_on_the_floor

	fill(opportunities, stale)
	try:
		ours = close_as_ever()
		print(ours)
		floor = close_on_the_floor()
		print(floor)
	finally:
		remove()
	return ours, floor


def compare(name: str, ours, other, goal) -> bool:
	"""Print how many times the other's time per opportunity ours takes, and return whether that reaches the goal."""
	ratio = ours.per_opportunity / other.per_opportunity
	words = f"{ratio:.2f} times" if ratio >= 1 else f"1/{1 / ratio:.0f} of"
	print(f"{words} the time of {name} per opportunity: goal {'reached' if goal(ratio) else 'missed'}")
	return goal(ratio)


if __name__ == "__main__":
	sys.exit(main())
