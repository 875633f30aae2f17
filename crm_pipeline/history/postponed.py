"""Closings that were postponed, each for who owned the opportunity then; bringing one forward makes up for nothing."""

from collections.abc import Iterable

import frappe
from frappe.query_builder.functions import Coalesce
from frappe.utils import add_days, getdate
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.history.as_of import change
from crm_pipeline.rules.aging import EXPECTED_CLOSING

LATELY_DAYS = 365  # that the page looks back


def is_postponement(row: Table) -> Criterion:
	"""Match changes to a later day. Days are kept in an order that texts have."""
	later = (row.old_value != "") & (row.new_value > row.old_value)
	return (row.change == EXPECTED_CLOSING) & later


def postponed_lately() -> Criterion:
	"""Match the `change`s that postponed a closing in the last LATELY_DAYS days, today included."""
	return is_postponement(change) & (change.at >= f"{add_days(getdate(), -LATELY_DAYS)} 00:00:00")


def owner_then() -> Term:
	"""Return who owned the opportunity when a `change` was made, empty for nobody."""
	return Coalesce(change.opportunity_owner, "")


def names_postponed_by(users: Iterable[str]) -> QueryBuilder:
	"""Return the query of the names of the opportunities that were postponed lately while some users owned them."""
	query = frappe.qb.from_(change).select(change.opportunity)
	return query.where(postponed_lately() & owner_then().isin([*users]))
