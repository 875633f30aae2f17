"""How the host speaks to sqlite3: its types, and parameters as Frappe writes them."""

import atexit
import datetime
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

BUSY_TIMEOUT = 30.0  # seconds
KEPT = 8  # idle connections of one database
PLACEHOLDER = re.compile(r"%%|%s|%\((\w+)\)s")


class Connection(sqlite3.Connection):
	"""A connection that knows which file it has open; another one may stand under its path by now."""

	path: str
	file: tuple[int, int, int]

	def leads_to_its_path(self) -> bool:
		try:
			return _file_at(self.path) == self.file
		except FileNotFoundError:
			return False


def connect(path: str) -> Connection:
	"""Open `path` in WAL mode; values come back as pymysql gives them, transactions are ours to begin."""
	connection = sqlite3.connect(
		path,
		timeout=BUSY_TIMEOUT,
		isolation_level=None,
		detect_types=sqlite3.PARSE_DECLTYPES,
		check_same_thread=False,
		factory=Connection,
	)
	connection.path, connection.file = path, _file_at(path)
	connection.execute("PRAGMA journal_mode=WAL")
	connection.execute("PRAGMA synchronous=NORMAL")
	return connection


class Pool:
	"""Idle connections of this process, by database.

	A new connection reads the whole schema of a site before its first statement, which takes longer than most requests do
	with theirs.
	"""

	def __init__(self) -> None:
		self._idle: dict[tuple, list[Connection]] = defaultdict(list)

	def take(self, path: str) -> Connection:
		"""Return a connection to the database at `path` that nobody else uses."""
		try:
			return self._idle[_file_at(path)].pop()
		except (IndexError, FileNotFoundError):
			return connect(path)

	def give_back(self, connection: Connection) -> None:
		"""Keep a connection for the next who asks, as it was when it was new; undo what is not committed."""
		connection.rollback()
		idle = self._idle[connection.file]
		if len(idle) >= KEPT or not connection.leads_to_its_path():
			connection.close()
			return
		connection.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT * 1000)}")
		idle.append(connection)

	def close(self) -> None:
		"""Close what is idle, so that all that was written stands in the one file of each database."""
		for file in [file for file in self._idle if file[0] == os.getpid()]:
			for connection in self._idle.pop(file):
				connection.close()


def _file_at(path: str) -> tuple[int, int, int]:
	found = os.stat(path)
	return os.getpid(), found.st_dev, found.st_ino


pool = Pool()
atexit.register(pool.close)

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
