"""Bringing back what a batch closed, to exactly the state before, unless somebody touched it since."""

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import now_datetime
from pypika import Table

from crm_pipeline.auto_close.closing import SNAPSHOT_FIELDS, comment_on, count_results, touched
from crm_pipeline.auto_close.due import BATCH, CLOSED, LEFT, ROW, UNDONE, opportunity
from crm_pipeline.auto_close.lock import exclusive_run
from crm_pipeline.auto_close.notices import notify_of_undoing
from crm_pipeline.exceptions import BatchUnderWay
from crm_pipeline.follow_ups.calendar_bulk import restore_events
from crm_pipeline.history.changes import record_change_of_many
from crm_pipeline.rules import status
from crm_pipeline.utils.batches import Progress, no_progress, run_in_batches, with_retries
from crm_pipeline.utils.bulk_sql import Value, literal_list, update_where
from crm_pipeline.utils.session import in_site_language

row = Table(f"tab{ROW}")


def undo(batch: str, progress: Progress = no_progress, wait: float = 0) -> dict[str, int]:
	"""Undo a batch, a portion at a time; what is undone stays so if this is killed, and can be gone on with.

	Args:
		progress: told how many opportunities were just done with.
		wait: seconds for which to wait for the end of a run or another undoing.

	Returns: how many opportunities were brought back by now (`undone`), and how many were left (`left`), since
	somebody had touched them. The rows of the batch tell which.

	Raises:
		BatchUnderWay: the batch is not finished, or a run or another undoing is under way.
	"""
	with exclusive_run(wait) as acquired:
		refuse_under_way(batch, acquired)
		with in_site_language():
			run_in_batches(
				lambda after, limit: _closed_in(batch, after, limit),
				lambda names: _bring_back(batch, names),
				lambda name: _leave(batch, [name], _("An error kept it closed; see the Error Log")),
				progress,
			)
		return _finish(batch)


def to_undo(batch: str) -> int:
	"""Return how many opportunities of a batch are neither undone nor left."""
	return frappe.db.count(ROW, {"batch": batch, "result": CLOSED})


def refuse_under_way(batch: str, acquired: bool) -> None:
	"""Refuse a batch that is not finished, and any while another run is under way."""
	title = _("Batch Under Way")
	if not acquired:
		frappe.throw(
			_("Auto-close is running. Try again in a few minutes."),
			BatchUnderWay,
			title=title,
		)
	if frappe.db.get_value(BATCH, batch, "status") == "Running":
		frappe.throw(
			_("{0} is not finished. The next run finishes it; undo it after that.").format(batch),
			BatchUnderWay,
			title=title,
		)


def _closed_in(batch: str, after: str, limit: int) -> list[str]:
	return frappe.get_all(
		ROW,
		filters={"batch": batch, "result": CLOSED, "opportunity": [">", after]},
		order_by="opportunity",
		limit=limit,
		pluck="opportunity",
	)


def _bring_back(batch: str, names: list[str]) -> None:
	closed_at = _untouched(batch, names)
	intact, moment = sorted(closed_at), now_datetime()
	if intact:
		_restore(batch, intact, moment)
		record_change_of_many(literal_list(intact), "Status")
		comment_on(literal_list(intact), batch, UNDONE)
		_reopen_tasks(intact, set(closed_at.values()), moment)
		restore_events(intact)
		_mark(batch, intact, {"result": UNDONE, **touched(moment)})
		frappe.clear_document_cache("Opportunity")
	if changed := sorted(set(names).difference(intact)):
		_leave(batch, changed, _("Somebody touched it after it was closed"))


def _untouched(batch: str, names: list[str]) -> dict[str, datetime]:
	"""Return when each of the opportunities was closed that are still as the batch left them."""
	query = frappe.qb.from_(row).join(opportunity).on(opportunity.name == row.opportunity)
	query = query.where((row.batch == batch) & (row.result == CLOSED) & row.opportunity.isin(names))
	query = query.where(
		(opportunity.status == status.CLOSED)
		& (opportunity.auto_closed == 1)
		& (opportunity.modified == row.closed_at)
	)
	return dict(query.select(row.opportunity, row.closed_at).for_update().run())


def _restore(batch: str, names: list[str], moment: datetime) -> None:
	def before(kept: str) -> Value:
		query = frappe.qb.from_(row).select(row[kept])
		this = (row.batch == batch) & (row.opportunity == opportunity.name) & (row.result == CLOSED)
		return Value(query.where(this))

	values: dict[str, object] = {field: before(kept) for field, kept in SNAPSHOT_FIELDS.items()}
	values |= {"auto_closed": 0, "closed_on": None, "close_revenue_currency": None}
	update_where(opportunity, opportunity.name.isin(names), {**values, **touched(moment)})


def _reopen_tasks(names: list[str], moments: set[datetime], moment: datetime) -> None:
	"""Those that the batch closed, which its moments tell."""
	task = frappe.qb.DocType("ToDo")
	on_opportunities = (task.reference_type == "Opportunity") & task.reference_name.isin(names)
	by_batch = (task.status == "Closed") & task.modified.isin(sorted(moments))
	update_where(task, on_opportunities & by_batch, {"status": "Open", **touched(moment)})


def _leave(batch: str, names: list[str], why: str) -> None:
	_mark(batch, names, {"result": LEFT, "why": why, **touched(now_datetime())})


def _mark(batch: str, names: list[str], values: dict) -> None:
	update_where(row, (row.batch == batch) & row.opportunity.isin(names), values)


def _finish(batch: str) -> dict[str, int]:
	notify_of_undoing(batch)
	counts = count_results(batch)
	undone, left = counts.get(UNDONE, 0), counts.get(LEFT, 0)
	values = {"status": "Partly Undone" if left else "Undone", "undone": undone, "not_restored": left}
	with_retries(lambda: frappe.get_doc(BATCH, batch).db_set(values, notify=True))
	return {"undone": undone, "left": left}
