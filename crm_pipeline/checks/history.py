"""The history of each opportunity adds up to what the opportunity is now."""

import frappe
from frappe import _
from frappe.query_builder.functions import Abs, Coalesce, Count, Max, Min
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.checks.correcting import comment_row
from crm_pipeline.checks.invariant import SERIOUS, Invariant, Repair
from crm_pipeline.checks.terms import SMALLEST, as_text, names, opportunity
from crm_pipeline.history.as_of import change
from crm_pipeline.history.changes import NUMBERS, STATE_FIELDS, last_recorded
from crm_pipeline.history.spans import date_spans, misdated
from crm_pipeline.utils.bulk_sql import Value, bulk_insert, has_any

# Changes whose values are written as the states have them: names of records may change afterwards.
AS_WRITTEN = {"Status": "status", "Expected Closing": "expected_closing"}
BY_HAND = "Look at its history and decide which is right; saving records what the opportunity says now."


def differing() -> QueryBuilder:
	"""Return the opportunities whose last recorded state is another one than theirs, or that have none."""
	last = change.as_("last")
	newest = frappe.qb.from_(change).select(Max(change.idx)).where(change.opportunity == opportunity.name)
	# One index has all but the stage, another has that: so no change is looked up itself.
	recorded = {field: last[field] for field in STATE_FIELDS} | {"sales_stage": last_recorded("sales_stage")}
	different = Criterion.any(_differs(opportunity[field], value, field) for field, value in recorded.items())
	return (
		names(opportunity)
		.left_join(last)
		.on((last.opportunity == opportunity.name) & (last.idx == Value(newest)))
		.where(last.idx.isnull() | different)
	)


def misnumbered() -> QueryBuilder:
	"""Return the opportunities whose changes are not numbered 1, 2, 3 and so on, each number once."""
	number = change.idx
	query = _opportunities().groupby(change.opportunity)
	different = Count(number).distinct()
	return query.having((Min(number) != 1) | (Max(number) != different) | (different != Count("*")))


def unchained() -> QueryBuilder:
	"""Return the opportunities with a change that starts from another value than the one before has left, or ends with another.

	One statement for both, since each reads all changes.
	"""
	former = change.as_("former")
	return (
		_opportunities()
		.left_join(former)
		.on((former.opportunity == change.opportunity) & (former.idx == change.idx - 1))
		.where(change.change.isin([*AS_WRITTEN]))
		.where(Criterion.any(_is_broken(former, kind, field) for kind, field in AS_WRITTEN.items()))
	)


def _is_broken(former: Table, kind: str, field: str) -> Criterion:
	began, left, ended = as_text(former[field]), Coalesce(change.old_value, ""), as_text(change[field])
	# What is written at once tells each the whole state after it, so that among them the former one has it already.
	starts_elsewhere = former.idx.isnotnull() & (began != left) & (began != ended)
	return (change.change == kind) & (starts_elsewhere | (Coalesce(change.new_value, "") != ended))


def uncreated() -> QueryBuilder:
	"""Return the opportunities whose history does not begin with their coming in, or has that twice."""
	came_in = change.change == "Created"
	return _opportunities().where((came_in & (change.idx != 1)) | (~came_in & (change.idx == 1)))


def ownerless() -> QueryBuilder:
	"""Return the names that changes have of opportunities which are not there."""
	each = _opportunities().groupby(change.opportunity).as_("each")
	there = frappe.qb.from_(opportunity).select(opportunity.name).where(opportunity.name == each.name)
	return frappe.qb.from_(each).select(each.name).where(~has_any(there))


def with_wrong_spans() -> QueryBuilder:
	"""Return the opportunities with a change that held until another moment than those after it say."""
	return names(opportunity).where(opportunity.name.isin(misdated()))


def with_certain_spans() -> QueryBuilder:
	"""Return those of which no change is missing."""
	numbered_wrongly = frappe.qb.from_(misnumbered().as_("misnumbered")).select("name")
	return with_wrong_spans().where(opportunity.name.notin(numbered_wrongly))


def correct_spans(opportunities: list[str]) -> None:
	date_spans(change.opportunity.isin(opportunities))
	told = _("Until when its changes held.")
	bulk_insert("Comment", (comment_row("Opportunity", name, told) for name in opportunities))


def _opportunities() -> QueryBuilder:
	return frappe.qb.from_(change).select(change.opportunity.as_("name"))


def _differs(now: Term, recorded: Term, field: str) -> Criterion:
	if field in NUMBERS:
		return Abs(Coalesce(now, 0) - Coalesce(recorded, 0)) > SMALLEST
	return as_text(now) != as_text(recorded)


INVARIANTS = (
	Invariant(
		"history-last-state",
		"Opportunity",
		"The last change recorded of an opportunity says what the opportunity does.",
		SERIOUS,
		BY_HAND,
		differing,
	),
	Invariant(
		"history-numbered",
		"Opportunity",
		"The changes of an opportunity are numbered without gaps, each number once.",
		SERIOUS,
		"Changes are missing, or recorded twice: look into a backup.",
		misnumbered,
	),
	Invariant(
		"history-chained",
		"Opportunity",
		"A change of status or expected closing starts from what the one before has left, and its state says what it does.",
		SERIOUS,
		"A change is missing, or was edited: look into a backup.",
		unchained,
	),
	Invariant(
		"history-begins",
		"Opportunity",
		"A history begins with the opportunity coming in, and has that once.",
		SERIOUS,
		"The beginning is missing, or was edited: look into a backup.",
		uncreated,
	),
	Invariant(
		"history-of-something",
		"Opportunity",
		"Every change is one of an opportunity that is there.",
		SERIOUS,
		"The opportunity was removed past Frappe: restore it from a backup. Until then some reports count it for who sees all.",
		ownerless,
	),
	Invariant(
		"history-spans",
		"Opportunity",
		"A change says until when it held, as those after it have it.",
		SERIOUS,
		"Repaired from the later changes where none is missing; else see `history-numbered` first.",
		with_wrong_spans,
		Repair(correct_spans, with_certain_spans),
	),
)
