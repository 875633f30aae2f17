"""What the reports on the history of opportunities have in common."""

from frappe.query_builder.functions import Sum
from pypika import Case
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.crm_pipeline.report.utils import period, visible_opportunities
from crm_pipeline.history.as_of import change, opportunity


def changes_in_period(filters: dict, default_days: int, *fields: str) -> QueryBuilder:
	"""Return a query on the changes, in the period asked for, of the opportunities that `visible_opportunities` has.

	Args:
		default_days: how many days up to today the period has unless it is asked for.

	Raises:
		FieldOutOfReach, ImpossibleDate, TeamUnknown
	"""
	query = visible_opportunities(filters, *fields).join(change).on(change.opportunity == opportunity.name)
	return query.where(in_period(change.at, filters, default_days))


def in_period(moment: Term, filters: dict, default_days: int) -> Criterion:
	"""Match moments from the first to the last day asked for, both of them whole.

	Args:
		default_days: how many days up to today the period has unless it is asked for.

	Raises:
		ImpossibleDate
	"""
	first, last = period(filters, default_days)
	return moment[f"{first} 00:00:00" : f"{last} 23:59:59.999999"]


def count_of(criterion: Criterion) -> Term:
	"""Return for how many of what a query finds a criterion holds, as a term."""
	return Sum(Case().when(criterion, 1).else_(0))
