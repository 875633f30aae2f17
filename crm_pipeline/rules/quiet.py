"""When a deal counts as forgotten: nobody spoke since long enough."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta


def quiet_since(became_replied: datetime, contacts: Iterable[datetime | None] = ()) -> datetime:
	"""The last moment at which anything happened between us and the customer.

	Args:
		became_replied: when the deal got the status that waits for the customer.
		contacts: last contact and last response, None where there was none.
	"""
	return max(became_replied, *(contact for contact in contacts if contact))


def limit_on(day: date, days: int) -> datetime | None:
	"""The moment before which a deal must have fallen quiet to be due on a day; None if no deal ever is.

	Args:
		day: the day on which is asked.
		days: how many days of silence make a deal due. Calendar days count, whatever the hour; 0 and less mean
			never, and so does what reaches back beyond the calendar.
	"""
	if not 0 < days <= (day - date.min).days:
		return None
	return datetime.combine(day - timedelta(days=days - 1), time.min)


def days_quiet(since: datetime, day: date) -> int:
	"""Calendar days of silence on a day."""
	return (day - since.date()).days
