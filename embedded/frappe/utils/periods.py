"""First and last days of months and quarters, and the named time spans of list filters."""

import datetime

import frappe
from dateutil.relativedelta import relativedelta
from frappe.utils.dates import DATE_FORMAT, add_days, add_to_date, getdate

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NAMED_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
UNITS = {
	"week": relativedelta(weeks=1),
	"month": relativedelta(months=1),
	"quarter": relativedelta(months=3),
	"6 months": relativedelta(months=6),
	"year": relativedelta(years=1),
}


def get_first_day(dt, d_years: int = 0, d_months: int = 0, as_str: bool = False):
	"""Return the first day of the month, shifted by years and months."""
	date = add_to_date(getdate(dt).replace(day=1), years=d_years, months=d_months)
	return date.strftime(DATE_FORMAT) if as_str else date


def get_last_day(dt) -> datetime.date:
	return add_days(get_first_day(dt, d_months=1), -1)


def get_quarter_start(dt) -> datetime.date:
	date = getdate(dt)
	return date.replace(month=date.month - (date.month - 1) % 3, day=1)


def get_first_day_of_week(dt) -> datetime.date:
	date = getdate(dt)
	first = WEEKDAYS.index(frappe.get_system_settings("first_day_of_the_week") or "Sunday")
	return add_days(date, -((date.weekday() - first) % 7))


def get_timespan_date_range(timespan: str) -> tuple[datetime.date, datetime.date] | None:
	"""Return both ends, included, of a span such as "last 7 days" or "this quarter"; None if unknown."""
	today = getdate()
	if timespan in NAMED_DAYS:
		return (add_days(today, NAMED_DAYS[timespan]),) * 2
	which, _, unit = timespan.partition(" ")
	number, _, days = unit.partition(" ")
	if days == "days" and which in ("last", "next"):
		return (
			(add_days(today, -int(number)), today)
			if which == "last"
			else (today, add_days(today, int(number)))
		)
	if unit not in UNITS or which not in ("last", "this", "next"):
		return None
	first = _first_day_of(unit, today)
	if which == "last":
		first -= UNITS[unit]
	elif which == "next":
		first += UNITS["quarter" if unit == "6 months" else unit]
	return first, first + UNITS[unit] - relativedelta(days=1)


def _first_day_of(unit: str, day: datetime.date) -> datetime.date:
	"""Half years begin with a quarter."""
	if unit == "week":
		return get_first_day_of_week(day)
	if unit == "month":
		return get_first_day(day)
	return day.replace(month=1, day=1) if unit == "year" else get_quarter_start(day)
