"""What the reports on the history of opportunities have in common."""

from collections import defaultdict

from frappe.query_builder.functions import Count, Sum
from frappe.utils import getdate
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
	first, last = period(filters, default_days)
	query = visible_opportunities(filters, *fields).join(change).on(change.opportunity == opportunity.name)
	return query.where(change.at[f"{first} 00:00:00" : f"{last} 23:59:59.999999"])


def days_added_up(query: QueryBuilder, group: Term, begin: Term, end: Term) -> dict[str, int]:
	"""Return by group the calendar days from one day to another of all that a query finds, added up.

	Databases count days in different ways; counts by day are added up in the same one everywhere.
	"""
	days: dict[str, int] = defaultdict(int)
	for day, sign in ((end, 1), (begin, -1)):
		for name, on, count in query.select(group, day, Count("*")).groupby(group, day).run():
			days[name or ""] += sign * getdate(on).toordinal() * count
	return days


def count_of(criterion: Criterion) -> Term:
	"""Return for how many of what a query finds a criterion holds, as a term."""
	return Sum(Case().when(criterion, 1).else_(0))
