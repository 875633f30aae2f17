"""Dates in the format of the site, and the periods that charts are drawn by."""

import datetime

import frappe
from frappe.utils.dates import add_to_date, getdate
from frappe.utils.display import formatdate, get_user_date_format
from frappe.utils.periods import (
	get_first_day,
	get_first_day_of_week,
	get_last_day,
	get_last_day_of_week,
	get_quarter_ending,
	get_quarter_start,
	get_year_ending,
	get_year_start,
)

dateformats = {
	"yyyy-mm-dd": "%Y-%m-%d",
	"mm/dd/yyyy": "%m/%d/%Y",
	"mm-dd-yyyy": "%m-%d-%Y",
	"mm/dd/yy": "%m/%d/%y",
	"dd-mmm-yyyy": "%d-%b-%Y",
	"dd/mm/yyyy": "%d/%m/%Y",
	"dd.mm.yyyy": "%d.%m.%Y",
	"dd.mm.yy": "%d.%m.%y",
	"dd-mm-yyyy": "%d-%m-%Y",
	"dd/mm/yy": "%d/%m/%y",
}
BEGINNINGS = {
	"Daily": getdate,
	"Weekly": get_first_day_of_week,
	"Monthly": get_first_day,
	"Quarterly": get_quarter_start,
	"Yearly": get_year_start,
}
ENDINGS = {
	"Daily": getdate,
	"Weekly": get_last_day_of_week,
	"Monthly": get_last_day,
	"Quarterly": get_quarter_ending,
	"Yearly": get_year_ending,
}
STEPS = {
	"Daily": {"days": 1},
	"Weekly": {"days": 7},
	"Monthly": {"months": 1},
	"Quarterly": {"months": 3},
	"Yearly": {"years": 1},
}


def user_to_str(date: str, date_format: str | None = None) -> str:
	"""Return a date written in a format, the user's by default, as yyyy-mm-dd. Raises ValueError if it is not."""
	if not date:
		return date
	date_format = date_format or get_user_date_format()
	try:
		return datetime.datetime.strptime(date, dateformats[date_format]).strftime("%Y-%m-%d")
	except ValueError:
		raise ValueError(f"Date {date} must be in format {date_format}") from None


def datetime_in_user_format(date_time) -> str:
	if not date_time:
		return ""
	date_time = frappe.utils.get_datetime(date_time)
	return f"{formatdate(date_time.date())} {date_time:%H:%M}"


def get_period_beginning(date, timegrain: str, as_str: bool = True) -> datetime.date:
	return BEGINNINGS[timegrain](getdate(date))


def get_period_ending(date, timegrain: str) -> datetime.date:
	return ENDINGS[timegrain](getdate(date))


def get_dates_from_timegrain(from_date, to_date, timegrain: str = "Daily") -> list[datetime.date]:
	"""Return the last day of every period from one date to another."""
	dates = [get_period_ending(from_date, timegrain)]
	while dates[-1] < getdate(to_date):
		dates.append(get_period_ending(add_to_date(dates[-1], **STEPS[timegrain]), timegrain))
	return dates


def get_period(date, interval: str = "Monthly") -> str:
	"""Return the label of the period a date lies in."""
	date = getdate(date)
	if interval in ("Daily", "Weekly"):
		return f"{date:%d-%m-%y}"
	if interval == "Quarterly":
		return f"Quarter {(date.month - 1) // 3 + 1} {date.year}"
	return f"{date:%b %Y}" if interval == "Monthly" else str(date.year)
