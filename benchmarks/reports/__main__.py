"""Every report at so many opportunities with so many changes, beside its bare statement.

`python -m benchmarks.reports --site NAME [--bench PATH] [--opportunities 100000] [--changes 6]`. It fills the site with
opportunities named BENCH-1 and so on, and takes them away again unless they are to be kept; use a site that may be filled.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.host import ROOT, host

FLOOR_FACTOR = 1.5
SLOWEST = {"What Moved": 1500}  # milliseconds, at whatever size
FROM_SIZE = 100_000  # opportunities; with fewer, what Frappe takes for any report is most of it
FEWEST_CHANGES = 4
RIVAL_FACTOR = 30  # of the report that adds up amounts
OF_AMOUNTS = ("Sales Pipeline Analytics",)


def main() -> int:
	"""Measure, print, and return 0 if all goals are reached."""
	parser = argparse.ArgumentParser(prog="python -m benchmarks.reports", description=__doc__)
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", type=Path, help="bench the site is on; without it, the embedded host")
	parser.add_argument(
		"--opportunities", type=int, nargs="+", default=[100_000], help="one size, or several for a chart"
	)
	parser.add_argument("--changes", type=int, default=6, help="of each opportunity")
	parser.add_argument("--times", type=int, default=5, help="of which the median is taken")
	parser.add_argument("--report", action="append", help="only this one; may be given several times")
	parser.add_argument("--json", type=Path, help="file for the figures")
	parser.add_argument("--chart", type=Path, help="SVG file for how they grow")
	parser.add_argument("--rival-bench", type=Path, help="bench whose site has ERPNext")
	parser.add_argument(
		"--rival-site", help="site that has ERPNext, its setup wizard answered; may be filled"
	)
	parser.add_argument("--keep", action="store_true", help="leave the opportunities on the site")
	parser.add_argument("--remove", action="store_true", help="only take away what an earlier run left")
	options = parser.parse_args()
	if options.changes < FEWEST_CHANGES:
		parser.error(f"--changes: an opportunity that came in and was won has {FEWEST_CHANGES} at least")
	if bool(options.rival_bench) != bool(options.rival_site):
		parser.error("--rival-bench and --rival-site: give both, or neither")
	if options.chart and len(set(options.opportunities)) < 2:
		parser.error("--chart: how something grows takes two sizes or more, as in --opportunities 1000 10000")
	for name in ("json", "chart", "rival_bench"):
		if path := getattr(options, name):
			setattr(options, name, path.resolve())
	with host(options.site, options.bench, "benchmarks.reports"):
		return run(options)


def run(options: argparse.Namespace) -> int:
	from benchmarks.reports.floors import REPORTS
	from benchmarks.reports.opportunities import fill, is_filled, remove
	from benchmarks.reports.runs import measures

	if options.remove:
		remove()
		return 0
	if unknown := set(options.report or ()) - REPORTS.keys():
		print(f"no report {', '.join(sorted(unknown))}; there are {', '.join(REPORTS)}")
		return 2
	found: dict[int, list] = {}
	for size in options.opportunities:
		if not is_filled(size, options.changes):
			remove()
			start = time.monotonic()
			fill(size, options.changes)
			print(f"filled in {time.monotonic() - start:.0f} s")
		print(heading(size, options))
		found[size] = []
		theirs = rival(size, options) if options.rival_site else {}
		for measure in measures(options.times, options.report or list(REPORTS)):
			measure = measure._replace(rival=theirs.get(measure.report))
			found[size].append(measure)
			print(line(size, measure), flush=True)
	if not options.keep:
		remove()
	write(found, options)
	reached = all(reaches_goals(size, each) for size, measures in found.items() for each in measures)
	return 0 if reached else 1


def rival(size: int, options: argparse.Namespace) -> dict[str, float]:
	"""Return the milliseconds of ERPNext's counterparts at the same size, under the Python of its bench."""
	python = options.rival_bench / "env" / "bin" / "python"
	command = [python, "-m", "benchmarks.reports.rival", "--bench", options.rival_bench]
	command += ["--site", options.rival_site, "--opportunities", size, "--times", options.times]
	command += ["--changes", options.changes]
	environment = {**os.environ, "PYTHONPATH": str(ROOT)}
	done = subprocess.run(
		[str(part) for part in command], env=environment, stdout=subprocess.PIPE, check=True
	)
	return json.loads(done.stdout.splitlines()[-1])


def heading(size: int, options: argparse.Namespace) -> str:
	load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
	return (
		f"\n{size:,} opportunities of {options.changes} changes; load {load}\n"
		f"{'':44} {'report':>10} {'floor':>10} {'ratio':>6} {'statements':>10} {'rows':>6} {'ERPNext':>10} {'ratio':>6}"
	)


def line(size: int, measure) -> str:
	missed = "" if reaches_goals(size, measure) else "  missed"
	rival = f" {measure.rival:7.0f} ms {measure.rival / measure.milliseconds:6.1f}" if measure.rival else ""
	return (
		f"{measure.report:44} {measure.milliseconds:7.1f} ms {measure.floor:7.1f} ms {measure.ratio:6.2f} "
		f"{measure.statements:10} {measure.rows:6}{rival}{missed}"
	)


def reaches_goals(size: int, measure) -> bool:
	"""Tell whether a report is near its floor, within what it may take, and far from the rival where it adds up amounts."""
	if size < FROM_SIZE:
		return True
	is_ahead = not (measure.rival and measure.report in OF_AMOUNTS) or (
		measure.rival >= RIVAL_FACTOR * measure.milliseconds
	)
	most = SLOWEST.get(measure.report, float("inf"))
	return is_ahead and measure.ratio <= FLOOR_FACTOR and measure.milliseconds <= most


def write(found: dict[int, list], options: argparse.Namespace) -> None:
	if options.json:
		figures = {
			size: [{**each._asdict(), "ratio": each.ratio} for each in rows] for size, rows in found.items()
		}
		options.json.write_text(json.dumps(figures, indent=1))
	if options.chart:
		from benchmarks.reports.chart import growth

		options.chart.write_text(growth(found))


if __name__ == "__main__":
	sys.exit(main())
