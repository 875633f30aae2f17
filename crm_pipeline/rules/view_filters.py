"""What narrows a view of the pipeline: read from what a client sends, or refused."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

MINE, TEAM, ALL = "mine", "team", "all"
OF_USER = "user:"  # and the user's id
OVERDUE, TODAY, WAITING, ROTTING, NO_STEP, PAUSED = (
	"overdue",
	"today",
	"waiting",
	"rotting",
	"no_step",
	"paused",
)
STATES = (TODAY, OVERDUE, WAITING, ROTTING, NO_STEP, PAUSED)  # of what is in play
WON, LOST = "won", "lost"
ENDED_STATES = (WON, LOST)  # of what ended lately
NO_DATE = "none"
CLOSINGS = (OVERDUE, "this_week", "this_month", "next_month", "this_quarter", NO_DATE)
# By how many days before today the day is on which something happened first.
CHANGED = {"yesterday": 1, "last_week": 7}
MOST_CHOSEN = 100  # values of one filter
LINE_LENGTH = 140  # characters, beyond which no field that is searched has any
LARGEST = 10**15  # beyond all amounts that are kept


class LeastAboveGreatest(ValueError):
	"""A span that nothing can be in; `args` are its ends."""


class Filters(NamedTuple):
	"""What is asked for; None and () ask nothing.

	`scope` is MINE, TEAM, ALL or `user:` and a user's id; `value` the least and the greatest base amount, each None for any;
	`postponed` names who owned it when its closing was postponed, "" for nobody; `changed` is one of CHANGED.
	"""

	scope: str = ALL
	owner: tuple[str, ...] = ()
	closing: str | None = None
	source: tuple[str, ...] = ()
	type: tuple[str, ...] = ()
	tag: tuple[str, ...] = ()
	value: tuple[float | None, float | None] = (None, None)
	state: str | None = None
	text: str = ""
	postponed: tuple[str, ...] = ()
	changed: str | None = None

	def whose(self, session_user: str) -> str | None:
		"""Return the one user whose opportunities are asked for; None for everybody's, and for a team's."""
		if self.scope in (TEAM, ALL):
			return None
		return session_user if self.scope == MINE else self.scope.removeprefix(OF_USER)


def read(sent: Any) -> Filters:
	"""Return what an object asks for.

	Raises:
		ValueError: something else than an object, a filter or a value that there is not.
		LeastAboveGreatest
	"""
	if not isinstance(sent, dict):
		raise ValueError("no object")
	if unknown := set(sent) - set(Filters._fields):
		raise ValueError(f"no such filter: {sorted(map(str, unknown))[0]}")
	return Filters(**{key: READERS[key](value) for key, value in sent.items() if value not in (None, "", [])})


def closing_span(closing: str, today: date, week_begins: date) -> tuple[date | None, date | None]:
	"""Return the first and the last expected closing date that a filter means; None for no end.

	Args:
		closing: one of CLOSINGS but NO_DATE.
		week_begins: the first day of the week that today is in.
	"""
	if closing == OVERDUE:
		return None, today - timedelta(days=1)
	if closing == "this_week":
		return week_begins, week_begins + timedelta(days=6)
	if closing == "this_quarter":
		first = today.month - (today.month - 1) % 3
		return today.replace(month=first, day=1), _end_of_month(today.year, first + 2)
	if closing == "next_month":
		today = _end_of_month(today.year, today.month) + timedelta(days=1)
	return today.replace(day=1), _end_of_month(today.year, today.month)


def _end_of_month(year: int, month: int) -> date:
	return date(year, month, monthrange(year, month)[1])


def _scope(value: Any) -> str:
	scope = _text(value)
	if scope in (MINE, TEAM, ALL) or (scope.startswith(OF_USER) and len(scope) > len(OF_USER)):
		return scope
	raise ValueError(scope)


def _text(value: Any) -> str:
	"""Return a text that databases take: without half of a character, or a zero byte."""
	if not isinstance(value, str):
		raise ValueError("no text")
	value.encode()
	return value.replace("\0", " ")


def _texts(value: Any) -> tuple[str, ...]:
	if not isinstance(value, list) or len(value) > MOST_CHOSEN:
		raise ValueError("no list of so many")
	return tuple(dict.fromkeys(map(_text, value)))


def _one_of(choices: Iterable[str]) -> Any:
	def choose(value: Any) -> str:
		if value not in choices:
			raise ValueError(value)
		return value

	return choose


def _span(value: Any) -> tuple[float | None, float | None]:
	if not isinstance(value, list) or len(value) != 2:
		raise ValueError("not two amounts")
	least, greatest = map(_amount, value)
	if least is not None and greatest is not None and least > greatest:
		raise LeastAboveGreatest(least, greatest)
	return least, greatest


def _amount(value: Any) -> float | None:
	if value is None:
		return None
	if isinstance(value, bool) or not isinstance(value, int | float):
		raise ValueError("no number")
	if not abs(value) <= LARGEST:  # nor is what is no number at all
		raise ValueError("too large")
	return float(value)


READERS = {
	"scope": _scope,
	"owner": _texts,
	"closing": _one_of(CLOSINGS),
	"source": _texts,
	"type": _texts,
	"tag": _texts,
	"value": _span,
	"state": _one_of((*STATES, *ENDED_STATES)),
	"text": lambda value: _text(value)[:LINE_LENGTH],
	"postponed": _texts,
	"changed": _one_of(CHANGED),
}
