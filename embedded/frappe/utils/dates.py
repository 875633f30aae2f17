"""Dates and times: parsing, arithmetic, periods. All naive values are in the site's time zone."""

import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil import parser
from dateutil.parser import ParserError
from dateutil.relativedelta import relativedelta

import frappe

DATE_FORMAT = "%Y-%m-%d"
TIME_FORMAT = "%H:%M:%S.%f"
DATETIME_FORMAT = f"{DATE_FORMAT} {TIME_FORMAT}"

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
EMPTY_DATES = ("0001-01-01", "0000-00-00")

DATE_ORDERS = (
	*("%d/%b/%y", "%d-%m-%Y", "%m-%d-%Y", "%Y-%m-%d", "%d-%m-%y", "%m-%d-%y", "%y-%m-%d", "%y-%b-%d"),
	*("%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d/%m/%y", "%m/%d/%y", "%y/%m/%d"),
	*("%d.%m.%Y", "%m.%d.%Y", "%Y.%m.%d", "%d.%m.%y", "%m.%d.%y", "%y.%m.%d", "%d %b %Y", "%d %B %Y"),
)
TIME_ORDERS = ("%H:%M:%S.%f", "%H:%M:%S", "%H:%M", "%I:%M:%S.%f %p", "%I:%M:%S %p", "%I:%M %p")


def getdate(string_date=None, parse_day_first: bool = False) -> datetime.date | None:
	"""Return a date, today for nothing. Raises ValidationError for text that is no date."""
	if not string_date:
		return now_datetime().date()
	if isinstance(string_date, datetime.datetime):
		return string_date.date()
	if isinstance(string_date, datetime.date):
		return string_date
	if is_invalid_date_string(string_date):
		return None
	try:
		return parser.parse(string_date, dayfirst=parse_day_first).date()
	except (ParserError, OverflowError):
		frappe.throw(
			frappe._("{} is not a valid date string.").format(frappe.bold(string_date)),
			title=frappe._("Invalid Date"),
		)


def get_datetime(datetime_str=None) -> datetime.datetime | datetime.timedelta | None:
	"""Return a datetime, the current one for None. Raises ParserError for text that is no date."""
	if datetime_str is None:
		return now_datetime()
	if isinstance(datetime_str, datetime.datetime | datetime.timedelta):
		return datetime_str
	if isinstance(datetime_str, datetime.date):
		return datetime.datetime.combine(datetime_str, datetime.time())
	if is_invalid_date_string(datetime_str):
		return None
	try:
		return datetime.datetime.fromisoformat(datetime_str)
	except ValueError:
		return parser.parse(datetime_str)


def get_time(time_str) -> datetime.time:
	if isinstance(time_str, datetime.datetime):
		return time_str.time()
	if isinstance(time_str, datetime.time):
		return time_str
	if isinstance(time_str, datetime.timedelta):
		return (datetime.datetime.min + time_str).time()
	try:
		return parser.parse(time_str).time()
	except ParserError:
		if (span := get_timedelta(time_str)) is None:
			raise
		return get_time(span)


def get_timedelta(time=None) -> datetime.timedelta | None:
	"""Return a time of day or a span "H:M:S" of any number of hours; None for what is neither."""
	if isinstance(time, datetime.timedelta):
		return time
	try:
		hours, minutes, seconds = ([*str(time or "0:0:0").rsplit(" ", 1)[-1].split(":"), "0"])[:3]
		return datetime.timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))
	except ValueError:
		return None


def to_timedelta(time_str) -> datetime.timedelta:
	return get_timedelta(time_str) if isinstance(time_str, str | datetime.time) else time_str


def is_invalid_date_string(date_string) -> bool:
	"""Tell whether this is nothing, no text, or one of the zero dates a database may hold."""
	return not isinstance(date_string, str) or not date_string or date_string.startswith(EMPTY_DATES)


