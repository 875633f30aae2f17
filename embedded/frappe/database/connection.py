"""How the host speaks to sqlite3: the types, and the MariaDB functions that queries use."""

import datetime
import re
import sqlite3
import time

BUSY_TIMEOUT = 30.0  # seconds
DATE_FORMAT_CODES = {
	"%Y": "%Y",
	"%y": "%y",
	"%m": "%m",
	"%c": "%-m",
	"%d": "%d",
	"%e": "%-d",
	"%H": "%H",
	"%h": "%I",
	"%i": "%M",
	"%s": "%S",
	"%S": "%S",
	"%p": "%p",
	"%M": "%B",
	"%b": "%b",
	"%W": "%A",
	"%a": "%a",
	"%j": "%j",
	"%f": "%f",
	"%v": "%V",
	"%x": "%G",
	"%u": "%V",
	"%%": "%%",
}


def connect(path: str) -> sqlite3.Connection:
	"""Open `path` in WAL mode; values come back as pymysql gives them, transactions are ours to begin."""
	connection = sqlite3.connect(
		path,
		timeout=BUSY_TIMEOUT,
		isolation_level=None,
		detect_types=sqlite3.PARSE_DECLTYPES,
		check_same_thread=False,
	)
	connection.execute("PRAGMA journal_mode=WAL")
	connection.execute("PRAGMA synchronous=NORMAL")
	for name, arity, function in FUNCTIONS:
		connection.create_function(name, arity, function, deterministic=name not in VOLATILE)
	return connection


def _datetime_text(value: datetime.datetime) -> str:
	return value.replace(tzinfo=None).isoformat(" ", "microseconds")


def timedelta_text(value: datetime.timedelta) -> str:
	"""A duration as MariaDB stores a TIME: HH:MM:SS.ffffff."""
	seconds = value.total_seconds()
	sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
	return f"{sign}{int(seconds // 3600):02d}:{int(seconds % 3600 // 60):02d}:{seconds % 60:09.6f}"


def _to_date(raw: bytes) -> datetime.date:
	return datetime.date.fromisoformat(raw.decode()[:10])


def _to_datetime(raw: bytes) -> datetime.datetime:
	return datetime.datetime.fromisoformat(raw.decode())


def _to_timedelta(raw: bytes) -> datetime.timedelta:
	text = raw.decode()
	sign = -1 if text.startswith("-") else 1
	hours, minutes, seconds = (*text.lstrip("-").split(":"), "0", "0")[:3]
	return sign * datetime.timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))


sqlite3.register_adapter(datetime.datetime, _datetime_text)
sqlite3.register_adapter(datetime.date, datetime.date.isoformat)
sqlite3.register_adapter(datetime.time, lambda value: value.isoformat("microseconds"))
sqlite3.register_adapter(datetime.timedelta, timedelta_text)
sqlite3.register_converter("date", _to_date)
sqlite3.register_converter("datetime", _to_datetime)
sqlite3.register_converter("time", _to_timedelta)


def parse_moment(value) -> datetime.datetime | None:
	"""A stored date or datetime; None for NULL or for what is neither, as MariaDB's functions answer."""
	try:
		return datetime.datetime.fromisoformat(str(value)) if value is not None else None
	except ValueError:
		return None


def _date_part(pick):
	def function(value):
		moment = parse_moment(value)
		return None if moment is None else pick(moment)

	return function


def _date_format(value, pattern):
	moment = parse_moment(value)
	if moment is None:
		return None
	return moment.strftime(re.sub(r"%.", lambda m: DATE_FORMAT_CODES.get(m[0], m[0][1:]), pattern))


def _datediff(later, earlier):
	later, earlier = parse_moment(later), parse_moment(earlier)
	return None if None in (later, earlier) else (later.date() - earlier.date()).days


def _concat(*values):
	return None if None in values else "".join(str(value) for value in values)


def _concat_ws(separator, *values):
	return separator.join(str(value) for value in values if value is not None)


def _extreme(choose):
	return lambda *values: None if None in values else choose(values)


def _regexp(pattern, value):
	return value is not None and bool(re.search(pattern, str(value), re.IGNORECASE))


def _now():
	return datetime.datetime.now().isoformat(" ", "seconds")


def _unix_timestamp(value=None):
	moment = parse_moment(value)
	return int(time.time()) if value is None else moment and moment.timestamp()


VOLATILE = {"now", "curdate", "unix_timestamp"}
FUNCTIONS = [
	("now", 0, _now),
	("curdate", 0, lambda: datetime.date.today().isoformat()),
	("date_format", 2, _date_format),
	("datediff", 2, _datediff),
	("unix_timestamp", -1, _unix_timestamp),
	("year", 1, _date_part(lambda m: m.year)),
	("month", 1, _date_part(lambda m: m.month)),
	("quarter", 1, _date_part(lambda m: (m.month + 2) // 3)),
	("day", 1, _date_part(lambda m: m.day)),
	("hour", 1, _date_part(lambda m: m.hour)),
	("weekday", 1, _date_part(lambda m: m.weekday())),
	("monthname", 1, _date_part(lambda m: m.strftime("%B"))),
	("concat_ws", -1, _concat_ws),
	("locate", 2, lambda part, text: None if None in (part, text) else text.lower().find(part.lower()) + 1),
	("timestamp", 2, lambda date, time: None if None in (date, time) else f"{date} {time}"),
	("concat", -1, _concat),
	("greatest", -1, _extreme(max)),
	("least", -1, _extreme(min)),
	("regexp", 2, _regexp),
]
