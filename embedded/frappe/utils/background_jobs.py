"""Background jobs without a queue: a job runs in this process, right after the transaction that asked for it commits.

On a bench a worker runs it, so it must not rely on when that is. A transaction that is rolled back takes its
jobs with it.
"""

from collections.abc import Callable
from typing import Any

import frappe

_waiting: set[tuple[str, str]] = set()


def enqueue(
	method: str | Callable,
	queue: str = "default",
	timeout: int | None = None,
	event: str | None = None,
	is_async: bool = True,
	job_name: str | None = None,
	now: bool = False,
	enqueue_after_commit: bool = False,
	*,
	on_success: Callable | None = None,
	on_failure: Callable | None = None,
	at_front: bool = False,
	job_id: str | None = None,
	deduplicate: bool = False,
	**kwargs: Any,
) -> Any:
	"""Run `method` with the keyword arguments after the commit; at once, and return the result, with `now` or if not `is_async`.

	With `deduplicate` a job whose `job_id` still waits is not added again. Queues, timeouts and names have no meaning here."""
	if deduplicate and not job_id:
		frappe.throw("`job_id` paramater is required for deduplication.")  # codespell:ignore paramater
	if now or not is_async or frappe.flags.in_migrate:
		return frappe.call(method, **kwargs)
	if on_success or on_failure or at_front:
		raise frappe.missing("frappe.enqueue with on_success, on_failure or at_front")
	key, user = (frappe.local.site, job_id), frappe.session.user
	if deduplicate and key in _waiting:
		return None
	_waiting.add(key)
	frappe.db.after_rollback.add(lambda: _waiting.discard(key))
	frappe.db.after_commit.add(lambda: _run(method, kwargs, user, key))
	return None


def _run(method: str | Callable, kwargs: dict, user: str, key: tuple[str, str]) -> None:
	"""Run a job as `user` in a transaction of its own; a failure is recorded in the Error Log, not raised."""
	_waiting.discard(key)
	session_user = frappe.session.user
	frappe.session.user = user
	try:
		frappe.call(method, **kwargs)
	except Exception:
		frappe.db.rollback()
		frappe.log_error(title=method if isinstance(method, str) else method.__qualname__)
	finally:
		frappe.db.commit()
		frappe.session.user = session_user
