"""The direct writes of frappe.db: no validation, no events."""

import json

import frappe
from frappe.database import schema
from frappe.database.query import SelectQuery, column_value


class Writes:
	"""Mixed into Database."""

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
		if dn is None or (isinstance(dn, str) and dn == dt):
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


def _stamp(modified, modified_by) -> dict:
	return {
		"modified": modified or frappe.utils.now(),
		"modified_by": modified_by or frappe.session.user,
	}
