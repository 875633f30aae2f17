"""One benchmark at a time on a machine: two would measure each other."""

import fcntl
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.refusals import AlreadyRunning

FILE = Path(tempfile.gettempdir()) / "crm_pipeline-benchmarks.lock"


@contextmanager
def alone(file: Path = FILE) -> Iterator[None]:
	"""Let no other benchmark begin while this lasts. The system lets go of it however this process ends.

	Raises:
		AlreadyRunning: another one is under way.
	"""
	# "a+" keeps what the other one has written until the lock is ours.
	with file.open("a+", encoding="utf-8") as held:
		try:
			fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			held.seek(0)
			raise AlreadyRunning(
				f"A benchmark is under way, {held.read().strip()}: wait until it has ended."
			) from None
		held.truncate(0)
		held.write(f"process {os.getpid()}: {' '.join(sys.argv)}\n")
		held.flush()
		yield
