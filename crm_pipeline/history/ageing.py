"""How many days old what is in play is, as terms: the rules are in `rules/aging.py` and `rules/inactivity.py`; a test ties them."""

from datetime import date

import frappe
from frappe.query_builder.functions import Coalesce, Sum
from pypika import Case, Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.history.as_of import change, opportunity
from crm_pipeline.history.rotting import ACTIVITY
from crm_pipeline.rules.aging import CREATED, STAGE, STAYS
from crm_pipeline.rules.status import ENDED, PAUSED
from crm_pipeline.utils.bulk_sql import Value, days_between, greatest, number_of_day

entry, stay, same = change.as_("entry"), change.as_("stay"), opportunity.as_("same")
NEVER = "0001-01-01 00:00:00"


def days_in_stage(today: date) -> Term:
	"""Return the days that an opportunity in play has been in its stage, as `aging.days_in_stage` counts; none without history.

	Most have had one status since they entered the stage, of which one change tells all. The stays of the others are added up.
	"""
	last = _entries().where(entry.stay_until.isnull()).select(_days_of(entry, today))
	stays = frappe.qb.from_(stay).where((stay.opportunity == opportunity.name) & stay.change.isin(STAYS))
	stays = stays.where(stay.idx >= Value(_entries().select(entry.idx)))
	return Coalesce(Value(last), Value(stays.select(Sum(_days_of(stay, today)))))


def days_since_created(today: date) -> Term:
	"""Return the days since an opportunity came in, none for one that is dated ahead."""
	return _not_negative(number_of_day(str(today)) - number_of_day(opportunity.transaction_date))


def days_without_activity(today: date) -> Term:
	"""Return the days since anything last happened to an opportunity."""
	return _not_negative(number_of_day(str(today)) - number_of_day(last_activity()))


def last_activity() -> Term:
	"""Return when anything last happened to an opportunity, as `rotting.last_of` has it.

	When it was entered is looked up for those alone to which nothing happened: the rest stands in one index, and whole rows
	are not read for it.
	"""
	first, *others = (opportunity[field] for field in ACTIVITY)
	newest = greatest(Coalesce(first, NEVER), *others)
	nothing = Criterion.all(opportunity[field].isnull() for field in ACTIVITY)
	entered = frappe.qb.from_(same).where(same.name == opportunity.name).select(same.creation)
	return Case().when(nothing, Value(entered)).else_(newest)


def _entries() -> QueryBuilder:
	"""Return the query of the last change by which an opportunity entered a stage, nothing selected yet."""
	query = frappe.qb.from_(entry).where(entry.opportunity == opportunity.name)
	return query.where(entry.change.isin((CREATED, STAGE))).orderby(entry.idx, order=frappe.qb.desc).limit(1)


def _days_of(each: Table, today: date) -> Term:
	"""Return the days of a stay up to the next one or to a day; none of one in which the opportunity rests."""
	days = days_between(each.at, Coalesce(each.stay_until, str(today)))
	counts = each.status.notin([PAUSED, *sorted(ENDED)])
	return Case().when(counts, _not_negative(days)).else_(0)


def _not_negative(days: Term) -> Term:
	return Case().when(days > 0, days).else_(0)
