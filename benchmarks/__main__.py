"""Each thing that the app does, beside ERPNext's and the bare statements that do the same, in turns within one run.

`python -m benchmarks [--bench PATH] [--site NAME] [--against SITE] [--size N ...]` fills a site with opportunities named BENCH-1
and so on, measures, and takes them away again; use a site that may be filled. Without a bench it measures the embedded host,
and without a site there it makes one of its own.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.host import ROOT, prepare
from benchmarks.lock import alone
from benchmarks.refusals import Refusal, WrongChoice

FEWEST_CHANGES = 4
INTERRUPTED = 130  # as shells have it


def main() -> int:
	"""Measure and print; return 0 if all goals are reached, 1 if one is missed, or why nothing was measured (`refusals`)."""
	options = read_options()
	try:
		check_bench(options.bench)
		prepare(options.bench, "benchmarks")
		from benchmarks.cases import chosen, every_case

		if options.list:
			print(*(f"{group:12} {case.name}" for group, case in every_case()), sep="\n")
			return 0
		cases = chosen(options.only)
		from benchmarks.whole import Run

		with alone():
			return Run(options, cases).measure()
	except Refusal as refusal:
		print(refusal, file=sys.stderr)
		return refusal.code
	except KeyboardInterrupt:  # by then everything is taken away again, and written
		print("Interrupted.", file=sys.stderr)
		return INTERRUPTED


def read_options() -> argparse.Namespace:
	parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
	parser.add_argument("--bench", type=Path, help="bench the site is on; without it, the embedded host")
	parser.add_argument("--site", help="site to fill; on the embedded host a new one without it")
	parser.add_argument(
		"--against", metavar="SITE", help="site that has ERPNext; may be filled, and stays so"
	)
	parser.add_argument("--rival-bench", type=Path, help="bench that site is on, if it is not the same")
	parser.add_argument(
		"--size", type=int, nargs="+", default=[10_000], help="one number of opportunities or several"
	)
	parser.add_argument(
		"--filling",
		choices=("years", "in-play"),
		default="years",
		help="three years' history, or all in play",
	)
	parser.add_argument("--changes", type=int, default=6, help="of each opportunity's history, with years")
	parser.add_argument("--only", action="append", default=[], help="group, case or pattern; may be repeated")
	parser.add_argument("--list", action="store_true", help="name the groups and cases, and end")
	parser.add_argument("--times", type=int, default=5, help="of which median and quartiles are taken")
	parser.add_argument(
		"--processor", action="store_true", help="tell what processors worked, on a busy machine"
	)
	parser.add_argument(
		"--warm", action="store_true", help="all turns of a case in one session that has asked all once"
	)
	parser.add_argument(
		"--json", type=Path, default=ROOT / "build" / "benchmarks.json", help="file for the figures"
	)
	parser.add_argument("--chart", type=Path, help="SVG file for how they grow, with several sizes")
	parser.add_argument(
		"--keep", action="store_true", help="leave the filled site; one that others work with is measured too"
	)
	parser.add_argument("--remove", action="store_true", help="only take away what an earlier run left")
	options = parser.parse_args()
	if options.bench and not options.site and not options.list:
		parser.error("--site: say which site of the bench may be filled")
	if options.against and not (options.bench or options.rival_bench):
		parser.error("--against: ERPNext is on a bench; say which with --rival-bench")
	if options.rival_bench and not options.against:
		parser.error("--rival-bench: say with --against which of its sites has ERPNext")
	if options.changes < FEWEST_CHANGES:
		parser.error(f"--changes: an opportunity that came in and was won has {FEWEST_CHANGES} at least")
	if min(options.size) < 1 or options.times < 1:
		parser.error("--size and --times: 1 at least")
	if options.chart and len(set(options.size)) < 2:
		parser.error("--chart: how something grows takes two sizes or more, as in --size 1000 10000")
	for name in ("bench", "rival_bench", "json", "chart"):
		if path := getattr(options, name):
			setattr(options, name, path.resolve())
	return options


def check_bench(bench: Path | None) -> None:
	if bench and not (bench / "env" / "bin" / "python").is_file():
		raise WrongChoice(f"{bench} is no bench: it has no env/bin/python. Name another with --bench.")


if __name__ == "__main__":
	sys.exit(main())
