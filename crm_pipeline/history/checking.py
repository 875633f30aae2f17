"""Whether the history of each opportunity adds up to what the opportunity is now.

What reports tell of past days follows from the history alone, so what does not add up is logged, every night
until somebody has seen to it.
"""

from collections.abc import Callable

import frappe
from frappe import _
from frappe.query_builder.functions import Abs, Cast_, Coalesce, Count, Max, Min
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.history.as_of import change, opportunity
from crm_pipeline.history.changes import NUMBERS, STATE_FIELDS
from crm_pipeline.utils.bulk_sql import Value

EXAMPLES = 20  # opportunities that are named
SMALLEST = 0.000001  # by which numbers differ; the databases keep nine decimals
# Changes whose former value is written as the state before it has it: names of records may change afterwards.
AS_WRITTEN = {"Status": "status", "Expected Closing": "expected_closing"}


def log_what_does_not_add_up() -> list[str]:
	"""Write one entry of the Error Log about the opportunities whose history does not add up, if there are any.

	Returns: the names of the first of them.
	"""
	found = {kind: names for kind, find in CHECKS.items() if (names := find())}
	if found:
		frappe.log_error(title=_("The history of opportunities does not add up"), message=_message(found))
	return sorted({name for names in found.values() for name in names})


def differing() -> list[str]:
	"""Return the opportunities whose last recorded state is another one than theirs, or that have none."""
	last = change.as_("last")
	newest = frappe.qb.from_(change).select(Max(change.idx)).where(change.opportunity == opportunity.name)
	unlike = Criterion.any(_differs(opportunity[field], last[field], field) for field in STATE_FIELDS)
	query = (
		frappe.qb.from_(opportunity)
		.left_join(last)
		.on((last.opportunity == opportunity.name) & (last.idx == Value(newest)))
		.where(last.idx.isnull() | unlike)
	)
	return _names(query, opportunity.name)


def misnumbered() -> list[str]:
	"""Return the opportunities whose changes are not numbered 1, 2, 3 and so on, each number once."""
	number = change.idx
	query = frappe.qb.from_(change).groupby(change.opportunity)
	different = Count(number).distinct()
	query = query.having((Min(number) != 1) | (Max(number) != different) | (different != Count("*")))
	return _names(query, change.opportunity)


def unchained() -> list[str]:
	"""Return the opportunities in whose history a change starts from another value than the one before has left."""
	former = change.as_("former")
	# What is written at once tells each the whole state after it, so that among them the former one has it already.
	broken = Criterion.any(
		(change.change == kind)
		& (_as_text(former[field]) != Coalesce(change.old_value, ""))
		& (_as_text(former[field]) != _as_text(change[field]))
		for kind, field in AS_WRITTEN.items()
	)
	query = (
		frappe.qb.from_(change)
		.join(former)
		.on((former.opportunity == change.opportunity) & (former.idx == change.idx - 1))
		.where(broken)
	)
	return _names(query.distinct(), change.opportunity)


CHECKS: dict[str, Callable[[], list[str]]] = {
	"differing": differing,
	"misnumbered": misnumbered,
	"unchained": unchained,
}


def _differs(now: Term, recorded: Term, field: str) -> Criterion:
	if field in NUMBERS:
		return Abs(Coalesce(now, 0) - Coalesce(recorded, 0)) > SMALLEST
	return _as_text(now) != _as_text(recorded)


def _as_text(value: Term) -> Term:
	return Coalesce(Cast_(value, "varchar"), "")


def _names(query: QueryBuilder, name: Term) -> list[str]:
	"""Return the first names that a query finds, one more than are told."""
	return [found for (found,) in query.select(name).orderby(name).limit(EXAMPLES + 1).run()]


def _message(found: dict[str, list[str]]) -> str:
	labels = {
		"differing": _("The last change recorded of these opportunities says something else than they do:"),
		"misnumbered": _("Changes of these opportunities are missing, or recorded twice:"),
		"unchained": _(
			"A change of these opportunities starts from another value than the one before has left:"
		),
	}
	return "\n\n".join(f"{labels[kind]}\n{_told(names)}" for kind, names in found.items())


def _told(names: list[str]) -> str:
	told = ", ".join(names[:EXAMPLES])
	return told if len(names) <= EXAMPLES else _("{0} and others").format(told)
