"""From Frappe's fields and filters to one SELECT with bound parameters."""

import datetime
import json
import re
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.database import schema
from frappe.database.values import STANDARD_DATETIMES, as_datetime, column_value
from pypika.terms import Term

if TYPE_CHECKING:
	from frappe.model.meta import Meta

NAME = r"(?:`?tab(?P<doctype>[\w -]+)`?\.|(?P<table>\w+)\.)?`?(?P<name>\w+|\*)`?"
COLUMN = re.compile(f"^{NAME}$")
FIELD = re.compile(
	rf"^(?:(?P<function>count|sum|avg|min|max)\s*\(\s*(?P<distinct>distinct\s+)?)?{NAME}(?(function)\s*\))"
	r"(?:\s+as\s+`?(?P<alias>\w+)`?)?$",
	re.IGNORECASE,
)
TABLE_REFERENCE = re.compile(r"`tab([^`]+)`\s*\.")
OPERATORS = ("!=", "<", "<=", "=", ">", ">=", "like", "not like", "in", "not in", "is", "between")
BENCH_ONLY_OPERATORS = {
	*("ancestors of", "descendants of", "not ancestors of", "not descendants of"),
	*("descendants of (inclusive)", "previous", "next", "timespan"),
}


def read_filters(doctype: str, filters: dict | list | str) -> list[tuple]:
	"""Filters in any of Frappe's forms (name, dict, list of names, list of lists, JSON) as field, operator, value."""
	if isinstance(filters, Term):
		raise frappe.missing("A query-builder criterion as filter")
	if filters is None or filters == "":
		return []
	if isinstance(filters, str) and filters[:1] in "[{":
		filters = json.loads(filters)
	if isinstance(filters, str | int | float):
		return [("name", "=", str(filters))]
	if isinstance(filters, dict):
		return [_from_pair(key, value) for key, value in filters.items()]
	if filters and all(isinstance(each, str | int) for each in filters):
		return [("name", "in", list(filters))]
	return [_read_filter(doctype, each) for each in filters]


def _read_filter(doctype: str, each: Any) -> tuple:
	if len(each) == 2:
		return _from_pair(*each)
	if len(each) == 3:
		return _checked(*each)
	if len(each) >= 4:
		refuse_other_table(doctype, each[0] or doctype)
		return _checked(*each[1:4])
	frappe.throw(_("Filter must have 4 values (doctype, fieldname, operator, value): {0}").format(str(each)))


def is_nested(filters: dict | list | str) -> bool:
	"""Whether filters are of the form `[condition, "or", condition, ...]`."""
	is_list = isinstance(filters, list | tuple) and filters and isinstance(filters[0], list | tuple)
	return bool(is_list) and any(isinstance(part, str) for part in filters)


def nested_parts(filters: dict | list | str) -> tuple:
	"""The conditions of nested filters, and the words between them.

	:raises frappe.ValidationError: when the two do not alternate."""
	conditions, words = filters[::2], [str(word).lower() for word in filters[1::2]]
	if len(conditions) != len(words) + 1 or not set(words) <= {"and", "or"}:
		frappe.throw(_("Error parsing nested filters: {0}").format(filters))
	return conditions, words


def _from_pair(fieldname: str, value: Any) -> tuple:
	return _checked(fieldname, *(value if isinstance(value, list | tuple) else ("=", value)))


def _checked(fieldname: str, operator: str | None, value: Any) -> tuple:
	operator = (operator or "=").lower()
	if operator in BENCH_ONLY_OPERATORS:
		raise frappe.missing(f"The filter operator {operator!r}")
	if operator not in OPERATORS:
		raise KeyError(operator)  # as Frappe 16, which looks it up
	if operator == "is" and value not in ("set", "not set"):
		raise ValueError("`is` operator only supports `set` and `not set` as value")
	if isinstance(value, Term):
		raise frappe.missing("A query-builder term in a filter")
	return fieldname, operator, value


def refuse_other_table(doctype: str, other: str) -> None:
	if other != doctype:
		raise frappe.missing(f"A list of {doctype} with fields or filters of {other}")


def linked_table(meta: "Meta", match: re.Match) -> tuple:
	"""The DocType that a column in a list of another one is of, and the link or table field that leads there."""
	name = match["doctype"] or match["table"]
	if not name or name == meta.name:
		return meta.name, None
	tables = {df.options: df for df in meta.get_table_fields()}
	df = tables.get(name) if match["doctype"] else meta.get_field(name)
	if not df or df.fieldtype not in ("Link", *schema.TABLE_FIELDS):
		refuse_other_table(meta.name, name)
	return df.options, df


