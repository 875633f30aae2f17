"""Background jobs without a queue: a job runs in this process, right after the transaction that asked for it commits.

On a bench a worker runs it, so it must not rely on when that is. A transaction that is rolled back takes its
jobs with it.
"""

from collections.abc import Callable

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
	at_front_when_starved: bool = False,
	job_id: str | None = None,
	deduplicate: bool = False,
	**kwargs,
):
	"""Run `method` with the keyword arguments after the commit, or at once with `now`, whose result it returns.

	With `deduplicate` a job whose `job_id` still waits is not added again. Queues and timeouts have no meaning here."""
	if deduplicate and not job_id:
		frappe.throw(frappe._("`job_id` paramater is required for deduplication."))
	if now or not is_async or frappe.flags.in_migrate:
		return frappe.call(method, **kwargs)
	key = (frappe.local.site, job_id) if job_id else None
	if deduplicate and key in _waiting:
		return None
	if key:
		_waiting.add(key)
		frappe.db.after_rollback.add(lambda: _waiting.discard(key))
	user = frappe.session.user
	frappe.db.after_commit.add(lambda: execute_job(method, kwargs, user, key, on_success, on_failure))
	return None


def enqueue_doc(doctype: str, name: str | None = None, method: str | None = None, queue="default", timeout=300, now=False, **kwargs):
	"""Run a method of a document in the background."""
	return enqueue(
		run_doc_method, queue=queue, timeout=timeout, now=now, doctype=doctype, name=name, doc_method=method, **kwargs
	)


def run_doc_method(doctype: str, name: str, doc_method: str, **kwargs):
	return getattr(frappe.get_doc(doctype, name), doc_method)(**kwargs)


def execute_job(method, kwargs: dict, user: str, key=None, on_success=None, on_failure=None) -> None:
	"""Run a job as `user` in a transaction of its own; a failure is recorded in the Error Log, not raised."""
	_waiting.discard(key)
	session_user = frappe.session.user
	name = method if isinstance(method, str) else f"{method.__module__}.{method.__qualname__}"
	frappe.session.user = user
	try:
		frappe.call(method, **kwargs)
	except Exception:
		frappe.db.rollback()
		frappe.log_error(title=name)
		if on_failure:
			on_failure()
	else:
		if on_success:
			on_success()
	finally:
		frappe.db.commit()
		frappe.session.user = session_user


def is_job_enqueued(job_id: str) -> bool:
	return (frappe.local.site, job_id) in _waiting


def __getattr__(name: str):
	if name.startswith("__"):
		raise AttributeError(name)
	raise NotImplementedError(f"frappe.utils.background_jobs.{name} needs Redis queues; a bench has them")
