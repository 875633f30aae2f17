"""`python -m benchmarks.import_sales_data --site NAME [--data FOLDER] [--bench PATH]`."""

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from benchmarks.host import host

SHOWN = 10


def main() -> int:
	"""Import, print what happened, and return 0 if the site took every good row and every number agrees."""
	from benchmarks.import_sales_data.source import DEFAULT_FOLDER, FILES

	parser = argparse.ArgumentParser(prog="python -m benchmarks.import_sales_data", description=__doc__)
	parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER, help="folder with the four CSV files")
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", type=Path, help="bench the site is on; without it, the embedded host")
	parser.add_argument("--keep", type=Path, help="folder to keep the import files in")
	parser.add_argument("--sample", type=int, help="import about so many opportunities only")
	options = parser.parse_args()
	if missing := [name for name in FILES.values() if not (options.data / name).is_file()]:
		parser.error(f"--data: {options.data} has no {', '.join(missing)}")
	with host(options.site, options.bench, "benchmarks.import_sales_data"), folder(options.keep) as files:
		return run(options.data, files, options.sample)


@contextmanager
def folder(kept: Path | None):
	if kept:
		kept.mkdir(parents=True, exist_ok=True)
		yield kept.resolve()
	else:
		with tempfile.TemporaryDirectory() as temporary:
			yield Path(temporary)


def run(data: Path, files: Path, sample: int | None) -> int:
	from benchmarks.import_sales_data.compare import differences
	from benchmarks.import_sales_data.importer import REFUSED, import_sheet
	from benchmarks.import_sales_data.sheets import DECISIONS, PRODUCT_ALIASES, sheets
	from benchmarks.import_sales_data.source import numbers_of, read

	start = time.monotonic()
	source = read(data.resolve())
	if sample:
		source = source.sample(sample)
	print(*DECISIONS, sep="\n")
	outcomes = [import_sheet(sheet, files) for sheet in sheets(source)]
	seconds = time.monotonic() - start
	print_outcomes(outcomes)
	rejected = outcomes[-1].rejected
	numbers = numbers_of(
		[row for row in source.opportunities if row["line"] not in rejected], PRODUCT_ALIASES
	)
	problems = differences(source, numbers, rejected)
	stages = ", ".join(f"{count:,} {stage.lower()}" for stage, count in numbers.stages.most_common())
	print(f"\nFrom the files: {stages}; won {numbers.value:,.0f}")
	print(
		*problems or ["Lists and reports of the site say the same, also per agent and per product."], sep="\n"
	)
	memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
	print(f"{seconds:.1f} s, {memory:.0f} MB at most")
	refused = any(REFUSED in outcome.rejected.values() for outcome in outcomes)
	return 1 if problems or refused else 0


def print_outcomes(outcomes: list) -> None:
	print(f"\n\n{'':12} {'read':>7} {'added':>7} {'present':>8} {'rejected':>9} {'seconds':>8}")
	for outcome in outcomes:
		print(
			f"{outcome.doctype:12} {outcome.read:7,} {len(outcome.keys):7,} {outcome.present:8,} "
			f"{len(outcome.rejected):9,} {outcome.seconds:8.1f}"
		)
	for outcome in outcomes:
		reasons = Counter(outcome.rejected.values())
		for reason, count in reasons.most_common(SHOWN):
			line = min(line for line, why in outcome.rejected.items() if why == reason)
			print(f"Rejected: {count} {outcome.doctype}: {reason} (first in line {line})")
		if len(reasons) > SHOWN:
			print(f"and {len(reasons) - SHOWN} other reasons")


if __name__ == "__main__":
	sys.exit(main())
