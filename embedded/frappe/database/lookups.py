"""The look-ups of frappe.db: values, existence, counts."""

import frappe
from frappe.database import schema
from frappe.database.query import SelectQuery
from frappe.types import _dict

DEFAULT_ORDER = "KEEP_DEFAULT_ORDERING"


class Lookups:
	"""Mixed into Database."""

	def get_value(
		self, doctype, filters=None, fieldname="name", *, as_dict=False, order_by=DEFAULT_ORDER, cache=False
	):
		"""One value, or a row of them for a list of fields, of the newest record that matches; None without one."""
		options = {"as_dict": as_dict, "order_by": order_by, "cache": cache, "limit": 1}
		rows = self.get_values(doctype, filters, fieldname, **options)
		if not rows:
			return None
		is_single = not isinstance(fieldname, list | tuple) and fieldname != "*"
		return rows[0][0] if is_single and not as_dict and len(rows[0]) == 1 else rows[0]

	def get_values(
		self,
		doctype,
		filters=None,
		fieldname="name",
		*,
		as_dict=False,
		order_by=DEFAULT_ORDER,
		cache=False,
		limit=None,
	):
		"""Rows of all records that match; `filters` as a name, dict, list or criterion. Of a single, its one row."""
		if filters is None or (isinstance(filters, str) and filters == doctype != "DocType"):
			return self._single_values(doctype, fieldname, as_dict)
		if not (cache and isinstance(filters, str)):
			return self._table_values(doctype, filters, fieldname, as_dict, order_by, limit)
		memory, key = self.value_cache.setdefault(doctype, {}), (filters, str(fieldname), as_dict)
		if key not in memory:
			memory[key] = self._table_values(doctype, filters, fieldname, as_dict, order_by, limit)
		return memory[key]

	def _table_values(self, doctype, filters, fieldname, as_dict, order_by, limit):
		query = SelectQuery(doctype, null_safe=False)
		query.add_filters(filters)
		for each in _field_list(fieldname):
			query.add_field(each)
		if order_by == DEFAULT_ORDER:
			order_by = f"{query.table}.modified desc" if schema.is_doctype(doctype) else None
		suffix = (f" order by {order_by}" if order_by else "") + (f" limit {int(limit)}" if limit else "")
		return self.sql(query.sql(suffix), query.params, as_dict=as_dict)

	def _single_values(self, doctype: str, fieldname, as_dict: bool) -> list:
		values = self.get_singles_dict(doctype)
		if not values:
			return []
		fields = list(values) if fieldname == "*" else _field_list(fieldname)
		row = [values.get(each) for each in fields]
		return [_dict(zip(fields, row, strict=True)) if as_dict else row]

	def get_singles_dict(self, doctype: str, *, cast: bool = False) -> _dict:
		"""The values of a Single, as text or cast to their field types."""
		from frappe.utils import cast_fieldtype

		values = _dict(self.sql("select field, value from `tabSingles` where doctype = %s", (doctype,)))
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
				frappe.throw(f"Field {frappe.bold(fieldname)} does not exist on {frappe.bold(doctype)}")
			memory[fieldname] = cast_fieldtype(df.fieldtype, self.get_singles_dict(doctype).get(fieldname))
		return memory[fieldname]

	def exists(self, dt, dn=None, cache: bool = False):
		"""The name of the record that is named or filtered so, else None."""
		if isinstance(dt, dict):
			filters = dict(dt)
			return self.exists(filters.pop("doctype"), filters, cache)
		if dn is None or (isinstance(dn, str) and dn == dt != "DocType"):
			return dn
		try:
			return self.get_value(dt, dn, cache=cache, order_by=None)
		except frappe.DoesNotExistError:
			frappe.clear_last_message()
		except self.OperationalError:
			pass
		return None

	def count(self, dt, filters=None) -> int:
		query = SelectQuery(dt, null_safe=False)
		query.add_filters(filters)
		query.columns = [f"count(distinct {query.table}.name)" if query.joins else "count(*)"]
		return self.sql(query.sql(), query.params)[0][0]


def _field_list(fieldname) -> list:
	if isinstance(fieldname, str) and "," in fieldname and "(" not in fieldname:
		return [each.strip() for each in fieldname.split(",")]
	return list(fieldname) if isinstance(fieldname, list | tuple | set) else [fieldname]
