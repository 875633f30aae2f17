"""How nightly jobs go through many records: a portion at a time, each done as a whole or not at all.

A job that is killed leaves whole portions behind, and the next run takes up the rest.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

import frappe
from frappe import _
from pypika import Table
from pypika.terms import Criterion
from rq.timeouts import JobTimeoutException

from crm_pipeline.utils.bulk_sql import hold, names_after
from crm_pipeline.utils.locking import is_serialization_failure, undo_to

BATCH_SIZE = 1000  # records
ATTEMPTS = 3
PAUSE = 0.5  # seconds, longer with every try

Due = Callable[[str, int], list[str]]
Act = Callable[[list[str]], None]
OnSkip = Callable[[str], None]
Progress = Callable[[int], None]
LOCKED = (frappe.QueryTimeoutError, frappe.QueryDeadlockError)
INFRASTRUCTURE_ERRORS = (*LOCKED, JobTimeoutException)


def no_progress(done: int) -> None:
	"""Ignore the progress of a job that nobody looks at."""


def log_only(name: str) -> None:
	"""Leave what is skipped to the Error Log alone."""


def run_in_batches(
	due: Due,
	act: Act,
	on_skip: OnSkip = log_only,
	progress: Progress = no_progress,
	size: int | None = None,
) -> None:
	"""Do something to all records that are due.

	Args:
		due: names, at most so many, that sort after the given one.
		act: what is done to the records of these names, with a fixed number of statements. It is committed, or
			undone if it raises; then the portion is halved until the one record is found that cannot be done.
		on_skip: notes that record elsewhere than in the Error Log, where it is anyway. The others go on.
		progress: told how many records were just done with.
		size: of a portion, in records; 1,000 if left out.

	Raises:
		frappe.QueryTimeoutError, frappe.QueryDeadlockError: somebody holds or changes what is needed, still
			after some tries. What is done stays done.
		rq.timeouts.JobTimeoutException: the worker's time for the job is over. What is done stays done.
	"""
	after = ""
	while names := due(after, size or BATCH_SIZE):
		_do(names, act, on_skip)
		progress(len(names))
		after = names[-1]


def run_in_batches_where(
	table: Table, criterion: Criterion, act: Act, progress: Progress = no_progress
) -> None:
	"""Do something to all records of a table for which a criterion holds, locked and looked at again before.

	Args:
		act: what is done to the records of these names, with a fixed number of statements.
		progress: told how many records were just done with.

	Raises:
		frappe.QueryTimeoutError, frappe.QueryDeadlockError, rq.timeouts.JobTimeoutException: see `run_in_batches`.
	"""

	def act_on_what_is_left(names: list[str]) -> None:
		if still_due := hold(table, criterion, names):
			act(still_due)

	run_in_batches(
		lambda after, limit: names_after(table, criterion, after, limit),
		act_on_what_is_left,
		progress=progress,
	)


def one_by_one(names: Iterable[str], act: Callable[[str], None]) -> None:
	"""Do something with each of a few, committed by itself. One that fails or stays locked is logged, the others go on."""
	for name in names:
		try:
			with_retries(partial(act, name))
		except JobTimeoutException:
			raise
		except Exception:  # whatever is wrong with one must not stop the others
			_log(name)


@contextmanager
def atomic() -> Iterator[None]:
	"""Commit what the block writes, or nothing of it.

	Raises:
		frappe.QueryDeadlockError: somebody came first; another try may succeed.
	"""
	frappe.db.savepoint("job_portion")
	try:
		yield
	except Exception as error:
		_roll_back()
		if is_serialization_failure(error):
			raise frappe.QueryDeadlockError(error) from error
		raise
	_commit()


def _do(names: list[str], act: Act, on_skip: OnSkip) -> None:
	try:
		with_retries(lambda: act(names))
	except INFRASTRUCTURE_ERRORS:
		raise
	except Exception:  # whatever is wrong with one record must not stop the others
		if len(names) == 1:
			_log(names[0])
			with_retries(lambda: on_skip(names[0]))
			return
		middle = len(names) // 2
		_do(names[:middle], act, on_skip)
		_do(names[middle:], act, on_skip)


def with_retries(act: Callable[[], object]) -> None:
	"""Commit what `act` writes; while somebody holds what it needs, try again.

	Raises:
		frappe.QueryTimeoutError, frappe.QueryDeadlockError: still after some tries.
	"""
	for attempt in range(1, ATTEMPTS + 1):
		try:
			with atomic():
				act()
			return
		except LOCKED:
			if attempt == ATTEMPTS:
				raise
			time.sleep(PAUSE * attempt)


def _log(name: str) -> None:
	with atomic():
		frappe.log_error(title=_("{0} was skipped").format(name))


def _commit() -> None:
	"""Commit; tests keep what jobs do within their own transaction, as in Frappe's jobs."""
	if frappe.flags.in_test:
		frappe.db.release_savepoint("job_portion")
	else:
		# A batch is done for good before the next one begins.
		frappe.db.commit()  # nosemgrep: frappe-manual-commit


def _roll_back() -> None:
	if frappe.flags.in_test:
		undo_to("job_portion")
	else:
		frappe.db.rollback()
