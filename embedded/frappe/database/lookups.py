"""The look-ups of frappe.db: values, existence, counts."""

from typing import Any

import frappe
from frappe.database import schema
from frappe.database.query import SelectQuery
from frappe.types import _dict

DEFAULT_ORDER = "KEEP_DEFAULT_ORDERING"


class Lookups:
	"""Mixed into Database."""

	def get_value(
		self,
		doctype: str,
		filters: dict | list | str | None = None,
		fieldname: str | list[str] | tuple = "name",
		*,
		as_dict: bool = False,
		order_by: str = DEFAULT_ORDER,
		cache: bool = False,
		for_update: bool = False,
	) -> Any:
		"""One value, or a row of them for several fields, of the newest record that matches; None without one.

		`filters` is a name, a dict or a list. `for_update` makes other writers wait from here on. SQLite is near:
		nothing is cached, with `cache` or without."""
		if for_update:
			self.begin()
		if filters is None or (isinstance(filters, str) and filters == doctype != "DocType"):
			if not frappe.get_meta(doctype).issingle:
				return None
			raise frappe.missing("frappe.db.get_value of a Single (other than get_single_value)")
		query = SelectQuery(doctype, null_safe=False)
		query.add_filters(filters)
		fields = [fieldname] if isinstance(fieldname, str) else fieldname
		for each in fields:
			query.add_field(each)
		as_dict = as_dict or fieldname == "*"
		if order_by == DEFAULT_ORDER:
			order_by = "modified desc" if schema.is_doctype(doctype) else None
		suffix = (f" order by {order_by}" if order_by else "") + " limit 1"
		rows = self.sql(query.sql(suffix), query.params, as_dict=as_dict)
		if not rows:
			return None
		return rows[0][0] if len(fields) == 1 and not as_dict else rows[0]

	def get_singles_dict(self, doctype: str, *, cast: bool = False) -> _dict:
		"""The values of a Single, as text or cast to their field types."""
		from frappe.utils import cast_fieldtype

		values = _dict(self.sql("select field, value from `tabSingles` where doctype = %s", (doctype,)))
		for df in frappe.get_meta(doctype).fields if cast else ():
			if df.fieldname in values:
				values[df.fieldname] = cast_fieldtype(df.fieldtype, values[df.fieldname])
		return values

	def get_single_value(self, doctype: str, fieldname: str) -> Any:
		"""A value of a Single, cast to its field type.

		:raises frappe.ValidationError: when it has no such field."""
		from frappe.utils import cast_fieldtype

		df = frappe.get_meta(doctype).get_field(fieldname)
		if not df:
			frappe.throw(f"Field {frappe.bold(fieldname)} does not exist on {frappe.bold(doctype)}")
		return cast_fieldtype(df.fieldtype, self.get_singles_dict(doctype).get(fieldname))

	def exists(self, dt: str | dict, dn: Any = None, cache: bool = False) -> str | None:
		"""The name of the record that is named or filtered so, else None; the filters may name the DocType."""
		if isinstance(dt, dict):
			filters = dict(dt)
			return self.get_value(filters.pop("doctype"), filters, cache=cache, order_by=None)
		is_its_own_record = dn == dt != "DocType" if isinstance(dn, str) else dn is None
		if is_its_own_record:
			return dt if dn or frappe.get_meta(dt).issingle else None
		return self.get_value(dt, dn, cache=cache, order_by=None)

	def count(self, dt: str, filters: dict | list | str | None = None) -> int:
		query = SelectQuery(dt, null_safe=False)
		query.add_filters(filters)
		query.columns = ["count(*)"]
		return self.sql(query.sql(), query.params)[0][0]
