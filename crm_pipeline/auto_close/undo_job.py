"""Undoing of a large batch while its user goes on with other things."""

from functools import partial

import frappe
from frappe import _

from crm_pipeline.auto_close.due import BATCH
from crm_pipeline.auto_close.lock import LOCK, exclusive_run
from crm_pipeline.auto_close.undo import refuse_under_way, to_undo, undo
from crm_pipeline.exceptions import BatchUnderWay
from crm_pipeline.utils.batches import INFRASTRUCTURE_ERRORS, with_retries
from crm_pipeline.utils.notifications import notify

PATIENCE = 600  # seconds that an undoing waits for its turn


def undo_later(batch: str) -> None:
	"""Undo a batch in the background; whoever asks for it sees how far it is, and is told of the end.

	Raises:
		BatchUnderWay: as with `undo`.
	"""
	with exclusive_run() as acquired:
		refuse_under_way(batch, acquired)
	frappe.enqueue(
		undo_and_notify,
		queue="long",
		enqueue_after_commit=True,
		job_id=f"{LOCK}|undo|{batch}",
		deduplicate=True,
		batch=batch,
	)


def undo_and_notify(batch: str) -> None:
	"""Undo a batch and notify the session's user what became of it, or that it is to be undone again."""
	shown = ProgressShown(batch, to_undo(batch))
	try:
		notification = partial(_undone, batch, undo(batch, shown.advance, PATIENCE))
	except (BatchUnderWay, *INFRASTRUCTURE_ERRORS):
		frappe.log_error(title=_("{0} is not undone to the end").format(batch))
		notification = partial(_not_undone, batch)
	user = frappe.session.user
	with_retries(lambda: notify(user, notification, at_once=True, document_type=BATCH, document_name=batch))


def _undone(batch: str, counts: dict[str, int]) -> str:
	return _("{0} was undone. As they were before: {1}, not restored: {2}.").format(
		batch, counts["undone"], counts["left"]
	)


def _not_undone(batch: str) -> str:
	return _("{0} is not undone to the end. Undo it again: it goes on where it stopped.").format(batch)


class ProgressShown:
	"""A bar in Desk, for whoever looks at the batch."""

	def __init__(self, batch: str, total: int) -> None:
		self.batch, self.total, self.done = batch, total, 0

	def advance(self, done: int) -> None:
		self.done += done
		frappe.publish_progress(
			100 * self.done / self.total, title=_("Bringing them back"), doctype=BATCH, docname=self.batch
		)
