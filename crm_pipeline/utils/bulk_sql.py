"""Statements about many records, in terms that every database and Frappe's filters understand alike."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import frappe
from frappe.query_builder.functions import Cast_, Coalesce, Date, Lower, Round, Substring
from frappe.utils import now_datetime
from pypika import Case, CustomFunction, Table
from pypika.analytics import RowNumber
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, ExistsCriterion, Function, LiteralValue, Term

from crm_pipeline.utils.prepared import insert_rows

replace = CustomFunction("REPLACE", ["text", "old", "new"])
# How each database numbers days, one after the other.
DAY_NUMBERS = {
	"mariadb": lambda moment: Function("TO_DAYS", moment),
	"sqlite": lambda moment: Function("JULIANDAY", Date(moment)),
	"postgres": lambda moment: Date(moment) - LiteralValue("DATE '0001-01-01'"),
}

NO_NAME = "-" * 141  # longer than any name or link may be
PLACEHOLDER = "#"
MOMENT_LENGTH, DAY_LENGTH = len("2026-11-28 09:00:00.000000"), len("2026-11-28")
ESCAPE = "!"
MOST_ROWS = 2**62  # more than there can be
FIRST, SECOND, NUMBERED = "\x01", "\x02", "\x03"  # no text has these


def in_list(names: Iterable[str]) -> list[str]:
	"""Return names for an `in` or `isin`, of which there may be none.

	Frappe takes a list that is empty, or has an empty text in it, for "is not set", and MariaDB takes no empty list
	at all.
	"""
	return list(names) or [NO_NAME]


def literal_list(names: list[str]) -> Term:
	"""Return the names to put into `isin`, written out once where many statements ask for the same."""
	return LiteralValue(f"({', '.join(frappe.db.escape(name) for name in names)})")


def names_after(table: Table, criterion: Criterion, after: str, limit: int) -> list[str]:
	"""Return the names of the first records for which a criterion holds that sort after a name."""
	query = frappe.qb.from_(table).select(table.name).where(criterion & (table.name > after))
	return [name for (name,) in query.orderby(table.name).limit(limit).run()]


def values_after(query: QueryBuilder, column: Term, after: str, limit: int) -> list[str]:
	"""Return the first different values of a column, among what a query finds, that sort after a value.

	The query finds them all before they are sorted: MariaDB would otherwise go through the whole table in the order of the
	column, in the hope of soon having enough.
	"""
	found = query.select(column.as_("value")).distinct().as_("found")
	first = frappe.qb.from_(found).select(found.value).where(found.value > after)
	return [value for (value,) in first.orderby(found.value).limit(limit).run()]


def hold(table: Table, criterion: Criterion, names: list[str]) -> list[str]:
	"""Lock those of some records for which a criterion holds now; somebody may have changed others meanwhile."""
	query = frappe.qb.from_(table).select(table.name).where(criterion & table.name.isin(literal_list(names)))
	return [name for (name,) in query.for_update().run()]


def fill(template: str, value: Term) -> Term:
	"""`template` with the value in place of each #."""
	return replace(template, PLACEHOLDER, Cast_(value, "varchar"))


def day_as_text(moment: Term) -> Term:
	"""Return the day of a moment as text, which all databases begin it with."""
	return Substring(fill(PLACEHOLDER, moment), 1, DAY_LENGTH)


def moment_as_text(moment: Term) -> Term:
	"""Return a moment as text, empty for none: SQLite keeps a full second with or without its fraction, as it was told it."""
	return Coalesce(Substring(fill(f"{PLACEHOLDER}.000000", moment), 1, MOMENT_LENGTH), "")


def are_apart(moment: Term, other: Term) -> Criterion:
	"""Return that two moments differ, however each is kept; one that is missing differs from any."""
	return moment_as_text(moment) != moment_as_text(other)


def joined(first: Term, separator: str, second: Term) -> Term:
	"""Return two texts with a separator between them; databases write this in different ways."""
	return replace(replace(f"{FIRST}{separator}{SECOND}", SECOND, second), FIRST, first)


def gathered(number: Term, text: Term) -> Term:
	"""Return the texts of many rows as one, with their numbers, for `texts_in`: not every database can bring them in order."""
	numbered = joined(Cast_(number, "varchar"), NUMBERED, text)
	if frappe.db.db_type == "postgres":
		return Function("STRING_AGG", numbered, ",")
	return Function("GROUP_CONCAT", numbered)


def texts_in(gathered_texts: str) -> list[str]:
	"""Return the texts that `gathered` found, by their numbers."""
	_nothing, *parts = re.split(f",?([0-9]+){NUMBERED}", gathered_texts)
	numbered = zip(map(int, parts[::2]), parts[1::2], strict=True)
	return [text for _number, text in sorted(numbered)]


def escaped(text: Term) -> Term:
	"""Return the text as HTML that shows it."""
	for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
		text = replace(text, character, entity)
	return text


def rounded(value: Term, places: int) -> Term:
	"""Return a product rounded half away from zero, as `rules.money` does it.

	The databases multiply in binary, where a product that ends in a five may come out a hair below it; the factor
	lifts it by about one unit in its sixteenth digit.
	"""
	return Round(value * (1 + 1e-15), places)


