"""What Locust measured, from the files that it writes."""

import csv
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
	"""One kind of request: milliseconds until it was answered, and how many failed."""

	name: str
	requests: int
	failures: int
	per_second: float
	median: float
	ninety_nine: float

	def __str__(self) -> str:
		return (
			f"{self.name:30}{self.requests:8}{self.failures:8}"
			f"{self.per_second:9.1f}{self.median:9.0f}{self.ninety_nine:9.0f}"
		)


HEAD = f"{'':30}{'requests':>8}{'failed':>8}{'a second':>9}{'median':>9}{'99 %':>9}"


def rows(statistics: Path) -> list[Row]:
	"""Return them by name, all together last."""
	with Path(f"{statistics}_stats.csv").open() as file:
		return [
			Row(
				line["Name"],
				int(line["Request Count"]),
				int(line["Failure Count"]),
				float(line["Requests/s"]),
				float(line["50%"]),
				float(line["99%"]),
			)
			for line in csv.DictReader(file)
			if line["50%"] != "N/A"
		]


def failures(statistics: Path) -> list[str]:
	with Path(f"{statistics}_failures.csv").open() as file:
		return [f"{line['Occurrences']} × {line['Name']}: {line['Error']}" for line in csv.DictReader(file)]


def mistakes(statistics: Path) -> list[str]:
	"""Return what went wrong in `day.py` itself."""
	with Path(f"{statistics}_exceptions.csv").open() as file:
		return [f"{line['Count']} × {line['Message']}" for line in csv.DictReader(file)]
