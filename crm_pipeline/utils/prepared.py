"""Statements of the query builder whose text is put together once, for what every save asks.

To put one together takes more of the processor than MariaDB takes to answer it.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import frappe
from pypika.queries import QueryBuilder
from pypika.terms import Parameter, PyformatParameter

FEW_ROWS = 8  # of an insert whose text is kept
KEPT = 256


class Prepared:
	"""A statement that differs in its values only, as `prepared(values)` runs it.

	Other databases than MariaDB are given what the query builder makes of it with the values: Frappe's SQLite takes all
	parameters for texts.
	"""

	def __init__(self, build: Callable[[dict[str, Any]], QueryBuilder]) -> None:
		"""Remember how to put it together.

		Args:
			build: makes the query from its values by name, which are terms or constants; it may depend on nothing else, and
				contain no percent sign.
		"""
		self.build = build
		self.text = ""

	def __call__(self, values: dict[str, Any], as_dict: bool = False) -> Sequence:
		"""Run it with these values, and return the rows."""
		if frappe.db.db_type != "mariadb":
			return self.build(values).run(as_dict=as_dict)
		if not self.text:
			self.text = self.build({name: PyformatParameter(name) for name in values}).get_sql()
		return frappe.db.sql(self.text, values, as_dict=as_dict)  # nosemgrep: string-sql


def look_up(doctype: str, name: str, fields: Sequence[str]) -> frappe._dict | None:
	"""Return fields of a record by its name; None if there is none."""
	rows = _looking_up(doctype, tuple(fields))({"name": name}, as_dict=True)
	return rows[0] if rows else None


@lru_cache(KEPT)
def _looking_up(doctype: str, fields: tuple[str, ...]) -> Prepared:
	def build(values: dict[str, Any]) -> QueryBuilder:
		table = frappe.qb.DocType(doctype)
		columns = (table[field] for field in fields)
		return frappe.qb.from_(table).select(*columns).where(table.name == values["name"])

	return Prepared(build)


def insert_rows(doctype: str, columns: Sequence[str], rows: Sequence[tuple]) -> None:
	"""Insert records; no hook hears of them."""
	if frappe.db.db_type != "mariadb" or len(rows) > FEW_ROWS:
		frappe.db.bulk_insert(doctype, columns, rows)
	else:
		text = _inserting(doctype, tuple(columns), len(rows))
		frappe.db.sql(text, [value for row in rows for value in row])  # nosemgrep: string-sql


@lru_cache(KEPT)
def _inserting(doctype: str, columns: tuple[str, ...], count: int) -> str:
	query = frappe.qb.into(frappe.qb.DocType(doctype)).columns(*columns)
	return query.insert(*[tuple(Parameter("%s") for _column in columns)] * count).get_sql()
