"""What jobs keep to go on with, or to be undone by: batches of auto-close, mails that wait, moves of the pipeline page."""

import frappe
from frappe.query_builder.functions import Coalesce, Count, Max, Min
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Term

from crm_pipeline.auto_close.due import BATCH, CLOSED, LEFT, ROW, SKIPPED, UNDONE
from crm_pipeline.checks.correcting import correct
from crm_pipeline.checks.invariant import MINOR, SERIOUS, Invariant, Repair
from crm_pipeline.checks.terms import is_empty, leads_nowhere, names
from crm_pipeline.mail.intake_log import JUDGE, LOG, PART, SAVE, TAKE_IN, WAITING
from crm_pipeline.utils.bulk_sql import Exists, Value, union_of

batch, row = Table(f"tab{BATCH}"), Table(f"tab{ROW}")
log, part = Table(f"tab{LOG}"), Table(f"tab{PART}")
RUNNING, DONE, UNDONE_WHOLLY, UNDONE_PARTLY = "Running", "Done", "Undone", "Partly Undone"
COUNTED = {
	"closed": (CLOSED, UNDONE, LEFT),
	"skipped": (SKIPPED,),
	"undone": (UNDONE,),
	"not_restored": (LEFT,),
}


def rows_without_batch() -> QueryBuilder:
	return names(row).where(is_empty(row.batch) | leads_nowhere(row.batch, BATCH))


def rows_without_opportunity() -> QueryBuilder:
	return names(row).where(is_empty(row.opportunity) | leads_nowhere(row.opportunity, "Opportunity"))


def closed_twice() -> QueryBuilder:
	"""Return the batches that have an opportunity twice, of which undoing would not know which one to go by."""
	twice = frappe.qb.from_(row).groupby(row.batch, row.opportunity).having(Count("*") > 1).select(row.batch)
	return names(batch).where(batch.name.isin(twice))


def miscounted() -> QueryBuilder:
	"""Return the finished batches that say fewer opportunities than they have; some may have been deleted since."""
	done = batch.status != RUNNING
	fewer = Coalesce(batch.closed, 0) < _counted(*COUNTED["closed"])
	for field in ("skipped", "undone", "not_restored"):
		counts = Coalesce(batch[field], 0) < _counted(*COUNTED[field])
		fewer |= counts if field == "skipped" else (batch.status != DONE) & counts
	return names(batch).where(done & fewer)


def _counted(*results: str) -> Term:
	query = frappe.qb.from_(row).select(Count("*"))
	return Value(query.where((row.batch == batch.name) & row.result.isin(results)))


def counts() -> dict[str, Term]:
	return {field: _counted(*results) for field, results in COUNTED.items()}


def undone_in_part() -> QueryBuilder:
	"""Return the batches that are said to be undone, though there is more to undo."""
	left = frappe.qb.from_(row).select(row.name).where((row.batch == batch.name) & (row.result == CLOSED))
	return names(batch).where(batch.status.isin([UNDONE_WHOLLY, UNDONE_PARTLY]) & Exists(left))


def waits_for_nothing() -> QueryBuilder:
	"""Return the entries of mails that no job knows what to do with."""
	nothing = Coalesce(log.to_do, "").notin([TAKE_IN, JUDGE, SAVE])
	mail_gone = log.to_do.isin([JUDGE, SAVE]) & (
		is_empty(log.communication) | leads_nowhere(log.communication, "Communication")
	)
	no_message = (log.to_do == TAKE_IN) & is_empty(log.message)
	return names(log).where((log.result == WAITING) & (nothing | mail_gone | no_message))


def message_in_pieces() -> QueryBuilder:
	"""Return the entries of mails of whose message a part is missing or there twice, and the parts of no entry."""
	gaps = frappe.qb.from_(part).groupby(part.entry).select(part.entry.as_("name"))
	gaps = gaps.having((Min(part.part) != 2) | (Max(part.part) != Count("*") + 1))
	lost = frappe.qb.from_(part).select(part.entry).where(leads_nowhere(part.entry, LOG))
	return union_of(gaps, lost)


INVARIANTS = (
	Invariant(
		"closed-in-batch",
		ROW,
		"What auto-close did with an opportunity stands in a batch that is there.",
		MINOR,
		"The batch was removed past Frappe: restore it from a backup. Without it nothing can be undone.",
		rows_without_batch,
	),
	Invariant(
		"closed-is-there",
		ROW,
		"What auto-close closed or skipped is an opportunity that is there.",
		MINOR,
		"The opportunity was removed past Frappe: restore it from a backup.",
		rows_without_opportunity,
	),
	Invariant(
		"closed-once",
		BATCH,
		"A batch of auto-close has each opportunity once.",
		SERIOUS,
		"Do not undo it before a row that is there twice is gone.",
		closed_twice,
	),
	Invariant(
		"batch-counts",
		BATCH,
		"A finished batch of auto-close counts at least the opportunities that it has by result.",
		MINOR,
		"Repaired by counting.",
		miscounted,
		Repair(correct(BATCH, counts)),
	),
	Invariant(
		"batch-undone",
		BATCH,
		"Of a batch that is undone nothing is left to undo.",
		SERIOUS,
		"Undo it once more: `bench --site NAME crm-pipeline undo-auto-close BATCH`.",
		undone_in_part,
	),
	Invariant(
		"mail-to-do",
		LOG,
		"A mail that waits says what is to be done with it, and is there.",
		SERIOUS,
		"No job can go on with it: look at the entry, and ask the sender where the mail is gone.",
		waits_for_nothing,
	),
	Invariant(
		"mail-in-parts",
		LOG,
		"The parts of a long message are all there, each once, and belong to an entry.",
		SERIOUS,
		"A part is lost: ask the sender for the mail, or look into a backup.",
		message_in_pieces,
	),
)
