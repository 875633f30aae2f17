"""Statements that treat many records alike, in terms which MariaDB, PostgreSQL and SQLite share."""

from collections.abc import Callable

import frappe
from frappe.query_builder.functions import Cast_
from frappe.utils import now_datetime
from pypika import Case, CustomFunction
from pypika.analytics import RowNumber
from pypika.terms import Criterion, ExistsCriterion, Term

replace = CustomFunction("REPLACE", ["text", "old", "new"])

PLACE = "#"


def text_with(template: str, value: Term) -> Term:
	"""`template` with the value in place of each #."""
	return replace(template, PLACE, Cast_(value, "varchar"))


def latest(first: Term, *others: Term) -> Term:
	"""The greatest of some moments; of the others, those that may be empty do not count then."""
	greatest = first
	for other in others:
		greatest = Case().when(other > greatest, other).else_(greatest)
	return greatest


class Value(Term):
	"""The one value that a query finds, as a term; the query may refer to the tables of the one around it."""

	def __init__(self, query):
		super().__init__()
		self.query = query

	def get_sql(self, **kwargs) -> str:
		return self.query.get_sql(**{**kwargs, "subquery": True, "with_alias": False})


def exists(query) -> Criterion:
	"""Whether a query finds anything; it may refer to the tables of the query around it."""
	return ExistsCriterion(query)


def update_where(table, criterion: Criterion, values: dict) -> None:
	"""Set fields of all records for which a criterion holds, with one statement."""
	query = frappe.qb.update(table).where(criterion)
	for field, value in values.items():
		query = query.set(table[field], value)
	query.run()


def insert_from(doctype: str, values: dict[str, Term], order_by: Term, source: Callable) -> None:
	"""Insert a record for each row of a query, with one statement.

	Args:
		values: a term or constant for each field; the standard columns are filled where left out.
		order_by: a field of the query that tells its rows apart.
		source: adds tables and conditions to the statement that it is given, and returns it.
	"""
	moment, user = now_datetime(), frappe.session.user
	key = frappe.generate_hash(length=10)
	standard = {
		"name": text_with(f"{key}-{PLACE}", RowNumber().over().orderby(order_by)),
		"creation": moment,
		"modified": moment,
		"owner": user,
		"modified_by": user,
		"docstatus": 0,
		"idx": 0,
	}
	columns = {**standard, **values}
	query = frappe.qb.into(frappe.qb.DocType(doctype)).columns(*columns)
	source(query).select(*map(Term.wrap_constant, columns.values())).run()
