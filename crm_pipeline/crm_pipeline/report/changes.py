"""What the reports on the history of opportunities have in common."""

import frappe
from frappe.query_builder.functions import Min, Sum
from pypika import Case
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.crm_pipeline.report.utils import period, several, visible_opportunities
from crm_pipeline.history.as_of import change, of_visible, opportunity
from crm_pipeline.rules.aging import ENTRIES


def changes_in_period(filters: dict, default_days: int, *fields: str) -> QueryBuilder:
	"""Return a query on the changes, in the period asked for, of the opportunities that `visible_opportunities` has.

	Args:
		default_days: how many days up to today the period has unless it is asked for.

	Raises:
		FieldOutOfReach, ImpossibleDate, TeamUnknown
	"""
	query = visible_opportunities(filters, *fields).join(change).on(change.opportunity == opportunity.name)
	return query.where(in_period(change.at, filters, default_days))


def all_changes(filters: dict, *fields: str) -> QueryBuilder:
	"""Return a query on all changes of the opportunities that `visible_opportunities` has.

	It is not joined to opportunities where these are all that there are.

	Raises:
		FieldOutOfReach, TeamUnknown
	"""
	if any(several(filters.get(field)) for field in ("sales_team", *fields)):
		return visible_opportunities(filters, *fields).join(change).on(change.opportunity == opportunity.name)
	return of_visible(frappe.qb.from_(change), change)


def in_period(moment: Term, filters: dict, default_days: int) -> Criterion:
	"""Match moments from the first to the last day asked for, both of them whole.

	Args:
		default_days: how many days up to today the period has unless it is asked for.

	Raises:
		ImpossibleDate
	"""
	first, last = period(filters, default_days)
	return moment[f"{first} 00:00:00" : f"{last} 23:59:59.999999"]


def first_entries(filters: dict, default_days: int, process: str, stage: str) -> QueryBuilder:
	"""Return the query of the opportunities that entered a stage of a process in the period asked for, each once.

	It has their `name`, and the running `number` and moment (`at`) of the change by which they did first.
	"""
	query = frappe.qb.from_(change).where(
		change.change.isin(ENTRIES) & in_period(change.at, filters, default_days)
	)
	query = query.where((change.sales_process == process) & (change.sales_stage == stage))
	return query.groupby(change.opportunity).select(
		change.opportunity.as_("name"), Min(change.idx).as_("number"), Min(change.at).as_("at")
	)


def count_of(criterion: Criterion) -> Term:
	"""Return for how many of what a query finds a criterion holds, as a term."""
	return Sum(Case().when(criterion, 1).else_(0))
