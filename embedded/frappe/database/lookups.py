"""The look-ups of frappe.db: values, existence, counts."""

import sqlite3

import frappe
from frappe.database import schema
from frappe.database.query import SelectQuery
from frappe.types import _dict


class Lookups:
	"""Mixed into Database."""

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
		names_single = isinstance(filters, str) and filters == doctype and doctype != "DocType"
		if filters is None or names_single:
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

	def get(self, doctype, filters=None, as_dict=True, cache=False):
		return self.get_value(doctype, filters, "*", as_dict=as_dict, cache=cache)

	def exists(self, dt, dn=None, cache: bool = False):
		"""The name of the record that is named or filtered so, else None."""
		if isinstance(dt, dict):
			filters = dict(dt)
			return self.exists(filters.pop("doctype"), filters, cache)
		if isinstance(dn, str) and dt != "DocType" and dt == dn:
			return dn
		if dn is None:
			return None
		return self.get_value(dt, dn, "name", ignore=True, cache=cache, order_by=None)

	def count(self, dt, filters=None, debug: bool = False, cache: bool = False, distinct: bool = True) -> int:
		query = SelectQuery(dt, null_safe=False)
		query.add_filters(filters)
		query.columns = [f"count(distinct {query.table}.name)" if query.joins else "count(*)"]
		return self.sql(query.sql(), query.params, debug=debug)[0][0]


def _is_single(fieldname) -> bool:
	return not isinstance(fieldname, list | tuple) and fieldname != "*"


def _field_list(fieldname) -> list:
	if isinstance(fieldname, str) and "," in fieldname and "(" not in fieldname:
		return [each.strip() for each in fieldname.split(",")]
	return list(fieldname) if isinstance(fieldname, list | tuple | set) else [fieldname]


def _is_bare(order_by: str | None) -> bool:
	return bool(order_by) and "," not in order_by and "." not in order_by and "(" not in order_by