def number_of_day(moment: Term | str) -> Term:
	"""Return a number for the day of a moment, one more for each next day, as a term: differences are days."""
	return DAY_NUMBERS[frappe.db.db_type](moment)


def greatest(first: Term, *others: Term) -> Term:
	"""Return the greatest of some moments; of the others, those that may be empty do not count then."""
	found = first
	for other in others:
		found = Case().when(other > found, other).else_(found)
	return found


def days_between(first: Term, last: Term) -> Term:
	"""Return the calendar days from one day or moment to another, as a term; below 0 if the other is the earlier one."""
	return number_of_day(last) - number_of_day(first)


def union_of(first: QueryBuilder, *others: QueryBuilder) -> QueryBuilder:
	"""Return the query of what each of some queries finds, which select one column that the first one calls `name`.

	Each uses its own index then; and as MariaDB is given it in a query of its own, it is read only once.
	"""
	union = first
	union.wrap_set_operation_queries = False  # SQLite has no brackets around the parts of a union
	for query in others:
		union = union.union(query)
	found = union.as_("found")
	return frappe.qb.from_(found).select(found.name)


def starting_from(names: QueryBuilder, table: Table) -> QueryBuilder:
	"""Return a query on the records of a table that another query names, each once, read by these names.

	Left to itself, MariaDB rather goes through an index of all records and looks for each among the names.
	"""
	named = names.as_("named")
	query = frappe.qb.from_(named).cross_join(table).cross().where(table.name == named.name)
	return query.modifier("STRAIGHT_JOIN") if frappe.db.db_type == "mariadb" else query


def worked_out_once(query: QueryBuilder) -> QueryBuilder:
	"""Return a query whose terms are worked out once for each row, however often the query around it uses them.

	Unless it has a limit, the databases put the terms in place of the names.
	"""
	return query.limit(MOST_ROWS)


class Value(Term):
	"""The one value that a query finds, as a term; the query may refer to the tables of the one around it."""

	def __init__(self, query: QueryBuilder) -> None:
		super().__init__()
		self.query = query

	def get_sql(self, **kwargs: Any) -> str:
		return self.query.get_sql(**{**kwargs, "subquery": True, "with_alias": False})


class Exists(ExistsCriterion):
	"""Whether a query finds anything; it may refer to the tables of the statement around it."""

	def get_sql(self, **kwargs: Any) -> str:
		return super().get_sql(**{**kwargs, "subquery": True})


def has_any(query: QueryBuilder) -> Criterion:
	"""Return whether a query, which refers to the statement around it, finds anything, looked up for each of its rows.

	For a NOT EXISTS, MariaDB first writes down all that the query might find, on the disk where that is half a million names.

	Args:
		query: selects a column that is never empty.
	"""
	return Value(query.limit(1)).isnotnull()


class Containing(Criterion):
	"""Whether a text is somewhere in a field, whatever the case of a to z; % and _ in it mean themselves."""

	def __init__(self, field: Term, text: str) -> None:
		super().__init__()
		for character in (ESCAPE, "%", "_"):
			text = text.replace(character, ESCAPE + character)
		self.like = Lower(field).like(f"%{text.lower() if text.isascii() else text}%")

	def get_sql(self, **kwargs: Any) -> str:
		return f"{self.like.get_sql(**{**kwargs, 'with_alias': False})} ESCAPE '{ESCAPE}'"


def update_where(table: Table, criterion: Criterion, values: dict) -> None:
	"""Set fields of all records for which a criterion holds, with one statement."""
	query = frappe.qb.update(table).where(criterion)
	for field, value in values.items():
		query = query.set(table[field], value)
	query.run()


def insert_from(doctype: str, values: dict[str, Term], order_by: Term, source: Callable) -> str:
	"""Insert a record for each row of a query, with one statement; return what their names begin with.

	Args:
		values: a term or constant for each field; the standard columns are filled where left out.
		order_by: a field of the query that tells its rows apart.
		source: adds tables and conditions to the statement that it is given, and returns it.
	"""
	moment, user = now_datetime(), frappe.session.user
	beginning = f"{frappe.generate_hash(length=10)}-"
	standard = {
		"name": fill(f"{beginning}{PLACEHOLDER}", RowNumber().over().orderby(order_by)),
		"creation": moment,
		"modified": moment,
		"owner": user,
		"modified_by": user,
		"docstatus": 0,
		"idx": 0,
	}
	columns = {**standard, **values}
	query = frappe.qb.into(frappe.qb.DocType(doctype)).columns(*columns)
	source(query).select(*(Term.wrap_constant(value) for value in columns.values())).run()
	return beginning


def new_row(user: str | None = None) -> dict:
	"""Return the standard columns of a new record that is written in bulk.

	Args:
		user: who makes it; the session's user if left out.
	"""
	moment, by = now_datetime(), user or frappe.session.user
	name = frappe.generate_hash(length=10)
	return {"name": name, "creation": moment, "modified": moment, "owner": by, "modified_by": by}


def bulk_insert(doctype: str, rows: Iterable[dict]) -> None:
	"""Store records of one DocType, all with the same columns; no hook hears of them. There may be none."""
	if rows := list(rows):
		insert_rows(doctype, list(rows[0]), [tuple(row.values()) for row in rows])
