"""`make_quotation` from an opportunity of some items, beside ERPNext's own; ratios, all in one run.

`python -m benchmarks.mapping --site NAME [--bench PATH [--rival SITE]]`. It makes a customer, items and opportunities on each
site, and takes them away again.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.host import connected, prepare

FACTOR, FROM_ITEMS = 5, 50
LINE = "{:10} {:>6} {:>10} {:>10} {:>10} {:>10}"


def main() -> int:
	"""Measure, print, and return 0 if the goals are reached."""
	parser = argparse.ArgumentParser(prog="python -m benchmarks.mapping", description=__doc__)
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", type=Path, help="bench the site is on; without it, the embedded host")
	parser.add_argument("--rival", help="site of the bench that has ERPNext")
	parser.add_argument("--items", type=int, nargs="+", default=[5, 50, 200])
	parser.add_argument("--times", type=int, default=3, help="how often each is measured; the median counts")
	options = parser.parse_args()
	prepare(options.bench, "benchmarks.mapping")
	measures = measure_all(options)
	print_table(measures)
	reached = keeps_its_statements(measures, options.items)
	if options.rival:
		reached &= all([is_faster(measures, size) for size in options.items])
	return 0 if reached else 1


def print_table(measures: dict) -> None:
	print(LINE.format("", "items", "mapping", "seconds", "submitted", "seconds"))
	for (name, size), each in measures.items():
		seconds = f"{each.mapping_seconds:.3f}", f"{each.seconds:.3f}"
		print(LINE.format(name, size, each.mapped, seconds[0], each.submitted, seconds[1]))


def measure_all(options: argparse.Namespace) -> dict:
	"""Return the medians by app and number of items; the apps take turns, so that other load strikes both."""
	from benchmarks.mapping.apps import erpnext, ours
	from benchmarks.mapping.records import make_records, remove_records

	apps = [ours(options.site), *([erpnext(options.rival)] if options.rival else [])]
	try:
		opportunities = {}
		for app in apps:
			with connected(app.site):
				opportunities[app] = make_records(app, options.items)
		return measure_in_turn(opportunities, options.items, options.times)
	finally:
		for app in apps:
			with connected(app.site):
				remove_records()


def measure_in_turn(opportunities: dict, sizes: list[int], times: int) -> dict:
	from benchmarks.mapping.runs import map_and_submit, medians

	for app, names in opportunities.items():
		map_and_submit(app, names[sizes[0]])  # fills the caches
	runs: dict = {(app, size): [] for size in sizes for app in opportunities}
	for _time in range(times):
		for (app, size), measures in runs.items():
			measures.append(map_and_submit(app, opportunities[app][size]))
	return {(app.name, size): medians(measures) for (app, size), measures in runs.items()}


def keeps_its_statements(measures: dict, sizes: list[int]) -> bool:
	"""Print whether our mapping takes as many statements for many items as for few."""
	counts = {measures["ours", size].mapped for size in sizes}
	print(
		f"statements of the mapping for any number of items: goal {'reached' if len(counts) == 1 else 'missed'}"
	)
	return len(counts) == 1


def is_faster(measures: dict, size: int) -> bool:
	"""Print how many times as fast as ERPNext's ours is, and return whether that reaches the goal, if there is one."""
	ours, theirs = measures["ours", size], measures["ERPNext", size]
	alone, whole = theirs.mapping_seconds / ours.mapping_seconds, theirs.seconds / ours.seconds
	reached = size < FROM_ITEMS or min(alone, whole) >= FACTOR
	print(
		f"{size} items: mapping {alone:.1f} times as fast, with insert and submit {whole:.1f}: goal {'reached' if reached else 'missed'}"
	)
	return reached


if __name__ == "__main__":
	sys.exit(main())
