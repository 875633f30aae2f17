"""What holds of every stored opportunity, whatever happened to it: the invariants of the site, asked of some records."""

import frappe

from crm_pipeline.checks.invariant import Invariant
from crm_pipeline.checks.registry import INVARIANTS
from crm_pipeline.utils.bulk_sql import in_list


def contradictions(name: str) -> list[str]:
	"""Return the names of the invariants that a stored opportunity, or its history, breaks."""
	return contradictions_of([name]).get(name, [])


def contradictions_of(names: list[str], doctype: str = "Opportunity") -> dict[str, list[str]]:
	"""Return the names of the invariants that records break, by record; of those that break none nothing."""
	found: dict[str, list[str]] = {}
	for invariant in INVARIANTS.values():
		if invariant.doctype == doctype:
			for name in broken_by(invariant, names):
				found.setdefault(name, []).append(invariant.name)
	return found


def broken_by(invariant: Invariant, names: list[str]) -> list[str]:
	"""Return those of some records that break an invariant."""
	found = invariant.broken()
	if isinstance(found, list):
		return sorted({*found}.intersection(names))
	each = found.distinct().as_("each")
	query = frappe.qb.from_(each).select(each.name).where(each.name.isin(in_list(names)))
	return [name for (name,) in query.orderby(each.name).run()]
