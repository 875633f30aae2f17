"""Finding what breaks invariants, and repairing it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

import frappe
from frappe.query_builder.functions import Count
from pypika import Table

from crm_pipeline.checks.invariant import Invariant
from crm_pipeline.utils.batches import Progress, no_progress, run_in_batches
from crm_pipeline.utils.session import in_site_language


@dataclass(frozen=True)
class Finding:
	"""How many records break an invariant, and the first of their names."""

	invariant: Invariant
	count: int
	names: list[str]
	repaired: int = 0


def check(invariants: Iterable[Invariant], limit: int) -> list[Finding]:
	"""Return what is found of each invariant. Nothing is written.

	Args:
		limit: of names that are told of each.
	"""
	return [find(invariant, limit) for invariant in invariants]


def find(invariant: Invariant, limit: int) -> Finding:
	"""Return what breaks an invariant."""
	found = invariant.broken()
	if isinstance(found, list):
		return Finding(invariant, len(found), sorted(found)[:limit])
	each = found.distinct().as_("each")
	query = frappe.qb.from_(each).select(each.name).orderby(each.name).limit(max(limit, 1))
	names = [name for (name,) in query.run()]
	count = (
		frappe.qb.from_(each).select(Count("*")).run()[0][0] if len(names) >= max(limit, 1) else len(names)
	)
	return Finding(invariant, count, names[:limit])


def names_of(invariant: Invariant) -> set[str]:
	"""Return the names of all that breaks an invariant."""
	found = invariant.broken()
	return {*found} if isinstance(found, list) else {name for (name,) in found.run()}


@in_site_language()
def repair(invariant: Invariant, limit: int, progress: Progress = no_progress) -> Finding:
	"""Put right what breaks an invariant, a batch at a time, as far as that is certain; return what is left.

	Args:
		limit: of names that are told.
		progress: told how many records were just put right.

	Raises:
		frappe.QueryTimeoutError, frappe.QueryDeadlockError: somebody holds or changes what is needed.
	"""
	if not invariant.repair:
		return find(invariant, limit)
	before = find(invariant, 1).count
	if before:
		run_in_batches(partial(_due, invariant), partial(_put_right, invariant), progress=progress)
	left = find(invariant, limit)
	return replace(left, repaired=max(before - left.count, 0))


def _put_right(invariant: Invariant, names: list[str]) -> None:
	"""Repair those of some records that still need it, locked before."""
	still = _held(invariant, names)
	if invariant.repair and still:
		invariant.repair.act(still)


def _due(invariant: Invariant, after: str, limit: int) -> list[str]:
	found = invariant.repairable()
	if isinstance(found, list):
		return sorted(name for name in found if name > after)[:limit]
	table = Table(f"tab{invariant.doctype}")
	query = found.where(table.name > after).orderby(table.name).limit(limit)
	return [name for (name,) in query.run()]


def _held(invariant: Invariant, names: list[str]) -> list[str]:
	table = Table(f"tab{invariant.doctype}")
	found = invariant.repairable()
	if isinstance(found, list):
		return sorted({*found}.intersection(names))
	return [name for (name,) in found.where(table.name.isin(names)).for_update().run()]
