"""Dates and times: parsing, arithmetic, now. All naive values are in the site's time zone."""

import datetime
from typing import Literal, overload
from zoneinfo import ZoneInfo

import frappe
from dateutil import parser
from dateutil.parser import ParserError
from dateutil.relativedelta import relativedelta

DATE_FORMAT = "%Y-%m-%d"
DATETIME_FORMAT = f"{DATE_FORMAT} %H:%M:%S.%f"


def getdate(string_date=None) -> datetime.date:
	"""Return a date, today for nothing. Raises ValidationError for text that is no date."""
	if not string_date:
		return now_datetime().date()
	if isinstance(string_date, datetime.datetime):
		return string_date.date()
	if isinstance(string_date, datetime.date):
		return string_date
	try:
		return parser.parse(string_date).date()
	except (ParserError, OverflowError):
		message = frappe._("{} is not a valid date string.").format(frappe.bold(string_date))
		frappe.throw(message, title=frappe._("Invalid Date"))


@overload
def get_datetime(datetime_str: Literal[""]) -> None: ...


@overload
def get_datetime(datetime_str: str | datetime.date | None = None) -> datetime.datetime: ...


def get_datetime(datetime_str=None) -> datetime.datetime | None:
	"""Return a datetime, the current one for None. Raises ParserError for text that is no date."""
	if datetime_str is None:
		return now_datetime()
	if isinstance(datetime_str, datetime.datetime):
		return datetime_str
	if isinstance(datetime_str, datetime.date):
		return datetime.datetime.combine(datetime_str, datetime.time())
	if not datetime_str:
		return None
	try:
		return datetime.datetime.fromisoformat(datetime_str)
	except ValueError:
		return parser.parse(datetime_str)


def add_to_date(date=None, **units):
	"""Shift a date by `years`, `months`, `weeks`, `days`, `hours`, `minutes`, `seconds`.

	Text in gives text out; `hours`, or a time in the text, makes that a datetime."""
	if not isinstance(date, str):
		return (now_datetime() if date is None else date) + relativedelta(**units)
	moment = get_datetime(date) + relativedelta(**units)
	return moment.strftime(DATETIME_FORMAT if units.get("hours") or " " in date else DATE_FORMAT)


def add_days(date, days):
	return add_to_date(date, days=days)


def get_first_day(dt, d_years: int = 0, d_months: int = 0) -> datetime.date:
	"""Return the first day of the month, shifted by years and months."""
	return getdate(dt) + relativedelta(day=1, years=d_years, months=d_months)


def get_last_day(dt) -> datetime.date:
	"""Return the last day of the month."""
	return getdate(dt) + relativedelta(day=31)


def date_diff(string_ed_date, string_st_date) -> int:
	"""Return the days from the second date to the first."""
	return (getdate(string_ed_date) - getdate(string_st_date)).days


def time_diff_in_seconds(string_ed_date, string_st_date) -> float:
	return (get_datetime(string_ed_date) - get_datetime(string_st_date)).total_seconds()


def now_datetime() -> datetime.datetime:
	"""Return the current time in the site's time zone, naive."""
	return datetime.datetime.now(ZoneInfo(get_system_timezone())).replace(tzinfo=None)


def now() -> str:
	return now_datetime().strftime(DATETIME_FORMAT)


def nowdate() -> str:
	return now_datetime().strftime(DATE_FORMAT)


today = nowdate


def get_system_timezone() -> str:
	return frappe.get_system_settings("time_zone") or "Asia/Kolkata"
