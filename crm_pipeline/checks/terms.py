"""Terms that several invariants need."""

import frappe
from frappe.query_builder.functions import Abs, Cast_, Coalesce, Sum
from pypika import Case, Table
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from crm_pipeline.history.changes import last_recorded
from crm_pipeline.rules import money, status
from crm_pipeline.utils.bulk_sql import has_any, in_list

opportunity = Table("tabOpportunity")
IN_PLAY, ENDED = sorted(status.IN_PLAY), sorted(status.ENDED)
SMALLEST = 0.000001  # by which numbers differ; the databases keep nine decimals
NOISE = 1e-14  # of a number, where databases count in binary
NINTH = 1e-9  # the last decimal that is kept


def names(table: Table) -> QueryBuilder:
	"""Return the query of the names of a table's records, to be narrowed."""
	return frappe.qb.from_(table).select(table.name.as_("name"))


def in_play() -> Criterion:
	return opportunity.status.isin(IN_PLAY)


def ended() -> Criterion:
	return opportunity.status.isin(ENDED)


def is_empty(text: Term) -> Criterion:
	return Coalesce(Cast_(text, "varchar"), "") == ""


def as_text(value: Term) -> Term:
	return Coalesce(Cast_(value, "varchar"), "")


def unlike(one: Term, other: Term | float) -> Criterion:
	"""That two numbers differ by more than databases do; nothing is 0."""
	one, other = Coalesce(one, 0), Coalesce(other, 0)
	return Abs(one - other) > SMALLEST + Abs(other) * NOISE


def no_rounding_of(amount: Term, exact: Term, currency: Term, slack: Term | float = 0) -> Criterion:
	"""That an amount is not what another number is rounded to, in the decimals of a currency.

	Args:
		slack: by how much the other number may be wrong itself, where it comes from numbers of nine decimals.
	"""
	exact = Coalesce(exact, 0)
	return Abs(Coalesce(amount, 0) - exact) > half_unit(currency) + Abs(exact) * NOISE + slack


def half_unit(currency: Term) -> Term:
	"""Return half of the smallest unit of a currency, and a hair.

	Where somebody gave a currency more decimals than it has by its standard, older amounts have those of the standard.
	"""
	rows = frappe.get_all("Currency", {"decimals": ["is", "set"]}, ["name", "decimals"])
	places = {**money.ISO_4217_DECIMALS}
	for row in rows:
		places[row.name] = min(int(row.decimals or 2), money.decimals(row.name))
	term = Case()
	for number in sorted({*places.values()} - {2}):
		term = term.when(currency.isin(_of(number, places)), 0.5001 * 10**-number)
	return term.else_(0.005001)


def _of(number: int, places: dict[str, int]) -> list[str]:
	return sorted(currency for currency, decimals in places.items() if decimals == number)


def at_rate(amount: Term, table: Table) -> Term:
	"""Return an amount of a document in base currency, at the document's rate, with all decimals."""
	divided = table.inverse_rate > 0
	return Case().when(divided, amount / table.inverse_rate).else_(amount * table.conversion_rate)


def slack_of_rate(amount: Term) -> Term:
	"""Return by how much an amount in base currency may be wrong for its rate having nine decimals."""
	return Abs(Coalesce(amount, 0)) * NINTH


def rows_of(doctype: str, row: Table, parent: Term) -> QueryBuilder:
	"""Return a query on the rows of a document."""
	return frappe.qb.from_(row).where((row.parent == parent) & (row.parenttype == doctype))


def has_items() -> Criterion:
	"""That an opportunity has rows."""
	row = frappe.qb.DocType("Opportunity Item")
	return has_any(rows_of("Opportunity", row, opportunity.name).select(row.name))


def sums_of(doctype: str, row_doctype: str, *fields: str) -> QueryBuilder:
	"""Return the sums of fields of the rows of each document of a DocType that has any, by `parent`, as a table `sums`."""
	row = frappe.qb.DocType(row_doctype)
	query = frappe.qb.from_(row).where(row.parenttype == doctype).groupby(row.parent)
	return query.select(row.parent, *(Sum(row[field]).as_(field) for field in fields)).as_("sums")


def named_in(query: QueryBuilder) -> Criterion:
	"""That an opportunity is among those that a query finds."""
	return opportunity.name.isin(query)


def as_recorded(*fields: str) -> Criterion:
	"""That fields of an opportunity are as its last change recorded them, which bears witness for them."""
	return Criterion.all(
		~unlike(opportunity[field], last_recorded(field))
		if field in ("probability", "opportunity_amount", "conversion_rate", "base_opportunity_amount")
		else opportunity[field] == last_recorded(field)
		for field in fields
	)


def leads_nowhere(value: Term, doctype: str) -> Criterion:
	"""That a field names a record, which is not there."""
	linked = frappe.qb.DocType(doctype).as_("linked")
	there = frappe.qb.from_(linked).select(linked.name).where(linked.name == value)
	return ~is_empty(value) & ~has_any(there)


def of_names(table: Table, found: list[str]) -> Criterion:
	return table.name.isin(in_list(found))
