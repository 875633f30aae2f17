"""The direct writes of frappe.db: no validation, no events."""

from collections.abc import Iterable
from typing import Any

import frappe
from frappe.database import schema
from frappe.database.query import SelectQuery
from frappe.database.values import stored


class Writes:
	"""Mixed into Database."""

	def set_value(
		self,
		dt: str,
		dn: Any,
		field: str | dict,
		val: Any = None,
		modified: Any = None,
		modified_by: str | None = None,
		update_modified: bool = True,
	) -> None:
		"""Write fields of all records that match, without validation and events."""
		values = _with_stamp(field, val, modified, modified_by, update_modified)
		if dn is None or (isinstance(dn, str) and dn == dt):
			self.set_single_value(dt, values, update_modified=False)
			return
		query = SelectQuery(dt, null_safe=False)
		query.add_filters(dn)
		assignments = ", ".join(f"`{name}` = %s" for name in values)
		params = [stored(dt, name, value) for name, value in values.items()]
		self.sql(f"update {query.table} set {assignments}{query.where}", params + query.params)
		frappe.clear_document_cache(dt, dn if isinstance(dn, str) else None)

	def set_single_value(
		self, doctype: str, fieldname: str | dict, value: Any = None, update_modified: bool = True
	) -> None:
		values = _with_stamp(fieldname, value, None, None, update_modified)
		self.sql("delete from `tabSingles` where doctype = %s and field in %s", (doctype, list(values)))
		rows = [(doctype, *each) for each in values.items()]
		self.bulk_insert("Singles", ("doctype", "field", "value"), rows)
		frappe.clear_document_cache(doctype, doctype)

	def bulk_update(
		self,
		doctype: str,
		doc_updates: dict[str, dict],
		*,
		chunk_size: int = 100,
		update_modified: bool = True,
	) -> None:
		"""Write different values to many records: {name: {field: value}}, one statement per set of fields."""
		groups: dict[tuple, list[tuple[str, dict]]] = {}
		for name, values in doc_updates.items():
			values = _with_stamp(values, None, None, None, update_modified)
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
				params += [name, stored(doctype, field, values[field])]
		names = [name for name, _values in updates]
		self.sql(f"update `tab{doctype}` set {', '.join(assignments)} where name in %s", [*params, names])

	def bulk_insert(
		self,
		doctype: str,
		fields: Iterable[str],
		values: Iterable,
		ignore_duplicates: bool = False,
		*,
		chunk_size: int = 10_000,
	) -> None:
		"""Insert rows of `fields`, a few hundred per statement, without validation and events."""
		fields, rows = list(fields), list(values)
		per_statement = max(1, min(chunk_size, 30_000 // len(fields)))
		verb = "insert or ignore" if ignore_duplicates else "insert"
		columns = ", ".join(f"`{field}`" for field in fields)
		one_row = f"({', '.join(['%s'] * len(fields))})"
		table = schema.table_name(doctype)
		for start in range(0, len(rows), per_statement):
			chunk = rows[start : start + per_statement]
			params = [stored(doctype, *each) for row in chunk for each in zip(fields, row, strict=True)]
			self.sql(f"{verb} into `{table}` ({columns}) values {', '.join([one_row] * len(chunk))}", params)

	def delete(self, doctype: str, filters: dict | list | str | None = None) -> None:
		"""Delete all records that match, without events."""
		query = SelectQuery(doctype, null_safe=False)
		query.add_filters(filters)
		self.sql(f"delete from {query.table}{query.where}", query.params)


def _with_stamp(
	field: str | dict, value: Any, modified: Any, modified_by: str, update_modified: bool
) -> dict:
	values = dict(field) if isinstance(field, dict) else {field: value}
	if update_modified:
		values["modified"] = modified or frappe.utils.now()
		values["modified_by"] = modified_by or frappe.session.user
	return values
