"""How the host speaks to sqlite3: its types, and parameters as Frappe writes them."""

import datetime
import re
import sqlite3
from collections.abc import Mapping
from typing import Any

BUSY_TIMEOUT = 30.0  # seconds
PLACEHOLDER = re.compile(r"%%|%s|%\((\w+)\)s")


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
	return connection


sqlite3.register_adapter(
	datetime.datetime, lambda value: value.replace(tzinfo=None).isoformat(" ", "microseconds")
)
sqlite3.register_adapter(datetime.date, datetime.date.isoformat)
sqlite3.register_converter("date", lambda raw: datetime.date.fromisoformat(raw.decode()[:10]))
sqlite3.register_converter("datetime", lambda raw: datetime.datetime.fromisoformat(raw.decode()))


def bind(query: str, values: Any) -> tuple[str, list]:
	"""`query` with ? for each %s or %(name)s, and the values in that order; a list becomes (?, ?, ...)."""
	if values is None or values == ():
		return query, []
	if not isinstance(values, Mapping | list | tuple):
		values = (values,)
	positional = iter(values)
	bound: list = []

	def replace(match: re.Match) -> str:
		if match[0] == "%%":
			return "%"
		value = values[match[1]] if match[1] else next(positional)
		if not isinstance(value, list | tuple | set | frozenset):
			bound.append(value)
			return "?"
		bound.extend(value)
		return f"({', '.join('?' * len(value)) or 'NULL'})"

	return PLACEHOLDER.sub(replace, query), bound
