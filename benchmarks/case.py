"""What is measured: a case with what it is compared with, and what it is to reach."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from benchmarks.apps import App
from benchmarks.filling.people import MANAGER

Act = Callable[[Any], Any]
FROM_SIZE = 100_000  # opportunities; with fewer, what Frappe takes for anything is most of what the floor is compared with


class Goal(NamedTuple):
	"""What a case takes at most: times the floor, the same of its statements alone, a part of the rival's time, and so on."""

	of_floor: float | None = None
	of_floor_in_statements: float | None = None
	of_rival: float | None = None
	milliseconds: float | None = None
	statements: int | None = None


NO_GOAL = Goal()


def nothing(app: App) -> None:
	"""Make nothing beforehand."""


@dataclass(frozen=True)
class Case:
	"""Something that ours does, and where they can be compared the rival, and the least that does the same.

	`setup` makes what it needs, once and committed, and returns what the others are given; `teardown` takes it away.
	`before` runs ahead of each turn, unmeasured and committed, as the same user; what it returns is given instead, unless that is None. What a turn
	itself leaves uncommitted is rolled back. All of them run in a session of their own, as requests would.
	"""

	name: str
	ours: Act
	rival: Act | None = None
	floor: Act | None = None
	setup: Callable[[App], Any] = nothing
	before: Callable[[App, Any], Any] | None = None
	teardown: Callable[[App, Any], None] | None = None
	user: str = MANAGER
	goal: Goal = NO_GOAL
	unit: str = ""  # what the acts return a number of; times are then those of one
	is_long: bool = False  # once, with nothing that warms up; its memory is what the process grew by
	touches_all: bool = False  # works on any record of the site
	bench_only: bool = False  # needs a part of Frappe that the embedded host has not


# Which attribute of a case each column of the table is of.
OURS, RIVAL, FLOOR = "ours", "rival", "floor"
