"""What the page asks for, as a request would: the server's time, with the text of the answer, and statements."""

import json
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any, NamedTuple
from unittest.mock import patch

import frappe
from frappe.utils import add_to_date, now_datetime

from benchmarks.pipeline_page.opportunities import ROLES

SALESPERSON, MANAGER = ROLES
PROCESS, TIMES = "Standard", 7
FIRST = "first board"
GOAL_MS = 150


class Case(NamedTuple):
	name: str
	ask: Callable[[], Any]


class Measure(NamedTuple):
	"""The median of several answers, after one that warms the caches."""

	name: str
	milliseconds: float
	statements: int

	def __str__(self) -> str:
		return f"{self.name:34} {self.milliseconds:8.1f} ms {self.statements:4.0f} statements"


def cases(user: str) -> Iterator[Case]:
	"""Yield what the page asks for in a day, with the scope that the user sees first."""
	from crm_pipeline.api import my_day, pipeline, search
	from crm_pipeline.board.filters import default_scope

	frappe.set_user(user)
	scope = {"scope": default_scope()}
	stage = pipeline.get_board(PROCESS, 1, scope)["stages"][0]["stage"]
	every = {"scope": "all"}
	just_now = str(add_to_date(now_datetime(), seconds=-30))
	yield Case(FIRST, lambda: pipeline.get_board(PROCESS, 10, scope))
	yield Case("board of everybody", lambda: pipeline.get_board(PROCESS, 10, every))
	yield Case("board, overdue ones", lambda: pipeline.get_board(PROCESS, 10, {**scope, "state": "overdue"}))
	yield Case("second page of a column", lambda: pipeline.get_cards(PROCESS, stage, 50, 50, scope))
	yield Case("cards 5,000 and on of a column", lambda: pipeline.get_cards(PROCESS, stage, 5000, 50, every))
	yield Case("forecast", lambda: pipeline.get_forecast(PROCESS, 10, scope))
	yield Case("list", lambda: pipeline.get_list(scope, PROCESS, limit=50))
	yield Case(
		"list by amount, row 5,000 and on", lambda: pipeline.get_list(every, PROCESS, "amount", 1, 5000, 50)
	)
	yield Case("My Day", lambda: my_day.get_my_day("mine"))
	yield Case("what others changed", lambda: pipeline.changes_since(just_now, PROCESS, scope))
	yield Case("search", lambda: search.search_opportunities("hall 377"))


def measured(
	user: str, case: Case, times: int = TIMES, clock: Callable[[], float] = time.perf_counter
) -> Measure:
	"""Return what a case takes a user, by a clock that tells seconds."""
	frappe.set_user(user)
	try:
		answered = [one_answer(case.ask, clock) for _time in range(times + 1)][1:]
	finally:
		frappe.set_user("Administrator")
	return Measure(case.name, *map(median, zip(*answered, strict=True)))


def one_answer(ask: Callable[[], Any], clock: Callable[[], float]) -> tuple[float, int]:
	start = clock()
	with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
		json.dumps(ask(), default=str)
	seconds = clock() - start
	frappe.db.rollback()
	return seconds * 1000, spy.call_count


def reaches_goal(measure: Measure) -> bool:
	"""Tell whether the board that the page opens with is quick enough; the rest has no goal of its own."""
	return measure.name != FIRST or measure.milliseconds <= GOAL_MS
