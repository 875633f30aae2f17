"""Closing what is due. Every batch is one transaction with a fixed number of statements."""

from datetime import datetime

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import getdate, now_datetime, today
from pypika.terms import Criterion, Term

from crm_pipeline.auto_close import notices
from crm_pipeline.auto_close.due import (
	BATCH,
	CLOSED,
	ROW,
	SKIPPED,
	UNDONE,
	due_on,
	inactive_since,
	is_broken,
	opportunity,
	settings,
	what_is_broken,
)
from crm_pipeline.follow_ups.calendar_bulk import remove_events
from crm_pipeline.history.changes import record_change_of_many
from crm_pipeline.rules import response, status
from crm_pipeline.utils.batches import Progress, no_progress, run_in_batches, with_retries
from crm_pipeline.utils.bulk_sql import (
	PLACEHOLDER,
	escaped,
	fill,
	hold,
	insert_from,
	literal_list,
	names_after,
	update_where,
)
from crm_pipeline.utils.local_texts import local_date

# What undoing brings back: the field of the opportunity, and of the row that keeps it.
SNAPSHOT_FIELDS = {
	"status": "status_before",
	"own_status": "own_status_before",
	"status_since": "status_since_before",
	"waiting_for": "waiting_for_before",
	"waiting_since": "waiting_since_before",
	"_assign": "assigned_before",
	"next_contact_date": "next_contact_before",
}


def close_what_is_due(progress: Progress = no_progress) -> list[str]:
	"""Close what is due today, in the batch that a killed run of today left behind or a new one, and finish it.

	Args:
		progress: told how many opportunities were just done with.

	Returns: the names of the batches that were finished.

	Raises:
		frappe.QueryTimeoutError, frappe.QueryDeadlockError: the database was busy for long; the next run goes on.
	"""
	left_behind = frappe.get_all(BATCH, {"status": "Running"}, ["name", "day"], order_by="creation")
	of_today = [batch.name for batch in left_behind if getdate(batch.day) == getdate(today())]
	batches = [batch.name for batch in left_behind]
	criterion = due_on(getdate(today()))
	if criterion is not None:
		run = Run(criterion, of_today[-1] if of_today else None)
		run_in_batches(run.due, run.close, run.on_skip, progress)
		batches += [run.batch] if run.batch and run.batch not in batches else []
	for batch in batches:
		finish(batch)
	return batches


class Run:
	"""One run; its batch comes into being with the first of them, so that a run with nothing to do leaves no trace."""

	def __init__(self, criterion: Criterion, batch: str | None = None) -> None:
		self.criterion = criterion
		self.batch = batch

	def due(self, after: str, limit: int) -> list[str]:
		return names_after(opportunity, self.criterion, after, limit)

	def close(self, names: list[str]) -> None:
		"""Close those of the opportunities that are still due, and note those that are broken."""
		still_due = hold(opportunity, self.criterion, names)
		if not still_due:
			return
		batch, moment = self.batch or make_batch(), now_datetime()
		held = literal_list(still_due)
		snapshot(batch, opportunity.name.isin(held) & is_broken(), moment, SKIPPED, what_is_broken())
		if sound := sorted(set(still_due).difference(names_with_result(batch, held, SKIPPED))):
			closed = literal_list(sound)
			snapshot(batch, opportunity.name.isin(closed), moment, CLOSED, reason())
			close_opportunities(closed, moment)
			record_change_of_many(closed, "Status")
			comment_on(closed, batch, CLOSED)
			close_tasks(closed, moment)
			remove_missed_follow_ups(closed)
			frappe.clear_document_cache("Opportunity")
		self.batch = batch

	def on_skip(self, name: str) -> None:
		"""Note an opportunity that the database would not let us close."""
		batch = self.batch or make_batch()
		why = _("It could not be closed; the Error Log says why")
		note = {"doctype": ROW, "batch": batch, "opportunity": name, "result": SKIPPED, "why": why}
		frappe.get_doc(note).insert(ignore_permissions=True)  # the job's own record
		self.batch = batch


def snapshot(batch: str, which: Criterion, moment: datetime, result: str, why: Term) -> None:
	"""Write down how opportunities are now, and what a batch does with them."""
	insert_from(
		ROW,
		{
			"creation": moment,
			"modified": moment,
			"batch": batch,
			"opportunity": opportunity.name,
			"opportunity_owner": opportunity.opportunity_owner,
			"result": result,
			"why": why,
			"inactive_since": inactive_since(),
			"closed_at": moment,
			**{kept: opportunity[field] for field, kept in SNAPSHOT_FIELDS.items()},
		},
		opportunity.name,
		lambda query: query.from_(opportunity).where(which),
	)


