"""The columns of a forecast: what is overdue, the months from the present one on, what is later, and what has no date."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

OVERDUE, LATER, NO_DATE = "overdue", "later", "none"
MONTHS = 6  # the present one among them


class ForecastColumn(NamedTuple):
	"""A column with the first and last expected closing that it takes; None for no end, of NO_DATE for both."""

	key: str
	first_day: date | None = None
	last_day: date | None = None

	def holds(self, closing: date | None) -> bool:
		"""Return whether an opportunity with this expected closing stands in the column."""
		if closing is None or self.key == NO_DATE:
			return closing is None and self.key == NO_DATE
		return (self.first_day or closing) <= closing <= (self.last_day or closing)


def columns_on(today: date) -> list[ForecastColumn]:
	"""Return the columns in order; together they hold every expected closing once.

	The present month begins with `today`, since what was to close before it is overdue. Keys of months are as "2031-02".
	"""
	months, first = [], today
	for _month in range(MONTHS):
		last = first.replace(day=monthrange(first.year, first.month)[1])
		months.append(ForecastColumn(month_key(first), first, last))
		first = last + timedelta(days=1)
	overdue = ForecastColumn(OVERDUE, last_day=today - timedelta(days=1))
	return [overdue, *months, ForecastColumn(LATER, first_day=first), ForecastColumn(NO_DATE)]


def month_key(day: date) -> str:
	"""Return the key of the month that a day is in."""
	return day.isoformat()[:7]
