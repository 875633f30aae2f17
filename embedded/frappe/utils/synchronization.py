"""Locks among the processes of one machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import frappe
from filelock import FileLock, Timeout
from frappe.utils.file_lock import LockTimeoutError


@contextmanager
def filelock(lock_name: str, *, timeout: float = 30) -> Iterator[None]:
	"""Hold a lock of this site while the block runs.

	Raises:
		LockTimeoutError: another process held it for `timeout` seconds.
	"""
	path = Path(frappe.get_site_path("locks", f"{lock_name}.lock"))
	path.parent.mkdir(exist_ok=True)
	try:
		with FileLock(path, timeout=timeout):
			yield
	except Timeout as held:
		raise LockTimeoutError(f"{lock_name} is held by another process") from held