def names_with_result(batch: str, opportunities: Term, result: str) -> list[str]:
	"""Return the names of those of the opportunities with which a batch did something."""
	row = frappe.qb.DocType(ROW)
	query = frappe.qb.from_(row).where((row.batch == batch) & row.opportunity.isin(opportunities))
	return [name for (name,) in query.where(row.result == result).select(row.opportunity).run()]


def make_batch() -> str:
	"""Make a batch that is under way; return its name."""
	batch = frappe.get_doc(
		{
			"doctype": BATCH,
			"status": "Running",
			"day": today(),
			"after_days": settings().auto_close_days(),
			"started_on": now_datetime(),
		}
	)
	return batch.insert(ignore_permissions=True).name  # the job's own record


def finish(batch: str) -> None:
	"""Tell the owners of what a batch closed, count what became of it, and say that it is done."""
	notices.notify_of_closing(batch)
	counts = count_results(batch)
	values = {
		"status": "Done",
		"finished_on": now_datetime(),
		"closed": counts.get(CLOSED, 0),
		"skipped": counts.get(SKIPPED, 0),
	}
	running = {"name": batch, "status": "Running"}
	with_retries(lambda: frappe.db.set_value(BATCH, running, values))


def count_results(batch: str) -> dict[str, int]:
	"""Return how many opportunities of a batch there are by result."""
	row = frappe.qb.DocType(ROW)
	query = frappe.qb.from_(row).where(row.batch == batch).groupby(row.result)
	return dict(query.select(row.result, Count(row.name)).run())


def reason() -> Term:
	"""Return why an opportunity is closed, in words."""
	words = _("No contact since {0}; the limit is {1} days").format(PLACEHOLDER, settings().auto_close_days())
	return fill(words, local_date(inactive_since()))


def close_opportunities(opportunities: Term, moment: datetime) -> None:
	"""Set what closing sets; rate and base amounts stay as they are, which freezes them."""
	values = {
		"status": status.CLOSED,
		"own_status": status.CLOSED,
		"status_since": moment,
		"auto_closed": 1,
		"auto_close_warned_on": None,
		"closed_on": getdate(moment),
		"close_revenue": 0,
		"base_close_revenue": 0,
		"close_revenue_currency": opportunity.currency,
		"waiting_for": response.NOBODY,
		"waiting_since": None,
		"next_contact_date": None,
		"_assign": None,
		"modified": moment,
		"modified_by": frappe.session.user,
	}
	update_where(opportunity, opportunity.name.isin(opportunities), values)


def comment_on(opportunities: Term, batch: str, result: str) -> None:
	"""Say on the timeline of each opportunity what the batch did with it."""
	row = frappe.qb.DocType(ROW)
	words = {
		CLOSED: _("closed this automatically. {0}.").format(PLACEHOLDER),
		UNDONE: _("undid the automatic closing."),
	}
	insert_from(
		"Comment",
		{
			"comment_type": "Info",
			"comment_email": frappe.session.user,
			"comment_by": frappe.utils.get_fullname(),
			"reference_doctype": "Opportunity",
			"reference_name": row.opportunity,
			"content": fill(words[result], escaped(row.why)),
		},
		row.opportunity,
		lambda query: query.from_(row).where((row.batch == batch) & row.opportunity.isin(opportunities)),
	)


def close_tasks(opportunities: Term, moment: datetime) -> None:
	"""Close the tasks of whoever was assigned: nothing is to do any more."""
	task = frappe.qb.DocType("ToDo")
	open_ones = (task.reference_type == "Opportunity") & (task.status == "Open")
	query = frappe.qb.from_(task).select(task.name).where(open_ones & task.reference_name.isin(opportunities))
	if names := [row[0] for row in query.run()]:
		update_where(task, task.name.isin(names), {"status": "Closed", **touched(moment)})


def remove_missed_follow_ups(opportunities: Term) -> None:
	"""Remove the calendar entry of a next contact that was missed, as with any opportunity that ends."""
	query = frappe.qb.from_(opportunity).select(opportunity.name).where(opportunity.name.isin(opportunities))
	if names := [row[0] for row in query.where(opportunity.follow_up_event.isnotnull()).run()]:
		remove_events(names)


def touched(moment: datetime) -> dict:
	"""Return what says when and by whom a record was last changed."""
	return {"modified": moment, "modified_by": frappe.session.user}
