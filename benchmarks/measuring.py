"""One turn of a case, and what several turns come to."""

import resource
import time
import tracemalloc
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any, NamedTuple
from unittest.mock import patch

import frappe

from benchmarks.case import Act

Clock = Callable[[], float]


class Turn(NamedTuple):
	"""Seconds of one turn, those of them within statements, how many statements, of how many units, and megabytes if measured."""

	seconds: float
	in_statements: float
	statements: int
	units: int = 1
	megabytes: float | None = None


class Figures(NamedTuple):
	"""Medians and quartiles of turns in milliseconds for one unit, statements of all, and megabytes at the peak."""

	median: float
	first_quartile: float
	third_quartile: float
	in_statements: float
	statements: int
	megabytes: float | None
	units: int


def turn(act: Act, thing: Any, counts_units: bool = False, clock: Clock = time.perf_counter) -> Turn:
	"""Do something once, with its statements counted.

	Args:
		counts_units: what it returns is of how many records it was; it must be of one at least.
		clock: tells seconds.
	"""
	taken: list[float] = []
	before = grown()
	with patch.object(frappe.db, "sql", _timed(frappe.db.sql, taken, clock)):
		start = clock()
		done = act(thing)
		seconds = clock() - start
	if counts_units and not done:
		raise ValueError("It was of no record at all: what it was to do was not there.")
	return Turn(seconds, sum(taken), len(taken), done if counts_units else 1, grown() - before)


def _timed(sql: Callable, taken: list[float], clock: Clock) -> Callable:
	def run(*args: Any, **kwargs: Any) -> Any:
		start = clock()
		try:
			return sql(*args, **kwargs)
		finally:
			taken.append(clock() - start)

	return run


def grown() -> float:
	"""Return the megabytes that this process had at its peak so far."""
	return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peak(act: Act, thing: Any) -> float:
	"""Return the megabytes of Python's objects at the peak, of one more turn, which is slow for that."""
	tracemalloc.start()
	try:
		act(thing)
		return tracemalloc.get_traced_memory()[1] / 1024**2
	finally:
		tracemalloc.stop()


def figures(turns: list[Turn], megabytes: float | None) -> Figures:
	"""Return what turns come to; there is one at least."""
	each = [turn.seconds * 1000 / turn.units for turn in turns]
	first, middle, third = quantiles(each, n=4, method="inclusive") if len(each) > 1 else each * 3
	return Figures(
		middle,
		first,
		third,
		median(turn.in_statements * 1000 / turn.units for turn in turns),
		round(median(turn.statements for turn in turns)),
		megabytes,
		round(median(turn.units for turn in turns)),
	)
