"""frappe.db: one connection to the site's SQLite file."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.database import connection, schema
from frappe.database.lookups import Lookups
from frappe.database.writes import Writes
from frappe.model.meta import clear_meta_cache
from frappe.runtime.context import forget
from frappe.runtime.missing import missing_in, refuse_table_of
from frappe.types import _dict

WRITES = ("insert", "update", "delete", "replace", "create", "alter", "drop")
SKIPPED = r"(?:[\s(]|/\*.*?\*/|--[^\n]*(?:\n|$))*"  # what may stand before a statement
VERB = re.compile(
	rf"{SKIPPED}(?:with\b.*\)\s*(?=(?:{'|'.join(WRITES[:4])})\b))?(\w+)", re.IGNORECASE | re.DOTALL
)


@contextmanager
def errors_told() -> Iterator[None]:
	"""Say in Frappe's words that another connection wrote for too long, and that a bench has a table."""
	try:
		yield
	except sqlite3.OperationalError as error:
		refuse_table_of(error)
		if "database is locked" not in str(error):
			raise
		raise frappe.QueryDeadlockError(error) from error


class Callbacks(list):
	"""Functions that run once, in the order they were added."""

	add = list.append

	def run(self) -> None:
		"""Run them and those they add. One that ends a transaction itself leaves the rest of its batch alone."""
		while self:
			batch = self.copy()
			self.clear()
			for function in batch:
				function()


class Database(Lookups, Writes):
	"""Runs statements and answers look-ups with Frappe's signatures and return shapes.

	A transaction begins with the first write (readers never wait for it) and ends with commit or rollback."""

	db_type = "sqlite"
	OperationalError = TableMissingError = sqlite3.OperationalError
	IntegrityError = sqlite3.IntegrityError

	def __init__(self) -> None:
		self._conn = connection.pool.take(frappe.get_site_path("db.sqlite3"))
		self._cursor = self._conn.cursor()
		self.schema_changed = False
		self.transaction_writes = 0
		self._columns: dict[str, list[str]] = {}
		self.after_commit, self.after_rollback = Callbacks(), Callbacks()

	def __getattr__(self, name: str) -> Any:
		return missing_in("frappe.db")(name)

	def close(self) -> None:
		"""Give the connection back, once."""
		if self._conn:
			self._cursor.close()
			connection.pool.give_back(self._conn)
			self._conn = None

	# statements

	def sql(self, query: Any, values: Any = (), as_dict: bool = False, *, pluck: str = False) -> tuple | list:
		"""Run a statement with %s or %(name)s parameters.

		Returns a tuple of tuples, a list of dicts (`as_dict`) or the values of the first column (`pluck`)."""
		statement, params = connection.bind(str(query), values)
		verb = VERB.match(statement)[1].lower()
		if verb in WRITES:
			self.transaction_writes += 1
			self.schema_changed |= verb in ("create", "alter", "drop")
			self.begin()
		with errors_told():
			self._cursor.execute(statement, params)
		if not self._cursor.description:
			return ()
		rows = self._cursor.fetchall()
		if pluck:
			return [row[0] for row in rows]
		if as_dict:
			keys = [column[0] for column in self._cursor.description]
			return [_dict(zip(keys, row, strict=True)) for row in rows]
		return tuple(rows)

	def sql_ddl(self, query: str) -> None:
		self.sql(query)
		self._columns.clear()

	@staticmethod
	def escape(value: Any) -> str:
		"""`value` as a quoted SQL literal, its % doubled."""
		return "'" + str(value).replace("'", "''").replace("%", "%%") + "'"

	# transactions

	def begin(self) -> None:
		if not self._conn.in_transaction:
			with errors_told():
				self._conn.execute("begin immediate")

	def commit(self) -> None:
		self.after_rollback.clear()
		self._end("commit")
		self.after_commit.run()

	def rollback(self, *, save_point: str | None = None) -> None:
		"""Undo the transaction, or what came after a savepoint of it."""
		self._forget_cached_rows()
		if save_point is None:
			self.after_commit.clear()
			self._end("rollback")
			self.after_rollback.run()
		else:
			self.sql(f"rollback to savepoint {save_point}")
			self.transaction_writes = 0  # as Frappe counts

	def _end(self, how: str) -> None:
		if self._conn.in_transaction:
			self._conn.execute(how)
		self.schema_changed = False
		self.transaction_writes = 0

	def _forget_cached_rows(self) -> None:
		"""What was cached may have been read from rows that are undone now, DocTypes included."""
		self._columns.clear()
		forget()
		if self.schema_changed:
			clear_meta_cache()

	def savepoint(self, save_point: str) -> None:
		"""A point to roll back to; the transaction begins here if it has not yet."""
		self.begin()
		self.sql(f"savepoint {save_point}")

	def release_savepoint(self, save_point: str) -> None:
		self.sql(f"release savepoint {save_point}")

	# defaults

	def get_global(self, key: str) -> Any:
		return self.get_default(key, "__global")

	def set_global(self, key: str, val: Any) -> None:
		self.set_default(key, val, "__global")

	@staticmethod
	def get_default(key: str, parent: str = "__default") -> Any:
		return frappe.defaults.get_defaults_for(parent).get(key)

	@staticmethod
	def set_default(key: str, val: Any, parent: str = "__default") -> None:
		place = {"parent": parent, "key": key}
		frappe.defaults.set_default(value=val, **place)

	# schema

	def table_exists(self, doctype: str) -> bool:
		return bool(self._columns_of(doctype))

	def get_tables(self, cached: bool = True) -> list[str]:
		"""Names of the tables; this host asks anew each time."""
		return self.sql("select name from sqlite_master where type = 'table'", pluck=True)

	def _columns_of(self, doctype: str) -> list[str]:
		if not self._columns.get(doctype):
			query = "select name from pragma_table_info(%s)"
			self._columns[doctype] = self.sql(query, (f"tab{doctype}",), pluck=True)
		return self._columns[doctype]

	def has_column(self, doctype: str, column: str) -> bool:
		"""
		:raises frappe.db.TableMissingError: when the DocType has no table."""
		columns = self._columns_of(doctype)
		if not columns:
			raise self.TableMissingError(f"no such table: tab{doctype}")
		return column in columns

	@staticmethod
	def updatedb(doctype: str) -> None:
		"""Bring the table of a DocType in line with its fields."""
		schema.sync_table(doctype)

	@staticmethod
	def add_index(doctype: str, fields: list[str], index_name: str | None = None) -> None:
		schema.create_index(doctype, fields, name=index_name)

	def has_index(self, table_name: str, index_name: str) -> bool:
		"""Tell whether a table has an index of that name."""
		return bool(self.sql("select 1 from pragma_index_list(%s) where name = %s", (table_name, index_name)))

	def get_column_index(self, table_name: str, fieldname: str) -> "frappe._dict | None":
		"""Return the first index of a table that begins with a column, None if there is none."""
		query = (
			"select l.name from pragma_index_list(%s) l join pragma_index_info(l.name) i "
			"where i.seqno = 0 and i.name = %s"
		)
		found = self.sql(query, (table_name, fieldname), as_dict=True)
		return found[0] if found else None

	# errors

	@staticmethod
	def is_unique_key_violation(error: Exception) -> bool:
		return isinstance(error, sqlite3.IntegrityError) and "UNIQUE" in str(error)

	@staticmethod
	def is_missing_column(error: Exception) -> bool:
		return isinstance(error, sqlite3.OperationalError) and "no such column" in str(error)
