"""How a request for rates stands, and how long its link is good."""

from datetime import date, timedelta
from typing import NamedTuple

NOT_ASKED = ""
ASKED, OPENED, ANSWERED, DECLINED, LATE = "Asked", "Opened", "Answered", "Declined", "Late"
WAITING = (ASKED, OPENED, LATE)
GRACE_DAYS = 14  # for answers that come late
VALID_DAYS = 60  # of a link without a day to answer by


class Request(NamedTuple):
	"""What has happened to a request; `answer_by` is the last day on which an answer is in time."""

	requested: bool
	opened: bool
	answered: bool
	declined: bool
	answer_by: date | None


def status_on(day: date, request: Request) -> str:
	"""Return how a request stands on a day of the site; empty for what was not asked for."""
	if not request.requested:
		return NOT_ASKED
	if request.declined:
		return DECLINED
	if request.answered:
		return ANSWERED
	if is_overdue(day, request.answer_by):
		return LATE
	return OPENED if request.opened else ASKED


def is_overdue(day: date, answer_by: date | None) -> bool:
	"""Return whether the last day to answer is past; on that day itself it is not."""
	return bool(answer_by and answer_by < day)


def link_ends_on(asked_on: date, answer_by: date | None) -> date:
	"""Return the last day on which the link of a request opens it."""
	return answer_by + timedelta(GRACE_DAYS) if answer_by else asked_on + timedelta(VALID_DAYS)


def days_to_answer(requested_on: date, answered_on: date) -> int:
	"""Return the calendar days between the request and its answer; 0 on the same day."""
	return (answered_on - requested_on).days
