"""First and last days of weeks, months, quarters and years, and the named time spans of list filters."""

import datetime

import frappe
from frappe.utils.dates import DATE_FORMAT, WEEKDAYS, add_days, add_months, add_years, getdate


def get_first_day(dt, d_years: int = 0, d_months: int = 0, as_str: bool = False):
	"""Return the first day of the month, shifted by years and months."""
	return _shown(add_months(add_years(getdate(dt).replace(day=1), d_years), d_months), as_str)


def get_last_day(dt) -> datetime.date:
	return add_days(get_first_day(dt, d_months=1), -1)


def get_quarter_start(dt, as_str: bool = False):
	date = getdate(dt)
	return _shown(date.replace(month=date.month - (date.month - 1) % 3, day=1), as_str)


def get_quarter_ending(date) -> datetime.date:
	return get_last_day(add_months(get_quarter_start(date), 2))


def get_year_start(dt, as_str: bool = False):
	return _shown(getdate(dt).replace(month=1, day=1), as_str)


def get_year_ending(date) -> datetime.date:
	return getdate(date).replace(month=12, day=31)


def get_first_day_of_the_week() -> str:
	return frappe.get_system_settings("first_day_of_the_week") or "Sunday"


def get_first_day_of_week(dt, as_str: bool = False):
	date = getdate(dt)
	offset = (date.weekday() - WEEKDAYS.index(get_first_day_of_the_week())) % 7
	return _shown(add_days(date, -offset), as_str)


def get_last_day_of_week(dt) -> datetime.date:
	return add_days(get_first_day_of_week(dt), 6)


def get_timespan_date_range(timespan: str) -> tuple[datetime.date, datetime.date] | None:
	"""Return both ends, included, of a span such as "last 7 days" or "this quarter"; None if unknown."""
	span = TIMESPANS.get(timespan)
	return span(getdate()) if span else None


def _shown(date: datetime.date, as_str: bool):
	return date.strftime(DATE_FORMAT) if as_str else date


def _week(day):
	return get_first_day_of_week(day), get_last_day_of_week(day)


def _month(day):
	return get_first_day(day), get_last_day(day)


def _quarters(first, last):
	return get_quarter_start(first), get_quarter_ending(last)


def _year(day):
	return get_year_start(day), get_year_ending(day)


TIMESPANS = {
	**{f"last {n} days": lambda day, n=n: (add_days(day, -n), day) for n in (7, 14, 30, 90)},
	**{f"next {n} days": lambda day, n=n: (day, add_days(day, n)) for n in (7, 14, 30)},
	"yesterday": lambda day: (add_days(day, -1),) * 2,
	"today": lambda day: (day, day),
	"tomorrow": lambda day: (add_days(day, 1),) * 2,
	"last week": lambda day: _week(add_days(day, -7)),
	"this week": _week,
	"next week": lambda day: _week(add_days(day, 7)),
	"last month": lambda day: _month(add_months(day, -1)),
	"this month": _month,
	"next month": lambda day: _month(add_months(day, 1)),
	"last quarter": lambda day: _quarters(*(add_months(day, -3),) * 2),
	"this quarter": lambda day: _quarters(day, day),
	"next quarter": lambda day: _quarters(*(add_months(day, 3),) * 2),
	"last 6 months": lambda day: _quarters(add_months(day, -6), add_months(day, -3)),
	"next 6 months": lambda day: _quarters(add_months(day, 3), add_months(day, 6)),
	"last year": lambda day: _year(add_years(day, -1)),
	"this year": _year,
	"next year": lambda day: _year(add_years(day, 1)),
}
