"""ERPNext's side of a benchmark, which `python -m benchmarks` starts under the Python of its bench. ERPNext is called, not touched."""

import argparse
import sys
from pathlib import Path

from benchmarks.host import connected, prepare


def main() -> int:
	parser = argparse.ArgumentParser(prog="python -m benchmarks.rival", description=__doc__)
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", type=Path, required=True)
	parser.add_argument("--processor", action="store_true")
	parser.add_argument("--warm", action="store_true")
	options = parser.parse_args()
	prepare(options.bench, "benchmarks.rival")

	from benchmarks import apps
	from benchmarks.filling import erpnext
	from benchmarks.records import remove_records
	from benchmarks.sides import Side, serve

	side = Side(apps.erpnext(options.site, 0), options.processor, options.warm)

	def check() -> dict[str, int]:
		with connected(options.site):
			return erpnext.check()

	def fill(opportunities: int, changes: int) -> None:
		side.app = apps.erpnext(options.site, opportunities)
		with connected(options.site):
			erpnext.fill(opportunities, changes)

	def clear() -> None:
		with connected(options.site):
			remove_records()

	serve(side, {"check": check, "fill": fill, "clear": clear})
	return 0


if __name__ == "__main__":
	sys.exit(main())
