"""The pipeline as it was at the end of any day, from the history of the opportunities that the user may see now.

Of a day only the last state counts. What is told of the past is what was known then: a rate that was corrected
later is the wrong one on the days before. Opportunities that were deleted took their history along.
"""

from datetime import date, timedelta

import frappe
from frappe.query_builder.functions import Coalesce
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import EmptyCriterion, Term

from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules.status import IN_PLAY
from crm_pipeline.utils.bulk_sql import rounded

opportunity, change = Table("tabOpportunity"), Table("tabPipeline Change")
state = change.as_("state")


def as_of(day: date) -> QueryBuilder:
	"""Return a query on the `state` at the end of a day, a Pipeline Change, of the opportunities that existed then.

	The number decides which is the last one, not the time: an opportunity may be dated to a later day than the changes that
	follow, which replace it before it begins.

	Raises:
		OpportunitiesSwitchedOff, frappe.PermissionError
	"""
	end = day + timedelta(days=1)
	lasted = state.replaced_at.isnull() | (state.replaced_at >= end)
	return of_visible(frappe.qb.from_(state), state).where((state.at < end) & lasted)


def in_play_on(day: date) -> QueryBuilder:
	"""Return a query on the opportunities that were in play at the end of a day, as `as_of` does."""
	return as_of(day).where(state.status.isin(sorted(IN_PLAY)))


def of_visible(query: QueryBuilder, changes: Table) -> QueryBuilder:
	"""Return a query on changes that is left with those of opportunities which the session's user may see.

	It is not joined to opportunities where the user may see them all: there is no history without its opportunity.

	Raises:
		OpportunitiesSwitchedOff, frappe.PermissionError
	"""
	criterion = visible("Opportunity")
	if isinstance(criterion, EmptyCriterion):
		return query
	return query.join(opportunity).on(opportunity.name == changes.opportunity).where(criterion)


def weighted(base_amount: Term, probability: Term, places: int) -> Term:
	"""Return an amount by its probability, rounded as `rules.money.weighted` does it.

	Args:
		probability: in percent.
		places: decimals of the base currency.
	"""
	return rounded(Coalesce(base_amount, 0) * Coalesce(probability, 0) / 100, places)
