"""What the pipeline page asks the server, with so many opportunities in play.

`python -m benchmarks.pipeline_page --site NAME [--bench PATH] [--opportunities 100000] [--keep]`. It fills the site with
opportunities named BENCH-1 and so on, and takes them away again unless they are to be kept, as for
`python -m benchmarks.pipeline_page.browser`; use a site that may be filled.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.host import host


def main() -> int:
	"""Measure, print, and return 0 if the first board is quick enough."""
	parser = argparse.ArgumentParser(prog="python -m benchmarks.pipeline_page", description=__doc__)
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", type=Path, help="bench the site is on; without it, the embedded host")
	parser.add_argument("--opportunities", type=int, default=100_000)
	parser.add_argument("--keep", action="store_true", help="leave the opportunities on the site")
	parser.add_argument(
		"--desk", action="store_true", help="cards, charts and lists of Desk instead, on a bench"
	)
	parser.add_argument(
		"--processor", action="store_true", help="tell what processors worked, on a busy machine"
	)
	parser.add_argument("--remove", action="store_true", help="only take away what an earlier run left")
	options = parser.parse_args()
	with host(options.site, options.bench, "benchmarks.pipeline_page"):
		from benchmarks.pipeline_page.opportunities import fill, is_filled, remove

		if options.remove:
			remove()
			return 0
		if not is_filled(options.opportunities):
			remove()
			fill(options.opportunities)
		try:
			from benchmarks.processor import clock

			told = clock() if options.processor else time.perf_counter
			return measure_desk(told) if options.desk else measure(told)
		finally:
			if not options.keep:
				remove()


def measure(clock: Callable[[], float]) -> int:
	from benchmarks.pipeline_page.answers import MANAGER, SALESPERSON, cases, measured, reaches_goal

	reached = True
	for user in (SALESPERSON, MANAGER):
		print(f"\n{user}")
		for case in cases(user):
			found = measured(user, case, clock=clock)
			reached &= reaches_goal(found)
			print(found)
	return 0 if reached else 1


def measure_desk(clock: Callable[[], float]) -> int:
	"""Measure what Desk asks for, and print it; return 0 if cards and pages are within their goals."""
	from benchmarks.pipeline_page import desk
	from benchmarks.pipeline_page.answers import MANAGER, measured

	reached = True
	print(f"\n{MANAGER}")
	for case in desk.cards():
		found = measured(MANAGER, case, clock=clock)
		reached &= found.milliseconds <= desk.GOAL_OF_CARD_MS
		print(found)
	for case in desk.charts():
		print(measured(MANAGER, case, desk.TIMES_OF_CHART, clock))
	with desk.limited_user():
		for page in desk.pages(MANAGER):
			beside = desk.beside_bare(page, clock)
			reached &= beside.in_statements <= beside.bare * desk.GOAL_OF_PAGE
			print(beside)
	return 0 if reached else 1


if __name__ == "__main__":
	sys.exit(main())