def add_to_date(
	date=None,
	years=0,
	months=0,
	weeks=0,
	days=0,
	hours=0,
	minutes=0,
	seconds=0,
	as_string=False,
	as_datetime=False,
):
	"""Shift a date. Text in gives text out; `hours`, or a time in the text, makes that a datetime."""
	date = now_datetime() if date is None else date
	as_datetime = as_datetime or bool(hours)
	if isinstance(date, str):
		as_string, as_datetime = True, as_datetime or " " in date
		try:
			date = get_datetime(date)
		except ParserError:
			frappe.throw(frappe._("Please select a valid date filter"), title=frappe._("Invalid Date"))
	date += relativedelta(
		years=years, months=months, weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds
	)
	if not as_string:
		return date
	return date.strftime(DATETIME_FORMAT if as_datetime else DATE_FORMAT)


def add_days(date, days):
	return add_to_date(date, days=days)


def add_months(date, months):
	return add_to_date(date, months=months)


def add_years(date, years):
	return add_to_date(date, years=years)


def date_diff(string_ed_date, string_st_date) -> int:
	"""Return the days from the second date to the first."""
	return (getdate(string_ed_date) - getdate(string_st_date)).days


def time_diff(string_ed_date, string_st_date) -> datetime.timedelta:
	return get_datetime(string_ed_date) - get_datetime(string_st_date)


def time_diff_in_seconds(string_ed_date, string_st_date) -> float:
	return time_diff(string_ed_date, string_st_date).total_seconds()


def now_datetime() -> datetime.datetime:
	"""Return the current time in the site's time zone, naive."""
	return convert_utc_to_system_timezone(datetime.datetime.now(datetime.timezone.utc)).replace(tzinfo=None)


def now() -> str:
	"""Return the current time as text; its date is `frappe.flags.current_date` where a test set one."""
	if frappe.flags.current_date:
		return f"{getdate(frappe.flags.current_date)} {nowtime()}"
	return now_datetime().strftime(DATETIME_FORMAT)


def nowdate() -> str:
	return now_datetime().strftime(DATE_FORMAT)


today = nowdate


def nowtime() -> str:
	return now_datetime().strftime(TIME_FORMAT)


def get_system_timezone() -> str:
	return frappe.get_system_settings("time_zone") or "Asia/Kolkata"


def convert_utc_to_timezone(utc_timestamp: datetime.datetime, time_zone: str) -> datetime.datetime:
	"""Return the moment in a time zone, unchanged where no zone has that name."""
	if utc_timestamp.tzinfo is None:
		utc_timestamp = utc_timestamp.replace(tzinfo=datetime.timezone.utc)
	try:
		return utc_timestamp.astimezone(ZoneInfo(time_zone))
	except ZoneInfoNotFoundError:
		return utc_timestamp


def convert_utc_to_system_timezone(utc_timestamp: datetime.datetime) -> datetime.datetime:
	return convert_utc_to_timezone(utc_timestamp, get_system_timezone())


def get_datetime_str(datetime_obj) -> str:
	return get_datetime(datetime_obj).strftime(DATETIME_FORMAT)


def format_timedelta(o: datetime.timedelta | str) -> str:
	"""Return a span as H:MM:SS, hours beyond 24 included, with microseconds only where there are any."""
	if not isinstance(o, datetime.timedelta):
		return str(o)
	seconds, micros = divmod(round(o.total_seconds() * 1_000_000), 1_000_000)
	minutes, seconds = divmod(seconds, 60)
	hours, minutes = divmod(minutes, 60)
	return f"{hours}:{minutes:02}:{seconds:02}" + (f".{micros:06}".rstrip("0") if micros else "")


def guess_date_format(date_string: str) -> str | None:
	"""Return the strptime format of a date, a time or both; the day goes first where it could be the month."""
	text = date_string.strip()
	if found := _first_format(text, DATE_ORDERS) or _first_format(text, TIME_ORDERS):
		return found
	date, _, time = text.partition(" ")
	formats = _first_format(date, DATE_ORDERS), _first_format(time, TIME_ORDERS)
	return " ".join(formats) if all(formats) else None


def _first_format(text: str, formats: tuple[str, ...]) -> str | None:
	for candidate in formats:
		try:
			datetime.datetime.strptime(text, candidate)
		except ValueError:
			continue
		return candidate
	return None


def get_weekday(datetime=None) -> str:
	return WEEKDAYS[(datetime or now_datetime()).weekday()]