class SelectQuery:
	"""Collects what one SELECT needs. `null_safe` follows get_list, where an unset value counts as empty:
	`!=` and `not in` then match it, and `between` two days takes in the whole last one; frappe.db's own look-ups
	leave both to SQL."""

	def __init__(self, doctype: str, null_safe: bool = True) -> None:
		self.doctype, self.null_safe = doctype, null_safe
		self.table = f"`{schema.table_name(doctype)}`"
		self.columns: list[str] = []
		self.joins: dict[
			tuple, str
		] = {}  # joined DocType and the field that leads to it: the SQL of the join
		self.conditions: list[str] = []
		self.params: list = []

	@property
	def meta(self) -> "Meta":
		return frappe.get_meta(self.doctype)

	@property
	def where(self) -> str:
		return f" where {' and '.join(self.conditions)}" if self.conditions else ""

	def sql(self, suffix: str = "", distinct: bool = False) -> str:
		columns = ("distinct " if distinct else "") + ", ".join(self.columns)
		joins = "".join(self.joins.values())
		return f"select {columns} from {self.table}{joins}{self.where}{suffix}"

	def add_filters(self, filters: dict | list | str, glue: str = " and ") -> None:
		if isinstance(filters, str) and not self.null_safe:
			filters = {"name": filters}  # a name like "[Plan B]" is no JSON
		if is_nested(filters):
			self.conditions.append(self._nested(filters))
			return
		rendered = [self._condition(*each) for each in read_filters(self.doctype, filters)]
		if rendered:
			self.conditions.append(f"({glue.join(rendered)})")

	def _nested(self, filters: dict | list | str) -> str:
		"""Nested filters as SQL, joined from left to right."""
		conditions, words = nested_parts(filters)
		rendered = [
			self._nested(each) if is_nested(each) else self._condition(*_read_filter(self.doctype, each))
			for each in conditions
		]
		joined = rendered[0]
		for word, condition in zip(words, rendered[1:], strict=True):
			joined = f"({joined} {word} {condition})"
		return joined

	def add_field(self, text: str) -> None:
		"""Add a field or an aggregate of one, with or without an alias.

		:raises frappe.DataError: for anything else, be it SQL."""
		match = FIELD.match(text.strip())
		if not match:
			frappe.throw(_("Use of sub-query or function is restricted"), frappe.DataError)
		column = self._column(match)
		if match["function"]:
			column = f"{match['function']}({match['distinct'] or ''}{column})"
		alias = match["alias"] or (match[0] if match["function"] else None)
		self.columns.append(f"{column} as `{alias}`" if alias else column)

	def _column(self, match: re.Match) -> str:
		if match["name"] == "*":
			return f"{self.table}.*" if self.joins else "*"
		return f"{self._table_of(match)}.`{match['name']}`"

	def _table_of(self, match: re.Match) -> str:
		"""The table of a column: that of the list or, of `field.name`, the one that a link or table field leads to."""
		if (match["doctype"] or match["table"] or self.doctype) == self.doctype:
			return self.table
		doctype, df = linked_table(self.meta, match)
		alias = f"`tab{doctype} of {df.fieldname}`"
		of_row = f"{alias}.parent = {self.table}.name and {alias}.parenttype = '{self.doctype}'"
		condition = f"{alias}.name = {self.table}.`{df.fieldname}`" if df.fieldtype == "Link" else of_row
		self.joins[doctype, df.fieldname] = f" left join `tab{doctype}` as {alias} on {condition}"
		return alias

	def _condition(self, fieldname: str, operator: str, value: Any) -> str:
		match = COLUMN.match(fieldname)
		if not match:
			frappe.throw(_("Invalid filter: {0}").format(fieldname), frappe.DataError)
		refuse_other_table(self.doctype, match["doctype"] or match["table"] or self.doctype)
		column, kind = self._column(match), self._kind(match["name"])
		if operator == "is":
			return f"{column} != ''" if value == "set" else f"({column} is null or {column} = '')"
		if value is None and not self.null_safe:
			return f"{column} is {'not ' if operator == '!=' else ''}null"
		if operator == "between":
			self.params += _between(value, kind if self.null_safe else "")
			return f"{column} between %s and %s"
		if value == "" and kind in ("Date", "Datetime") and self.null_safe and operator in ("=", "!="):
			return "1 = 0" if operator == "=" else "1 = 1"  # no day is ""
		if operator in ("in", "not in"):
			value = _as_list(value, kind)
		else:
			value = str(value) if "like" in operator else column_value(kind, value)
		self.params.append(value)
		condition = f"{column} {operator} %s"
		if self.null_safe and _null_matches(operator, value, kind, match["name"]):
			return f"({column} is null or {condition})"
		return condition

	def _kind(self, fieldname: str) -> str:
		"""The field type of a column."""
		if fieldname in STANDARD_DATETIMES:
			return "Datetime"
		if fieldname in ("docstatus", "idx"):
			return "Int"
		df = self.meta.get_field(fieldname) if schema.is_doctype(self.doctype) else None
		return df.fieldtype if df else "Data"


def _as_list(value: Any, kind: str) -> list:
	values = value.split(",") if isinstance(value, str) else list(value or [])
	return [column_value(kind, each.strip() if isinstance(each, str) else each) for each in values] or [""]


def _null_matches(operator: str, value: Any, kind: str, fieldname: str) -> bool:
	"""Whether a row without a value fulfils the condition, reading it as an empty one."""
	is_list = operator in ("in", "not in")
	if fieldname in ("name", *STANDARD_DATETIMES) or (kind in schema.NUMERIC_FIELDTYPES and not is_list):
		return False
	empty = "" in value if is_list else value == ""
	if operator in ("=", "in"):
		return empty
	if operator in ("!=", "not in"):
		return not empty
	return operator in ("<", "<=", "not like")


def _between(days: Any, kind: str) -> list:
	start, end = days
	if kind != "Datetime":
		return [column_value(kind, start), column_value(kind, end)]
	return [as_datetime(start), as_datetime(end, datetime.time.max)]
