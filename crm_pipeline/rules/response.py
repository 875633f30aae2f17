"""First response, and whose turn it is."""

from datetime import datetime
from typing import Final

US: Final = "Us"
THEM: Final = "Them"
NOBODY: Final = "Nobody"


def minutes_between(start: datetime, end: datetime) -> float:
	"""Minutes from `start` to `end`, two decimals, never negative."""
	return max(round((end - start).total_seconds() / 60, 2), 0.0)


def waiting_for(last_contacted_on: datetime | None, last_response_on: datetime | None) -> str:
	"""Return whose turn it is: Us when the other side spoke last, Them when we did, Nobody before any contact."""
	if not last_contacted_on and not last_response_on:
		return NOBODY
	if not last_contacted_on:
		return US
	if not last_response_on:
		return THEM
	return THEM if last_contacted_on >= last_response_on else US
