"""Closing and undoing take turns: on one machine never two of them at once."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from frappe.utils.file_lock import LockTimeoutError
from frappe.utils.synchronization import filelock

LOCK = "crm_pipeline_auto_close"  # held by whoever closes or undoes


@contextmanager
def exclusive_run(seconds: float = 0) -> Iterator[bool]:
	"""Hold the lock for the block, after waiting so long for it at most; whether it is held."""
	with ExitStack() as stack:
		try:
			stack.enter_context(filelock(LOCK, timeout=seconds))
		except LockTimeoutError:
			yield False
		else:
			yield True
