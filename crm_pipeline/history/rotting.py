"""Opportunities on which nothing has happened for longer than their stage allows.

Something happens when somebody speaks with the customer, a follow-up is done or the opportunity moves; all but mails and
calls is in the history. A new exchange rate is nothing that happens to an opportunity, and a paused one is meant to rest.
"""

from collections import defaultdict
from datetime import date, datetime

import frappe
from frappe.query_builder.functions import Coalesce, Max
from frappe.utils import get_datetime
from pypika import Table
from pypika.terms import Criterion, Field

from crm_pipeline.rules import inactivity
from crm_pipeline.utils.bulk_sql import Exists, in_list

opportunity = Table("tabOpportunity")
IDLE = "Rate"  # the change that is no activity
CONTACTS = ("last_contacted_on", "last_response_on")


def limits() -> list[frappe._dict]:
	"""Return the stages that have a limit: `sales_process`, `sales_stage` and `rotting_days`."""
	return frappe.get_all(
		"Sales Process Stage",
		filters={"rotting_days": [">", 0], "parenttype": "Sales Process"},
		fields=["parent as sales_process", "sales_stage", "rotting_days"],
	)


def rotting_on(day: date) -> Criterion:
	"""Return the opportunities that rot on a day; the query must read from their table without an alias.

	Their history is looked at once, whatever the number of stages that have a limit.
	"""
	cutoffs = _cutoffs(day)
	if not cutoffs:
		return opportunity.name.isnull()
	change = frappe.qb.DocType("Pipeline Change")
	moved = frappe.qb.from_(change).select(change.name).where(change.opportunity == opportunity.name)
	moved = moved.where((change.change != IDLE) & _is_after(change.at, cutoffs))
	spoken = Criterion.any(
		opportunity[field].isnotnull() & _is_after(opportunity[field], cutoffs) for field in CONTACTS
	)
	limited = Criterion.any(standing for standing, _moment in cutoffs)
	return opportunity.status.isin(sorted(inactivity.MAY_ROT)) & limited & ~spoken & ~Exists(moved)


def idle_since(names: list[str]) -> dict[str, datetime]:
	"""Return when something last happened to each of the opportunities, with one query."""
	change = frappe.qb.DocType("Pipeline Change")
	query = (
		frappe.qb.from_(opportunity)
		.left_join(change)
		.on((change.opportunity == opportunity.name) & (change.change != IDLE))
	)
	query = query.where(opportunity.name.isin(in_list(names))).groupby(opportunity.name)
	query = query.select(
		opportunity.name,
		Max(Coalesce(change.at, opportunity.creation)),
		*(Max(opportunity[field]) for field in CONTACTS),
	)
	return {name: max(get_datetime(moment) for moment in moments if moment) for name, *moments in query.run()}


def _cutoffs(day: date) -> list[tuple[Criterion, datetime]]:
	"""Return which opportunities stand in stages of one limit, and since when nothing may have happened to them."""
	stages = defaultdict(list)
	for row in limits():
		if moment := inactivity.cutoff(day, row.rotting_days + 1):
			stages[row.sales_process, moment].append(row.sales_stage)
	return [
		((opportunity.sales_process == process) & opportunity.sales_stage.isin(names), moment)
		for (process, moment), names in stages.items()
	]


def _is_after(field: Field, cutoffs: list[tuple[Criterion, datetime]]) -> Criterion:
	"""Match what happened so late that its opportunity does not rot."""
	# As text: within a CASE, the moment would be written with a T, which SQLite does not keep.
	return Criterion.any(standing & (field >= str(moment)) for standing, moment in cutoffs)
