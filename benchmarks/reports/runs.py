"""Reports and their floors, in turns, as a manager asks for them: milliseconds and statements."""

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any, NamedTuple
from unittest.mock import patch

import frappe

from benchmarks.reports.floors import REPORTS
from benchmarks.reports.opportunities import MANAGER


class Measure(NamedTuple):
	"""The medians of a report and of its floor, and how many statements the report took and rows it has."""

	report: str
	milliseconds: float
	floor: float
	statements: int
	rows: int
	rival: float | None = None  # milliseconds of ERPNext's counterpart, where it has one and was asked

	@property
	def ratio(self) -> float:
		return self.milliseconds / self.floor


def measures(times: int, reports: list[str]) -> Iterator[Measure]:
	"""Yield each report beside its floor, each after one answer that warms the caches."""
	frappe.set_user(MANAGER)
	try:
		for report in reports:
			yield measured(report, times)
	finally:
		frappe.set_user("Administrator")


def measured(report: str, times: int) -> Measure:
	from frappe.desk.query_report import run

	floor, filters = REPORTS[report]

	def ask() -> dict:
		return run(report, filters=filters(), ignore_prepared_report=True)

	seconds: dict[Callable, list[float]] = {ask: [], floor: []}
	for _turn in range(times + 1):
		for act, taken in seconds.items():
			taken.append(seconds_of(act))
	with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
		answer = ask()
	ours, bare = (median(taken[1:]) * 1000 for taken in seconds.values())
	return Measure(report, ours, bare, spy.call_count, len(answer["result"]))


def seconds_of(act: Callable[[], Any]) -> float:
	start = time.perf_counter()
	act()
	seconds = time.perf_counter() - start
	frappe.db.rollback()
	return seconds
