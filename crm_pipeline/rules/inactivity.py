"""When an opportunity counts as inactive: no contact for so many days."""

from datetime import date, datetime, time, timedelta

from crm_pipeline.rules.status import IN_PLAY, PAUSED

MAY_ROT = IN_PLAY - {PAUSED}  # a paused opportunity is meant to rest


def cutoff(day: date, days: int) -> datetime | None:
	"""Return the moment before which the last contact must lie for an opportunity to be due on a day; None if none ever is.

	Args:
		day: the day on which is asked.
		days: how many days without contact make an opportunity due. Calendar days count, whatever the hour; 0 and less mean
			never, and so does what reaches back beyond the calendar.
	"""
	if not 0 < days <= (day - date.min).days:
		return None
	return datetime.combine(day - timedelta(days=days - 1), time.min)


def days_inactive(since: datetime, day: date) -> int:
	"""Return the calendar days without contact on a day."""
	return (day - since.date()).days


def is_rotting(status: str | None, days: int, limit: int) -> bool:
	"""Return whether nothing has happened to an opportunity for longer than its stage allows.

	Args:
		days: since anything happened.
		limit: how many days the stage allows; 0 for any number.
	"""
	return status in MAY_ROT and 0 < limit < days
