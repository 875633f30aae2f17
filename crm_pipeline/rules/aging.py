"""How long an opportunity has been in its stage and on the way, and how often its closing date was pushed.

All of it follows from the log. Days are calendar days: what happens within one day takes none.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from crm_pipeline.rules.status import ENDED, PAUSED

CREATED = "Created"
STAGE = "Stage"
STATUS = "Status"
PROCESS = "Process"
ENTRIES = (CREATED, STAGE, PROCESS)  # the changes by which an opportunity enters a stage
STAYS = (*ENTRIES, STATUS)  # the changes with which a stay in a stage and a status begins
EXPECTED_CLOSING = "Expected Closing"
UNDONE = "Undone"  # a change that was taken back, or took one back: none that counts


class Change(NamedTuple):
	"""A row of the log: the day, what changed, the status after it; for a closing date, from when to when."""

	on: date
	change: str
	status: str
	old: date | None = None
	new: date | None = None


class Pushes(NamedTuple):
	"""How many times an expected closing was moved to a later day, and by how many days altogether."""

	times: int
	days: int


def days_in_stage(changes: Sequence[Change], today: date) -> int | None:
	"""Return the days since the opportunity entered its stage, without those on which it rested.

	Args:
		changes: the opportunity's log in order; rows other than those of `STAYS` are of no account.

	Returns: None for an opportunity that has ended, which waits in no stage any more, or that has no log.

	The clock stands still while the opportunity is paused and, should it be reopened, while it was ended.
	"""
	if not changes or changes[-1].status in ENDED:
		return None
	stays = [row for row in changes if row.change in STAYS]
	entered = max(index for index, row in enumerate(stays) if row.change in (CREATED, STAGE))
	spans = zip(stays[entered:], [row.on for row in stays[entered + 1 :]] + [today], strict=True)
	return sum(max((until - row.on).days, 0) for row, until in spans if not _rests(row.status))


def total_days(came_in: date, closed_on: date | None, today: date) -> int:
	"""Return the days from the day an opportunity came in to the day it ended or, while it is in play, to today."""
	return max(((closed_on or today) - came_in).days, 0)


def pushes(changes: Sequence[Change]) -> Pushes:
	"""How the expected closing was postponed; bringing it forward makes up for nothing."""
	moved = [
		(row.new - row.old).days
		for row in changes
		if row.change == EXPECTED_CLOSING and row.old and row.new and row.new > row.old
	]
	return Pushes(len(moved), sum(moved))


def _rests(status: str) -> bool:
	return status == PAUSED or status in ENDED
