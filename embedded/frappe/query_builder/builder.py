"""The query builder behind frappe.qb."""

from collections.abc import Callable
from enum import Enum
from typing import Any, NoReturn

import frappe
import pypika
import pypika.terms
from frappe.database.schema import PLAIN_TABLES, table_name
from frappe.runtime.missing import BENCH_ONLY, missing
from pypika.dialects import Dialects, SQLLiteQuery
from pypika.queries import QueryBuilder, _SetOperation
from pypika.terms import Interval, Term, ValueWrapper


class Parameters(dict):
	"""Collects the values of a query; each stands in the text as %(name)s."""

	def add(self, value: Any) -> str:
		name = f"param{len(self) + 1}"
		self[name] = value
		return f"%({name})s"


class BoundValue(ValueWrapper):
	"""A constant that is bound as a parameter where the query is run."""

	def get_value_sql(self, **kwargs: Any) -> str:
		value = self.value.value if isinstance(self.value, Enum) else self.value
		parameters: Parameters | None = kwargs.get("param_wrapper")
		if isinstance(value, Term):
			return value.get_sql(**kwargs)
		if parameters is not None:
			return parameters.add(value)
		return str(int(value)) if isinstance(value, bool) else super().get_value_sql(**kwargs)


def _no_interval(self: Interval, **kwargs: Any) -> NoReturn:
	raise frappe.missing("An Interval in a query (SQLite has none)")


pypika.terms.ValueWrapper = BoundValue  # every constant in an expression is wrapped by this global
Interval.get_sql = _no_interval


class Runnable:
	def walk(self) -> tuple[str, dict]:
		"""The statement with %(name)s in it, and its parameters."""
		parameters = Parameters()
		return self.get_sql(param_wrapper=parameters), parameters

	def run(self, *args: Any, **kwargs: Any) -> Any:
		"""Run the statement; the arguments are those of frappe.db.sql."""
		return frappe.db.sql(*self.walk(), *args, **kwargs)


_SetOperation.run, _SetOperation.walk = Runnable.run, Runnable.walk


class SQLiteQueryBuilder(Runnable, QueryBuilder):
	QUOTE_CHAR = ALIAS_QUOTE_CHAR = "`"

	def __init__(self, **kwargs: Any) -> None:
		options = {"wrapper_cls": BoundValue, "wrap_set_operation_queries": False, **kwargs}
		super().__init__(dialect=Dialects.SQLLITE, **options)

	def __getattr__(self, name: str) -> pypika.Field:
		if name in BENCH_ONLY["Query builder"]:
			raise missing(f"{name} of a query")
		return super().__getattr__(name)

	def _for_update_sql(self, **kwargs: Any) -> str:
		"""SQLite locks the whole file: who writes later waits, so the row needs no lock of its own."""
		return ""


def DocType(name: str, *args: Any, **kwargs: Any) -> pypika.Table:
	"""The table of a DocType; names that begin with __ are tables of their own."""
	is_table = name.startswith("tab") and name not in PLAIN_TABLES
	return Table(name if is_table else table_name(name), *args, **kwargs)


def Table(name: str, *args: Any, **options: Any) -> pypika.Table:
	options = {**options, "query_cls": builder}
	return pypika.Table(name, *args, **options)


def _taking_names(start: Callable) -> classmethod:
	"""Let a method of the builder that starts a statement take the name of a DocType for its table."""

	def call(cls: type, table: Any, *args: Any, **kwargs: Any) -> QueryBuilder:
		return start.__func__(cls, DocType(table) if isinstance(table, str) else table, *args, **kwargs)

	return classmethod(call)


class LoudBuilder(type):
	"""Makes frappe.qb name what only a bench has."""

	def __getattr__(cls, name: str) -> Any:
		raise AttributeError(name) if name.startswith("__") else missing(f"frappe.qb.{name}")


class builder(SQLLiteQuery, metaclass=LoudBuilder):
	"""frappe.qb. A table may be given by the name of its DocType."""

	DocType, Table, Field = staticmethod(DocType), staticmethod(Table), pypika.Field
	desc, asc = pypika.Order.desc, pypika.Order.asc

	from_, into, update = map(_taking_names, (SQLLiteQuery.from_, SQLLiteQuery.into, SQLLiteQuery.update))

	@classmethod
	def _builder(cls, **kwargs: Any) -> SQLiteQueryBuilder:
		return SQLiteQueryBuilder(**kwargs)


SQLiteQueryBuilder.QUERY_CLS = builder
