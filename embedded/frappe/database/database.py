"""frappe.db: one connection to the site's SQLite file."""

import sqlite3

import frappe
from frappe.database import connection, schema
from frappe.database.lookups import Lookups
from frappe.database.utils import CallbackManager, bind
from frappe.database.writes import Writes
from frappe.model.meta import clear_meta_cache
from frappe.types import _dict

WRITES = ("insert", "update", "delete", "replace", "create", "alter", "drop")


class Database(Lookups, Writes):
	"""Runs statements and answers look-ups with Frappe's signatures and return shapes.

	A transaction begins with the first write (readers never wait for it) and ends with commit or rollback.
	Every statement goes through `sql`; `statements` counts them."""

	db_type = "sqlite"
	REGEX_CHARACTER = "regexp"
	MAX_COLUMN_LENGTH = 64
	type_map = schema.TYPE_MAP
	OperationalError = sqlite3.OperationalError
	ProgrammingError = sqlite3.ProgrammingError
	IntegrityError = sqlite3.IntegrityError
	InternalError = sqlite3.InternalError
	DataError = sqlite3.DataError
	SQLError = sqlite3.OperationalError
	TableMissingError = sqlite3.OperationalError

	def __init__(self, path: str | None = None):
		self.path = path or frappe.get_site_path("db.sqlite3")
		self.cur_db_name = self.path
		self._conn = None
		self._cursor = None
		self.statements = 0
		self.last_query = ""
		self.transaction_writes = 0
		self.schema_changed = False
		self.value_cache: dict[str, dict] = {}
		self._columns: dict[str, list[str]] = {}
		self.before_commit, self.after_commit = CallbackManager(), CallbackManager()
		self.before_rollback, self.after_rollback = CallbackManager(), CallbackManager()

	def __getattr__(self, name: str):
		if name.startswith("__"):
			raise AttributeError(name)
		raise NotImplementedError(f"frappe.db.{name} is missing in the embedded host; a bench has it")

	def connect(self) -> None:
		self._conn = connection.connect(self.path)
		self._cursor = self._conn.cursor()

	def close(self) -> None:
		if self._conn:
			self._conn.close()
			self._conn = self._cursor = None

	# statements

	def sql(
		self,
		query,
		values=(),
		as_dict=0,
		as_list=0,
		debug=0,
		ignore_ddl=0,
		auto_commit=0,
		update=None,
		explain=False,
		run=True,
		pluck=False,
		as_iterator=False,
	):
		"""Run a statement with %s or %(name)s parameters.

		Returns tuples of tuples, lists of dicts (`as_dict`), lists of lists (`as_list`) or first columns (`pluck`)."""
		statement, params = bind(str(query), values)
		if not run:
			return str(query)
		if debug:
			frappe.errprint(f"{statement} {params}")
		self._execute(statement, params)
		if auto_commit:
			self.commit()
		if not self._cursor.description:
			return ()
		rows = self._cursor.fetchall()
		if pluck:
			return [row[0] for row in rows]
		if as_dict:
			keys = [column[0] for column in self._cursor.description]
			extra = update or {}
			return [_dict(zip(keys, row, strict=True)).update(extra) for row in rows]
		return [list(row) for row in rows] if as_list else tuple(rows)

	def _execute(self, statement: str, params: list) -> None:
		if not self._conn:
			self.connect()
		verb = statement.lstrip().split(None, 1)[0].lower()
		if verb in WRITES:
			self.transaction_writes += 1
			self.schema_changed |= verb in ("create", "alter", "drop")
			if not self._conn.in_transaction:
				self._conn.execute("begin immediate")
		self.statements += 1
		self.last_query = statement
		self._cursor.execute(statement, params)

	def sql_list(self, query, values=(), debug=False, **kwargs) -> list:
		return self.sql(query, values, debug=debug, pluck=True, **kwargs)

	def sql_ddl(self, query: str, debug: bool = False) -> None:
		self.sql(query, debug=debug)
		self._columns.clear()

	@staticmethod
	def escape(value, percent: bool = True) -> str:
		"""`value` as a quoted SQL literal."""
		if value is None:
			return "NULL"
		text = "'" + str(value).replace("'", "''") + "'"
		return text.replace("%", "%%") if percent else text

	# transactions

	def begin(self, *, read_only: bool = False) -> None:
		if not self._conn:
			self.connect()
		if not self._conn.in_transaction:
			self._conn.execute("begin" if read_only else "begin immediate")

	def commit(self) -> None:
		self.before_rollback.reset()
		self.after_rollback.reset()
		self.before_commit.run()
		if self._conn and self._conn.in_transaction:
			self._conn.execute("commit")
		self.transaction_writes, self.schema_changed = 0, False
		self.after_commit.run()

	def rollback(self, *, save_point: str | None = None) -> None:
		self._forget_cached_rows()
		if save_point:
			self.sql(f"rollback to savepoint {save_point}")
			return
		self.before_commit.reset()
		self.after_commit.reset()
		self.before_rollback.run()
		if self._conn and self._conn.in_transaction:
			self._conn.execute("rollback")
		self.transaction_writes, self.schema_changed = 0, False
		self.after_rollback.run()

	def _forget_cached_rows(self) -> None:
		"""What was cached may have been read from rows that are undone now, DocTypes included."""
		self.value_cache.clear()
		self._columns.clear()
		for name in ("document_cache", "cache", "request_cache", "role_permissions"):
			setattr(frappe.local, name, {})
		for key in ("document_cache::", "defaults", "roles"):
			frappe.cache.delete_keys(key)
		if self.schema_changed:
			clear_meta_cache()

	def savepoint(self, save_point: str) -> None:
		"""A point to roll back to; the transaction begins here if it has not yet."""
		self.begin()
		self.sql(f"savepoint {save_point}")

	def release_savepoint(self, save_point: str) -> None:
		self.sql(f"release savepoint {save_point}")

	@staticmethod
	def get_all(*args, **kwargs):
		return frappe.get_all(*args, **kwargs)

	@staticmethod
	def get_list(*args, **kwargs):
		return frappe.get_list(*args, **kwargs)

	# defaults

	def get_global(self, key: str, user: str = "__global"):
		return self.get_default(key, user)

	def set_global(self, key: str, val, user: str = "__global") -> None:
		self.set_default(key, val, user)

	def get_default(self, key: str, parent: str = "__default"):
		values = frappe.defaults.get_defaults_for(parent).get(key)
		return values[0] if isinstance(values, list) else values

	@staticmethod
	def set_default(key: str, val, parent: str = "__default", parenttype: str | None = None) -> None:
		frappe.defaults.set_default(key, val, parent, parenttype)

	@staticmethod
	def get_defaults(key: str | None = None, parent: str = "__default"):
		values = frappe.defaults.get_defaults_for(parent)
		return values.get(key) if key else values

	# schema

	def table_exists(self, doctype: str, cached: bool = True) -> bool:
		return bool(self.columns_of(f"tab{doctype}"))

	has_table = table_exists

	def columns_of(self, table: str) -> list[str]:
		if table not in self._columns:
			columns = self.sql_list(f"select name from pragma_table_info({self.escape(table, percent=False)})")
			if not columns:
				return []
			self._columns[table] = columns
		return self._columns[table]

	get_db_table_columns = columns_of

	def get_table_columns(self, doctype: str) -> list[str]:
		"""
		:raises frappe.db.TableMissingError: when the DocType has no table."""
		columns = self.columns_of(f"tab{doctype}")
		if not columns:
			raise self.TableMissingError(f"no such table: tab{doctype}")
		return columns

	def has_column(self, doctype: str, column: str) -> bool:
		return column in self.get_table_columns(doctype)

	def add_index(self, doctype: str, fields: list[str], index_name: str | None = None) -> None:
		schema.create_index(self, doctype, fields, index_name)

	@staticmethod
	def updatedb(doctype: str, meta=None) -> None:
		"""Bring the table of a DocType in line with its fields."""
		schema.sync_table(doctype)

	# errors

	@staticmethod
	def is_primary_key_violation(error: Exception) -> bool:
		return isinstance(error, sqlite3.IntegrityError) and str(error).endswith(".name")

	@staticmethod
	def is_unique_key_violation(error: Exception) -> bool:
		return isinstance(error, sqlite3.IntegrityError) and "UNIQUE" in str(error)

	is_duplicate_entry = is_unique_key_violation

	@staticmethod
	def is_missing_column(error: Exception) -> bool:
		return isinstance(error, sqlite3.OperationalError) and "no such column" in str(error)

	is_column_missing = is_missing_column

	@staticmethod
	def is_table_missing(error: Exception) -> bool:
		return isinstance(error, sqlite3.OperationalError) and "no such table" in str(error)

	@staticmethod
	def is_deadlocked(error: Exception) -> bool:
		return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)

	is_timedout = is_deadlocked
