"""How many days old what is in play is, as terms: the rules are in `rules/aging.py` and `rules/inactivity.py`; a test ties them."""

from datetime import date

import frappe
from frappe.query_builder.functions import Coalesce, Sum
from pypika import Case, analytics
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.history.as_of import change, opportunity
from crm_pipeline.history.progress import CHANGES
from crm_pipeline.history.rotting import ACTIVITY
from crm_pipeline.rules.aging import CREATED, STAGE
from crm_pipeline.rules.status import ENDED, PAUSED
from crm_pipeline.utils.bulk_sql import greatest, number_of_day

NEVER = "0001-01-01 00:00:00"


def days_in_stage(names: QueryBuilder, today: date) -> QueryBuilder:
	"""Return the query of each `opportunity` with the `days` it has been in its stage, as `aging.days_in_stage` counts.

	Args:
		names: finds the names of opportunities in play.
	"""
	span = _spans(names, today)
	counts = (
		(span.idx >= span.entered) & span.status.notin([PAUSED, *sorted(ENDED)]) & (span.until > span.began)
	)
	days = Sum(Case().when(counts, span.until - span.began).else_(0))
	return frappe.qb.from_(span).groupby(span.opportunity).select(span.opportunity, days.as_("days"))


def days_since_created(today: date) -> Term:
	"""Return the days since an opportunity came in, none for one that is dated ahead."""
	return _not_negative(number_of_day(str(today)) - number_of_day(opportunity.transaction_date))


def days_without_activity(today: date) -> Term:
	"""Return the days since anything last happened to an opportunity, as `rotting.last_of` has it."""
	first, *others = (opportunity[field] for field in ACTIVITY)
	newest = greatest(Coalesce(first, NEVER), *others)
	nothing = Criterion.all(opportunity[field].isnull() for field in ACTIVITY)
	last = Case().when(nothing, opportunity.creation).else_(newest)
	return _not_negative(number_of_day(str(today)) - number_of_day(last))


def _spans(names: QueryBuilder, today: date) -> QueryBuilder:
	"""Return the query of what each opportunity was, from which day until which, and at which change it entered its stage."""
	until = analytics.Lead(number_of_day(change.at)).over(change.opportunity).orderby(change.idx)
	entry = Case().when(change.change.isin((CREATED, STAGE)), change.idx)
	query = frappe.qb.from_(change).where(change.change.isin(CHANGES)).where(change.opportunity.isin(names))
	return query.select(
		change.opportunity,
		change.idx,
		change.status,
		number_of_day(change.at).as_("began"),
		Coalesce(until, number_of_day(str(today))).as_("until"),
		analytics.Max(entry).over(change.opportunity).as_("entered"),
	).as_("span")


def _not_negative(days: Term) -> Term:
	return Case().when(days > 0, days).else_(0)
