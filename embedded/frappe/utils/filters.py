"""Filters evaluated on a document in memory, and the common shape of a filter."""

import operator

import frappe
from frappe.utils.dates import getdate
from frappe.utils.periods import get_timespan_date_range

VALID_OPERATORS = (
	*("=", "!=", ">", "<", ">=", "<=", "like", "not like", "in", "not in", "is", "between"),
	*("timespan", "previous", "next"),
	*("ancestors of", "descendants of", "not ancestors of", "not descendants of"),
	"descendants of (inclusive)",
)


def evaluate_filters(doc, filters: dict | list | tuple) -> bool:
	"""Tell whether a document matches every filter."""
	parts = [{key: value} for key, value in filters.items()] if isinstance(filters, dict) else filters
	parsed = (get_filter(None, part) for part in parts)
	return all(compare(doc.get(f.fieldname), f.operator, f.value, f.fieldtype) for f in parsed)


def compare(val1, condition: str, val2, fieldtype: str | None = None) -> bool:
	"""Compare two values, cast to the field type first; an unknown condition is never met."""
	from frappe.utils.data import cast

	if fieldtype:
		val1 = cast(fieldtype, val1)
		if condition != "Timespan":
			val2 = cast(fieldtype, val2)
	return condition in operator_map and operator_map[condition](val1, val2)


def get_filter(doctype: str | None, f, filters_config=None) -> "frappe._dict":
	"""Return doctype, fieldname, operator, value and fieldtype. Raises ValidationError for a bad shape."""
	if isinstance(f, dict):
		f = make_filter_tuple(doctype, *next(iter(f.items())))
	if not isinstance(f, list | tuple):
		frappe.throw(frappe._("Filter must be a tuple or list (in a list)"))
	f = (doctype, *f) if len(f) == 3 else tuple(f[:4])
	if len(f) != 4:
		frappe.throw(
			frappe._("Filter must have 4 values (doctype, fieldname, operator, value): {0}").format(str(f))
		)
	parsed = frappe._dict(doctype=f[0], fieldname=f[1], operator=f[2] or "=", value=f[3])
	_check_operator(parsed.operator, filters_config)
	_find_field(parsed)
	return parsed


def _check_operator(name: str, filters_config) -> None:
	allowed = (*VALID_OPERATORS, *(key.lower() for key in filters_config or ()))
	if name.lower() not in allowed:
		frappe.throw(frappe._("Operator must be one of {0}").format(", ".join(allowed)))


def _find_field(f) -> None:
	"""Set the field type, and the child DocType where only that has the field."""
	if not f.doctype or not frappe.db.exists("DocType", f.doctype):
		return
	meta = frappe.get_meta(f.doctype)
	for candidate in (meta, *(frappe.get_meta(df.options) for df in meta.get_table_fields())):
		if df := candidate.get_field(f.fieldname):
			f.doctype, f.fieldtype = candidate.name, df.fieldtype
			return


def make_filter_tuple(doctype, key, value) -> list:
	operator, value = value if isinstance(value, list | tuple) else ("=", value)
	return [doctype, key, operator, value]


def sql_like(value: str, pattern: str) -> bool:
	"""Match a text with % at one or both ends; without any, the text may stand anywhere."""
	value = value or ""
	if pattern.startswith("%") != pattern.endswith("%"):
		return value.endswith(pattern[1:]) if pattern.startswith("%") else value.startswith(pattern[:-1])
	return pattern.strip("%") in value


def _is(value, pattern: str) -> bool:
	if pattern.lower() not in ("set", "not set"):
		frappe.throw(frappe._("Invalid argument for operator 'IS': {0}").format(pattern))
	return (value not in (None, "")) == (pattern.lower() == "set")


def _in_timespan(value, timespan: str) -> bool:
	if not value:
		return False
	first, last = get_timespan_date_range(timespan)
	return first <= getdate(value) <= last


operator_map = {
	"^": lambda a, b: (a or "").startswith(b),
	"in": lambda a, b: a in b,
	"not in": lambda a, b: a not in b,
	"=": operator.eq,
	"!=": operator.ne,
	">": operator.gt,
	"<": operator.lt,
	">=": operator.ge,
	"<=": operator.le,
	"not None": lambda a, b: a is not None,
	"None": lambda a, b: a is None,
	"like": sql_like,
	"not like": lambda a, b: not sql_like(a, b),
	"is": _is,
	"Timespan": _in_timespan,
}
