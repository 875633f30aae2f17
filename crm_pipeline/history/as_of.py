"""The pipeline as it was at the end of any day, from the history of the opportunities that the user may see now.

Of a day only the last state counts. What is told of the past is what was known then: a rate that was corrected
later is the wrong one on the days before. Opportunities that were deleted took their history along.
"""

from datetime import date, timedelta

import frappe
from frappe.query_builder.functions import Coalesce
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules.status import IN_PLAY
from crm_pipeline.utils.bulk_sql import Value, rounded, union_of

opportunity, change = Table("tabOpportunity"), Table("tabPipeline Change")
state = change.as_("state")


def as_of(day: date) -> QueryBuilder:
	"""Return a query on the opportunities that existed at the end of a day, joined to their `state` then.

	Select and narrow it by the fields of `state`, a Pipeline Change, and by those that an `opportunity` has now.

	Raises:
		OpportunitiesSwitchedOff, frappe.PermissionError
	"""
	query = frappe.qb.from_(opportunity).join(state).on(_is_state(opportunity.name, day))
	return query.where(visible("Opportunity"))


def in_play_on(day: date) -> QueryBuilder:
	"""Return a query on the opportunities that were in play at the end of a day, as `as_of` does.

	What is over now and has not changed since was over then: the query begins with the others.
	"""
	is_now = (
		frappe.qb.from_(opportunity).select(opportunity.name).where(opportunity.status.isin(sorted(IN_PLAY)))
	)
	changed = frappe.qb.from_(change).select(change.opportunity.as_("name"))
	may_have_been = union_of(is_now, changed.where(change.at >= day + timedelta(days=1))).as_("may_have_been")
	query = frappe.qb.from_(may_have_been).join(state).on(_is_state(may_have_been.name, day))
	query = query.join(opportunity).on(opportunity.name == may_have_been.name)
	return query.where(visible("Opportunity")).where(state.status.isin(sorted(IN_PLAY)))


def _is_state(name: Term, day: date) -> Criterion:
	"""Match the last change of an opportunity before the end of a day."""
	return (state.opportunity == name) & (state.idx == last_before(name, day + timedelta(days=1)))


def last_before(name: Term, moment: date | Term) -> Value:
	"""Return the running number of the last change of an opportunity before midnight of a day, as a term.

	The number decides, not the time: an opportunity may be dated to a later day than the changes that follow.
	"""
	earlier = change.as_("earlier")
	query = frappe.qb.from_(earlier).select(earlier.idx)
	query = query.where((earlier.opportunity == name) & (earlier.at < moment))
	return Value(query.orderby(earlier.idx, order=frappe.qb.desc).limit(1))


def weighted(base_amount: Term, probability: Term, places: int) -> Term:
	"""Return an amount by its probability, rounded as `rules.money.weighted` does it.

	Args:
		probability: in percent.
		places: decimals of the base currency.
	"""
	return rounded(Coalesce(base_amount, 0) * Coalesce(probability, 0) / 100, places)
