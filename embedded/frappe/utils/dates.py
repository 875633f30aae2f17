"""Dates and times: parsing, arithmetic, now. All naive values are in the site's time zone."""

import datetime
from contextlib import suppress
from typing import Any, Literal, overload
from zoneinfo import ZoneInfo

import frappe
from dateutil import parser
from dateutil.parser import ParserError
from dateutil.relativedelta import relativedelta

DATE_FORMAT = "%Y-%m-%d"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DATETIME_FORMAT = f"{DATE_FORMAT} %H:%M:%S.%f"


def getdate(string_date: str | datetime.date | None = None) -> datetime.date:
	"""Return a date, today for nothing. Raises ValidationError for text that is no date."""
	given = string_date or now_datetime()
	moment = given if isinstance(given, datetime.date) else _read_day(given)
	return moment.date() if isinstance(moment, datetime.datetime) else moment


def _read_day(text: str) -> datetime.datetime:
	try:
		return parser.parse(text)
	except (ParserError, OverflowError):
		message = frappe._("{} is not a valid date string.").format(frappe.bold(text))
		frappe.throw(message, title=frappe._("Invalid Date"))


@overload
def get_datetime(datetime_str: Literal[""]) -> None: ...


@overload
def get_datetime(datetime_str: str | datetime.date | None = None) -> datetime.datetime: ...


def get_datetime(datetime_str: str | datetime.date | None = None) -> datetime.datetime | None:
	"""Return a datetime, the current one for None. Raises ParserError for text that is no date."""
	if isinstance(datetime_str, datetime.date):
		midnight = datetime.datetime.combine(datetime_str, datetime.time())
		return datetime_str if isinstance(datetime_str, datetime.datetime) else midnight
	if datetime_str is None:
		return now_datetime()
	return _read_moment(datetime_str) if datetime_str else None


def _read_moment(text: str) -> datetime.datetime:
	with suppress(ValueError):
		return datetime.datetime.fromisoformat(text)
	return parser.parse(text)


def add_to_date(date: Any = None, **units: Any) -> Any:
	"""Shift a date by `years`, `months`, `weeks`, `days`, `hours`, `minutes`, `seconds`.

	Text in gives text out; `hours`, or a time in the text, makes that a datetime."""
	if not isinstance(date, str):
		return (now_datetime() if date is None else date) + relativedelta(**units)
	moment = get_datetime(date) + relativedelta(**units)
	return moment.strftime(DATETIME_FORMAT if units.get("hours") or " " in date else DATE_FORMAT)


def add_days(date: Any, days: float) -> Any:
	return add_to_date(date, days=days)


def get_first_day(dt: str, d_years: int = 0, d_months: int = 0) -> datetime.date:
	"""Return the first day of the month, shifted by years and months."""
	return getdate(dt) + relativedelta(day=1, years=d_years, months=d_months)


def get_last_day(dt: str) -> datetime.date:
	"""Return the last day of the month."""
	return getdate(dt) + relativedelta(day=31)


def get_first_day_of_week(dt: str | datetime.date, as_str: bool = False) -> datetime.date | str:
	"""Return the first day of the week that a day is in; weeks begin as System Settings say, else on Sunday."""
	day = getdate(dt)
	begins = WEEKDAYS.index(frappe.get_system_settings("first_day_of_the_week") or "Sunday")
	first = day - datetime.timedelta(days=(day.weekday() - begins) % 7)
	return first.strftime(DATE_FORMAT) if as_str else first


def date_diff(string_ed_date: str | datetime.date, string_st_date: str | datetime.date) -> int:
	"""Return the days from the second date to the first."""
	end, start = map(getdate, (string_ed_date, string_st_date))
	return (end - start).days


def time_diff_in_seconds(string_ed_date: str | datetime.date, string_st_date: str | datetime.date) -> float:
	end, start = map(get_datetime, (string_ed_date, string_st_date))
	return (end - start).total_seconds()


def now_datetime() -> datetime.datetime:
	"""Return the current time in the site's time zone, naive."""
	moment = datetime.datetime.now(site_zone())
	return datetime.datetime.combine(moment.date(), moment.time())


def site_zone() -> ZoneInfo:
	return ZoneInfo(get_system_timezone())


def now() -> str:
	return now_datetime().strftime(DATETIME_FORMAT)


def nowdate() -> str:
	return now_datetime().strftime(DATE_FORMAT)


today = nowdate


def get_system_timezone() -> str:
	return frappe.get_system_settings("time_zone") or "Asia/Kolkata"
