"""Opportunities on which nothing has happened for longer than their stage allows.

Something happens when somebody speaks with the customer, a follow-up is done or the opportunity moves. Each opportunity says
when it last did, as the history has it. A new exchange rate is nothing that happens to it, and a paused one is meant to rest.
"""

from collections import defaultdict
from datetime import date, datetime

import frappe
from frappe.utils import get_datetime
from pypika import Table
from pypika.terms import Criterion

from crm_pipeline.rules import inactivity
from crm_pipeline.utils.bulk_sql import in_list

opportunity = Table("tabOpportunity")
ACTIVITY = ("last_change_on", "last_contacted_on", "last_response_on")


def limits() -> list[frappe._dict]:
	"""Return the stages that have a limit: `sales_process`, `sales_stage` and `rotting_days`."""
	return frappe.get_all(
		"Sales Process Stage",
		filters={"rotting_days": [">", 0], "parenttype": "Sales Process"},
		fields=["parent as sales_process", "sales_stage", "rotting_days"],
	)


def rotting_on(day: date) -> Criterion:
	"""Return the opportunities that rot on a day; the query must read from their table without an alias."""
	standing = [in_stages & _is_idle_since(moment) for in_stages, moment in _cutoffs(day)]
	if not standing:
		return opportunity.name.isnull()
	return opportunity.status.isin(sorted(inactivity.MAY_ROT)) & Criterion.any(standing)


def idle_since(names: list[str]) -> dict[str, datetime]:
	"""Return when something last happened to each of the opportunities, with one query."""
	query = frappe.qb.from_(opportunity).where(opportunity.name.isin(in_list(names)))
	rows = query.select(
		opportunity.name, opportunity.creation, *(opportunity[field] for field in ACTIVITY)
	).run()
	return {name: _latest(entered, moments) for name, entered, *moments in rows}


def _latest(entered: datetime, moments: list[datetime | None]) -> datetime:
	return max((get_datetime(moment) for moment in moments if moment), default=get_datetime(entered))


def _cutoffs(day: date) -> list[tuple[Criterion, str]]:
	"""Return which opportunities stand in stages of one limit, and since when nothing may have happened to them.

	As text: within a CASE, the moment would be written with a T, which SQLite does not keep.
	"""
	stages = defaultdict(list)
	for row in limits():
		if moment := inactivity.cutoff(day, row.rotting_days + 1):
			stages[row.sales_process, str(moment)].append(row.sales_stage)
	return [
		((opportunity.sales_process == process) & opportunity.sales_stage.isin(names), moment)
		for (process, moment), names in stages.items()
	]


def _is_idle_since(moment: str) -> Criterion:
	return Criterion.all(opportunity[field].isnull() | (opportunity[field] < moment) for field in ACTIVITY)
