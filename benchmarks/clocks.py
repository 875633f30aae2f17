"""Seconds by the clock on the wall, or how long processors work for an answer.

These are Python's and the one of the thread by which MariaDB serves it. Where other programs run as well, this is what a quiet
machine would take, while an answer's own time says how busy it is.
"""

import time
from collections.abc import Callable
from pathlib import Path

import frappe

of_the_wall = time.perf_counter


class NoProcessorTime(Exception):
	"""The database is none of MariaDB on this machine, or its threads cannot be looked at."""


def of_processors() -> Callable[[], float]:
	"""Return a function that tells the seconds worked so far for the session's connection."""
	try:
		((thread,),) = frappe.db.sql(
			"SELECT tid FROM information_schema.processlist WHERE id = connection_id()"
		)
		(file,) = Path("/proc").glob(f"[0-9]*/task/{thread}/schedstat")
		file.read_text()
	except Exception as error:
		raise NoProcessorTime(
			"--processor needs MariaDB on this machine, and the right to see its threads."
		) from error
	return lambda: time.process_time() + int(file.read_text().split()[0]) / 1e9
