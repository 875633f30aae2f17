"""frappe.db: one connection to the site's SQLite file."""

import json
import sqlite3

import frappe
from frappe.database import connection, schema
from frappe.database.query import SelectQuery, column_value
from frappe.database.utils import CallbackManager, bind
from frappe.model.meta import clear_meta_cache
from frappe.types import _dict

WRITES = ("insert", "update", "delete", "replace", "create", "alter", "drop")


class Database:
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

	# look-ups

	def get_value(
		self,
		doctype,
		filters=None,
		fieldname="name",
		ignore=None,
		as_dict=False,
		debug=False,
		order_by="KEEP_DEFAULT_ORDERING",
		cache=False,
		for_update=False,
		*,
		run=True,
		pluck=False,
		distinct=False,
		skip_locked=False,
		wait=True,
	):
		"""One value, or a row of them for a list of fields, of the newest record that matches; None without one."""
		rows = self.get_values(
			doctype,
			filters,
			fieldname,
			ignore,
			as_dict,
			debug,
			order_by,
			cache=cache,
			for_update=for_update,
			run=run,
			pluck=pluck,
			distinct=distinct,
			limit=1,
		)
		if not run:
			return rows
		if not rows:
			return None
		row = rows[0]
		return row[0] if not as_dict and not pluck and len(row) == 1 and _is_single(fieldname) else row

	def get_values(
		self,
		doctype,
		filters=None,
		fieldname="name",
		ignore=None,
		as_dict=False,
		debug=False,
		order_by="KEEP_DEFAULT_ORDERING",
		update=None,
		cache=False,
		for_update=False,
		*,
		run=True,
		pluck=False,
		distinct=False,
		limit=None,
		skip_locked=False,
		wait=True,
	):
		"""Rows of all records that match; `filters` as a name, dict, list or criterion. Of a single, its one row."""
		if filters is None or (filters == doctype and doctype != "DocType"):
			return self._single_values(doctype, fieldname, as_dict, pluck)
		cache_key = (str(filters), str(fieldname), as_dict, pluck) if cache and isinstance(filters, str) else None
		if cache_key and cache_key in (memory := self.value_cache.setdefault(doctype, {})):
			return memory[cache_key]
		try:
			rows = self._table_values(
				doctype, filters, fieldname, as_dict, debug, order_by, update, run, pluck, distinct, limit
			)
		except sqlite3.OperationalError:
			if ignore:
				return None
			raise
		except frappe.DoesNotExistError:
			frappe.clear_last_message()
			return None if ignore else self._single_values(doctype, fieldname, as_dict, pluck)
		if cache_key:
			memory[cache_key] = rows
		return rows

	def _table_values(
		self, doctype, filters, fieldname, as_dict, debug, order_by, update, run, pluck, distinct, limit
	):
		query = SelectQuery(doctype, null_safe=False)
		query.add_filters(filters)
		for each in _field_list(fieldname):
			query.add_field(each)
		if order_by == "KEEP_DEFAULT_ORDERING":
			order_by = "modified desc" if schema.has_standard_columns(doctype) else None
		suffix = f" order by {query.table}.{order_by}" if _is_bare(order_by) and not distinct else ""
		if order_by and not suffix and not distinct:
			suffix = f" order by {order_by}"
		suffix += f" limit {int(limit)}" if limit else ""
		return self.sql(
			query.sql(suffix, distinct),
			query.params,
			as_dict=as_dict,
			debug=debug,
			update=update,
			run=run,
			pluck=pluck,
		)

	def _single_values(self, doctype: str, fieldname, as_dict: bool, pluck: bool) -> list:
		values = self.get_singles_dict(doctype)
		if not values:
			return []
		fields = list(values) if fieldname == "*" else _field_list(fieldname)
		row = [values.get(each) for each in fields]
		if as_dict:
			return [_dict(zip(fields, row, strict=True))]
		return row if pluck else [row]

	def get_singles_dict(self, doctype: str, debug: bool = False, *, for_update=False, cast: bool = False) -> _dict:
		"""The values of a Single, as text or cast to their field types."""
		from frappe.utils import cast_fieldtype

		rows = self.sql("select field, value from `tabSingles` where doctype = %s", (doctype,), debug=debug)
		values = _dict(rows)
		if cast:
			for df in frappe.get_meta(doctype).fields:
				if df.fieldname in values:
					values[df.fieldname] = cast_fieldtype(df.fieldtype, values[df.fieldname])
		return values

	def get_single_value(self, doctype: str, fieldname: str, cache: bool = True):
		"""A value of a Single, cast to its field type.

		:raises frappe.ValidationError: when it has no such field."""
		from frappe.utils import cast_fieldtype

		memory = self.value_cache.setdefault(doctype, {})
		if not (cache and fieldname in memory):
			df = frappe.get_meta(doctype).get_field(fieldname)
			if not df:
				message = frappe._("Field {0} does not exist on {1}")
				frappe.throw(message.format(frappe.bold(fieldname), frappe.bold(doctype)))
			rows = self.sql(
				"select value from `tabSingles` where doctype = %s and field = %s", (doctype, fieldname)
			)
			memory[fieldname] = cast_fieldtype(df.fieldtype, rows[0][0] if rows else None)
		return memory[fieldname]

	get_singles_value = get_single_value

	@staticmethod
	def get_all(*args, **kwargs):
		return frappe.get_all(*args, **kwargs)

	@staticmethod
	def get_list(*args, **kwargs):
		return frappe.get_list(*args, **kwargs)

	def get(self, doctype, filters=None, as_dict=True, cache=False):
		return self.get_value(doctype, filters, "*", as_dict=as_dict, cache=cache)

	def exists(self, dt, dn=None, cache: bool = False):
		"""The name of the record that is named or filtered so, else None."""
		if isinstance(dt, dict):
			filters = dict(dt)
			return self.exists(filters.pop("doctype"), filters, cache)
		if dt != "DocType" and dt == dn:
			return dn
		if dn is None:
			return None
		return self.get_value(dt, dn, "name", ignore=True, cache=cache, order_by=None)

	def count(self, dt, filters=None, debug: bool = False, cache: bool = False, distinct: bool = True) -> int:
		query = SelectQuery(dt, null_safe=False)
		query.add_filters(filters)
		query.columns = [f"count(distinct {query.table}.name)" if query.joins else "count(*)"]
		return self.sql(query.sql(), query.params, debug=debug)[0][0]

	# writing

	def set_value(
		self,
		dt,
		dn,
		field,
		val=None,
		modified=None,
		modified_by=None,
		update_modified: bool = True,
		debug: bool = False,
		for_update: bool = True,
	) -> None:
		"""Write fields of all records that match, without validation and events."""
		values = dict(field) if isinstance(field, dict) else {field: val}
		if dn is None or dn == dt:
			self.set_single_value(dt, values, None, modified, modified_by, update_modified)
			return
		if update_modified:
			values |= _stamp(modified, modified_by)
		query = SelectQuery(dt, null_safe=False)
		query.add_filters(dn)
		assignments = ", ".join(f"`{name}` = %s" for name in values)
		params = [self.stored(dt, name, value) for name, value in values.items()]
		where = " and ".join(query.conditions) or "1 = 1"
		self.sql(f"update {query.table} set {assignments} where {where}", params + query.params, debug=debug)
		frappe.clear_document_cache(dt, dn if isinstance(dn, str) else None)

	def set_single_value(
		self, doctype, fieldname, value=None, modified=None, modified_by=None, update_modified=True, debug=False
	) -> None:
		values = dict(fieldname) if isinstance(fieldname, dict) else {fieldname: value}
		if update_modified:
			values |= _stamp(modified, modified_by)
		self.sql(
			"delete from `tabSingles` where doctype = %s and field in %s", (doctype, list(values)), debug=debug
		)
		for name, each in values.items():
			self.sql("insert into `tabSingles` (doctype, field, value) values (%s, %s, %s)", (doctype, name, each))
		frappe.clear_document_cache(doctype, doctype)

	def bulk_update(
		self, doctype, doc_updates, *, chunk_size=100, modified=None, modified_by=None, update_modified=True
	) -> None:
		"""Write different values to many records: {name: {field: value}}, one statement per set of fields."""
		groups: dict[tuple, list[tuple[str, dict]]] = {}
		for name, values in doc_updates.items():
			values = values | (_stamp(modified, modified_by) if update_modified else {})
			groups.setdefault(tuple(values), []).append((name, values))
		for fields, updates in groups.items():
			for start in range(0, len(updates), chunk_size):
				self._update_chunk(doctype, fields, updates[start : start + chunk_size])
		frappe.clear_document_cache(doctype)

	def _update_chunk(self, doctype: str, fields: tuple, updates: list[tuple[str, dict]]) -> None:
		assignments, params = [], []
		for field in fields:
			assignments.append(f"`{field}` = case name{' when %s then %s' * len(updates)} end")
			for name, values in updates:
				params += [name, self.stored(doctype, field, values[field])]
		names = [name for name, _values in updates]
		self.sql(f"update `tab{doctype}` set {', '.join(assignments)} where name in %s", [*params, names])

	def bulk_insert(self, doctype, fields, values, ignore_duplicates=False, *, chunk_size=10_000) -> None:
		"""Insert rows of `fields`, a few hundred per statement, without validation and events."""
		fields, rows = list(fields), [list(row) for row in values]
		per_statement = max(1, min(chunk_size, 30_000 // max(1, len(fields))))
		verb = "insert or ignore" if ignore_duplicates else "insert"
		columns = ", ".join(f"`{field}`" for field in fields)
		one_row = f"({', '.join(['%s'] * len(fields))})"
		for start in range(0, len(rows), per_statement):
			chunk = rows[start : start + per_statement]
			params = [
				self.stored(doctype, field, value)
				for row in chunk
				for field, value in zip(fields, row, strict=True)
			]
			self.sql(f"{verb} into `tab{doctype}` ({columns}) values {', '.join([one_row] * len(chunk))}", params)

	def delete(self, doctype, filters=None, debug: bool = False, **kwargs) -> None:
		"""Delete all records that match, without events; `doctype` may name a table that is no DocType."""
		query = SelectQuery(doctype, null_safe=False)
		table = f"`{doctype}`" if doctype.startswith("__") else query.table
		query.add_filters(filters if filters is not None else kwargs)
		where = f" where {' and '.join(query.conditions)}" if query.conditions else ""
		self.sql(f"delete from {table}{where.replace(query.table, table)}", query.params, debug=debug)

	def stored(self, doctype: str, fieldname: str, value):
		"""`value` as the column stores it: moments in one text form, numbers rounded as decimal(21,9) is."""
		if isinstance(value, list | dict):
			return json.dumps(value, separators=(",", ":"), default=str)
		if value is None or value == "" or doctype in schema.PLAIN_TABLES:
			return value
		if fieldname in ("creation", "modified"):
			return column_value("Datetime", value)
		df = frappe.get_meta(doctype).get_field(fieldname)
		if not df or df.fieldtype not in schema.CHECKED_FIELDTYPES:
			return value
		value = column_value(df.fieldtype, value)
		return round(value, 9) if isinstance(value, float) else value

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


def _is_single(fieldname) -> bool:
	return not isinstance(fieldname, list | tuple) and fieldname != "*"


def _field_list(fieldname) -> list:
	if isinstance(fieldname, str) and "," in fieldname and "(" not in fieldname:
		return [each.strip() for each in fieldname.split(",")]
	return list(fieldname) if isinstance(fieldname, list | tuple | set) else [fieldname]


def _is_bare(order_by: str | None) -> bool:
	return bool(order_by) and "," not in order_by and "." not in order_by and "(" not in order_by


def _stamp(modified, modified_by) -> dict:
	return {
		"modified": modified or frappe.utils.now(),
		"modified_by": modified_by or frappe.session.user,
	}
