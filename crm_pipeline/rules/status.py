"""Which status an opportunity has, and which changes of it may be asked for.

An opportunity has its *own* status, set by people, mails and jobs, and quotations that may override it.
The visible status is derived from both, so it is right again whenever a quotation changes.
"""

from collections.abc import Iterable
from typing import NamedTuple

from crm_pipeline.rules import quotation_status

OPEN = "Open"
REPLIED = "Replied"
QUOTATION = "Quotation"
PAUSED = "Paused"
CONVERTED = "Converted"
LOST = "Lost"
CLOSED = "Closed"

IN_PLAY = frozenset({OPEN, REPLIED, QUOTATION, PAUSED})
ENDED = frozenset({CONVERTED, LOST, CLOSED})
STATUSES = (OPEN, REPLIED, QUOTATION, PAUSED, CONVERTED, LOST, CLOSED)
# What people may give a new opportunity: the rest follows from its quotations or from winning it.
FOR_NEW = tuple(each for each in STATUSES if each not in (QUOTATION, CONVERTED))

# How a change may be asked for.
BY_HAND = "hand"  # a bare field update: form, REST, Kanban, bulk edit, import
BY_METHOD = "method"  # mark_won, declare_lost, pause, resume, reopen
BY_MAIL = "mail"
BY_ANSWERED_MAIL = "answered mail"  # theirs, which arrives after our answer to it
BY_JOB = "job"


class StatusRequest(NamedTuple):
	"""The own status that a save is to bring, and by what means."""

	status: str
	cause: str


_ANY_MOVE = frozenset({BY_HAND, BY_METHOD})

TRANSITIONS: dict[tuple[str, str], frozenset[str]] = {
	(OPEN, REPLIED): frozenset({BY_HAND, BY_MAIL}),
	(OPEN, PAUSED): _ANY_MOVE,
	(OPEN, CONVERTED): frozenset({BY_METHOD}),
	(OPEN, LOST): _ANY_MOVE,
	(OPEN, CLOSED): frozenset({BY_HAND}),
	(REPLIED, OPEN): frozenset({BY_HAND, BY_MAIL}),
	(REPLIED, PAUSED): _ANY_MOVE,
	(REPLIED, CONVERTED): frozenset({BY_METHOD}),
	(REPLIED, LOST): _ANY_MOVE,
	(REPLIED, CLOSED): frozenset({BY_HAND, BY_JOB}),
	(QUOTATION, OPEN): frozenset({BY_MAIL}),
	(QUOTATION, REPLIED): frozenset({BY_MAIL}),
	(QUOTATION, PAUSED): _ANY_MOVE,
	(QUOTATION, CONVERTED): frozenset({BY_METHOD}),
	(QUOTATION, LOST): _ANY_MOVE,
	(QUOTATION, CLOSED): frozenset({BY_HAND}),
	(PAUSED, OPEN): frozenset({BY_HAND, BY_METHOD, BY_MAIL, BY_JOB}),
	(PAUSED, REPLIED): frozenset({BY_HAND, BY_METHOD, BY_JOB, BY_ANSWERED_MAIL}),
	(PAUSED, PAUSED): _ANY_MOVE,
	(PAUSED, CONVERTED): frozenset({BY_METHOD}),
	(PAUSED, LOST): _ANY_MOVE,
	(PAUSED, CLOSED): frozenset({BY_HAND}),
	(CONVERTED, OPEN): _ANY_MOVE,
	(LOST, OPEN): _ANY_MOVE,
	(CLOSED, OPEN): _ANY_MOVE,
}

# What mails do to what a job has closed.
REOPENING = ((CLOSED, OPEN, BY_MAIL), (CLOSED, REPLIED, BY_ANSWERED_MAIL))


def may_change(old: str, new: str, cause: str, auto_closed: bool = False) -> bool:
	"""Return whether `old` may be asked to become `new` by `cause` (one of the BY_ constants).

	Quotation is nobody's to ask for: it follows from quotations through `derive`. What a job closed for want of an
	answer (`auto_closed`) is open again when the answer comes; what a person closed stays.
	"""
	if auto_closed and (old, new, cause) in REOPENING:
		return True
	return cause in TRANSITIONS.get((old, new), ())


def choices_by_hand(old: str) -> list[str]:
	"""Return the statuses a bare field update may ask for from `old`, in the table's order."""
	return [new for (start, new), causes in TRANSITIONS.items() if start == old != new and BY_HAND in causes]


def derive(own: str, quotations: Iterable[str] = ()) -> str:
	"""Return the visible status.

	Args:
		own: the status apart from quotations.
		quotations: states of the submitted quotations, as `quotation_status.state_on` says.

	Precedence: Closed > Converted > Paused > Quotation > Lost > Replied > Open. Expired quotations do not
	count, so "all lost" means every one that counts.
	"""
	counting = {state for state in quotations if state != quotation_status.EXPIRED}
	if own == CLOSED:
		return CLOSED
	if own == CONVERTED or quotation_status.ORDERED in counting:
		return CONVERTED
	if own == PAUSED:
		return PAUSED
	if counting.intersection(quotation_status.IN_PLAY):
		return QUOTATION
	if own == LOST or counting == {quotation_status.LOST}:
		return LOST
	return own
