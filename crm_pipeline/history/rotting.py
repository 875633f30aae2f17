"""Opportunities on which nothing has happened for longer than their stage allows.

Something happens when somebody speaks with the customer, a follow-up is done or the opportunity moves. Each opportunity says
when it last did, as the history has it. A new exchange rate, or a new probability of its stage, is nothing that happens to it, and a paused one is meant to rest.
"""

from collections import defaultdict
from datetime import date, datetime

import frappe
from frappe.utils import get_datetime
from pypika import Table
from pypika.terms import Criterion, Term

from crm_pipeline.rules import inactivity
from crm_pipeline.utils.bulk_sql import in_list

opportunity = Table("tabOpportunity")
ACTIVITY = ("last_change_on", "last_contacted_on", "last_response_on")


def limits() -> list[frappe._dict]:
	"""Return the stages that have a limit: `sales_process`, `sales_stage` and `rotting_days`."""
	stage = Table("tabSales Process Stage")
	query = frappe.qb.from_(stage).where((stage.rotting_days > 0) & (stage.parenttype == "Sales Process"))
	return query.select(stage.parent.as_("sales_process"), stage.sales_stage, stage.rotting_days).run(
		as_dict=True
	)


def rotting_on(day: date) -> Criterion:
	"""Return the opportunities that rot on a day; the query must read from their table without an alias."""
	return opportunity.status.isin(sorted(inactivity.MAY_ROT)) & idle_too_long(day)


def idle_too_long(day: date, process: str | None = None) -> Criterion:
	"""Match those to which nothing has happened for longer than their stage allows, whatever their status.

	Args:
		process: the one in which all stand that the query reads, where it reads those of one.
	"""
	cutoffs = _cutoffs(day, process)
	if not cutoffs:
		return opportunity.name.isnull()
	limits_of = {
		name: Criterion.any(
			opportunity.sales_stage.isin(stages) & _is_idle_since(moment) for moment, stages in found
		)
		for name, found in cutoffs.items()
	}
	if process:
		too_long = limits_of[process]
	else:
		too_long = Criterion.any(
			(opportunity.sales_process == name) & each for name, each in limits_of.items()
		)
	# What moved of late is told at once, before its stage is looked for.
	return _is_idle_since(max(moment for found in cutoffs.values() for moment, _stages in found)) & too_long


def idle_since(names: list[str]) -> dict[str, datetime]:
	"""Return when something last happened to each of the opportunities, with one query."""
	query = frappe.qb.from_(opportunity).where(opportunity.name.isin(in_list(names)))
	rows = query.select(opportunity.name, *moments()).run()
	return {name: last_of(*found) for name, *found in rows}


def moments() -> list[Term]:
	"""Return what a query on opportunities selects for `last_of`."""
	return [opportunity.creation, *(opportunity[field] for field in ACTIVITY)]


def last_of(entered: datetime, *activity: datetime | None) -> datetime:
	"""Return when something last happened to an opportunity, of what `moments` selects; when it was entered if nothing did."""
	return get_datetime(max((moment for moment in activity if moment), default=entered))


def _cutoffs(day: date, process: str | None) -> dict[str, list[tuple[str, list[str]]]]:
	"""Return by process since when nothing may have happened in which stages; of one process, or of all.

	As text: within a CASE, the moment would be written with a T, which SQLite does not keep.
	"""
	stages: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
	for row in limits():
		moment = inactivity.cutoff(day, row.rotting_days + 1)
		if moment and process in (None, row.sales_process):
			stages[row.sales_process][str(moment)].append(row.sales_stage)
	return {name: list(by_moment.items()) for name, by_moment in stages.items()}


def _is_idle_since(moment: str) -> Criterion:
	return Criterion.all(opportunity[field].isnull() | (opportunity[field] < moment) for field in ACTIVITY)
