"""From Frappe's fields and filters to one SELECT with bound parameters."""

import datetime
import json
import re
from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.database import schema
from frappe.database.values import STANDARD_DATETIMES, as_datetime, column_value
from pypika.terms import Term

WORD = re.compile(r"^\w+$")
TABLE_REFERENCE = re.compile(r"`tab([^`]+)`\s*\.")
COLUMN = re.compile(r"^(\w+|\w+\.\w+|`tab[\w -]+`\.`?\w+`?)$")
STANDARD_COLUMNS = {"name", "_seen", *schema.STANDARD_COLUMNS, *schema.CHILD_COLUMNS, *schema.PARENT_COLUMNS}
OPERATORS = ("!=", "<", "<=", "=", ">", ">=", "like", "not like", "in", "not in", "is", "between", "timespan")
BENCH_ONLY_OPERATORS = {
	"ancestors of",
	"descendants of",
	"not ancestors of",
	"not descendants of",
	"descendants of (inclusive)",
	"previous",
	"next",
}


@dataclass
class Filter:
	"""One condition: `fieldname operator value` on a column of `doctype`."""

	doctype: str
	fieldname: str
	operator: str
	value: object

	def __post_init__(self):
		self.operator = (self.operator or "=").lower()
		if self.operator in BENCH_ONLY_OPERATORS:
			raise frappe.missing(f"The filter operator {self.operator!r}")
		if self.operator not in OPERATORS:
			frappe.throw(_("Operator must be one of {0}").format(", ".join(OPERATORS)))
		if self.operator == "is" and self.value not in ("set", "not set"):
			raise ValueError("`is` operator only supports `set` and `not set` as value")


def read_filters(doctype: str, filters) -> list:
	"""Filters in any of Frappe's forms (name, dict, list of names, list of lists, criterion, JSON) as a flat list."""
	if isinstance(filters, Term):
		return [filters]
	if filters is None or filters == "":
		return []
	if isinstance(filters, str) and filters[:1] in "[{":
		filters = json.loads(filters)
	if isinstance(filters, str | int | float):
		return [Filter(doctype, "name", "=", str(filters))]
	if isinstance(filters, dict):
		return [_from_pair(doctype, key, value) for key, value in filters.items()]
	if filters and all(isinstance(each, str | int) for each in filters):
		return [Filter(doctype, "name", "in", list(filters))]
	return [one for each in filters for one in _read_filter(doctype, each)]


def _read_filter(doctype: str, each) -> list:
	if not isinstance(each, list | tuple):
		return read_filters(doctype, each)
	if len(each) == 2:
		return [_from_pair(doctype, *each)]
	if len(each) == 3:
		return [Filter(doctype, *each)]
	if len(each) >= 4:
		return [Filter(each[0] or doctype, *each[1:4])]
	frappe.throw(_("Filter must have 4 values (doctype, fieldname, operator, value): {0}").format(str(each)))


def _from_pair(doctype: str, key: str, value) -> Filter:
	return Filter(doctype, key, *(value if isinstance(value, list | tuple) else ("=", value)))


@dataclass
class _Positional:
	"""Takes the constants of a query-builder term as the next %s parameters."""

	params: list

	def add(self, value) -> str:
		self.params.append(value)
		return "%s"


@dataclass
class SelectQuery:
	"""Collects what one SELECT needs. `null_safe` follows get_list, where an unset value counts as empty:
	`!=` and `not in` then match it, and `between` two days takes in the whole last one; frappe.db's own look-ups
	leave both to SQL."""

	doctype: str
	null_safe: bool = True
	columns: list[str] = field(default_factory=list)
	joins: dict[str, str] = field(default_factory=dict)  # table to join clause
	conditions: list[str] = field(default_factory=list)
	params: list = field(default_factory=list)

	@property
	def table(self) -> str:
		return f"`{schema.table_name(self.doctype)}`"

	@property
	def meta(self):
		return frappe.get_meta(self.doctype)

	def add_filters(self, filters, glue: str = " and ") -> None:
		rendered = [self._render(each) for each in read_filters(self.doctype, filters)]
		if rendered:
			self.conditions.append(f"({glue.join(rendered)})")

	@property
	def where(self) -> str:
		return f" where {' and '.join(self.conditions)}" if self.conditions else ""

	def sql(self, suffix: str = "", distinct: bool = False) -> str:
		columns = ("distinct " if distinct else "") + ", ".join(self.columns)
		return f"select {columns} from {' '.join([self.table, *self.joins.values()])}{self.where}{suffix}"

	def add_field(self, text) -> None:
		if isinstance(text, Term):
			self.columns.append(
				text.get_sql(quote_char="`", with_alias=True, with_namespace=bool(self.joins))
			)
		else:
			expression, as_, alias = text.partition(" as ")
			self.columns.append(self.column(expression.strip()) + as_ + alias)

	def column(self, expression: str) -> str:
		"""The SQL of a field as callers name it; joins the child or linked table that it stands in."""
		head, dot, fieldname = expression.replace("`", "").partition(".")
		df = dot and self.meta.get_field(head)
		if df and WORD.match(fieldname):
			table = self._join_link(df) if df.fieldtype == "Link" else self._join_child(df.options)
			return f"{table}.`{fieldname}`"
		for doctype in TABLE_REFERENCE.findall(expression):
			self._join_child(doctype)
		return f"{self.table}.`{expression}`" if WORD.match(expression) else expression

	def _join_child(self, doctype: str) -> str:
		table = f"`{schema.table_name(doctype)}`"
		if doctype != self.doctype:
			on = f"{table}.parenttype = '{self.doctype}' and {table}.parent = {self.table}.name"
			self.joins[table] = f"left join {table} on ({on})"
		return table

	def _join_link(self, df) -> str:
		alias = f"`tab{df.options}_{df.fieldname}`"
		self.joins[alias] = (
			f"left join `tab{df.options}` {alias} on ({alias}.name = {self.table}.`{df.fieldname}`)"
		)
		return alias

	def _render(self, each) -> str:
		if isinstance(each, Term):
			return self._render_term(each)
		if isinstance(each.fieldname, Term):
			return self._compare(self._render_term(each.fieldname), each, "Data")
		return self._compare(*self._filter_column(each))

	def _render_term(self, term: Term) -> str:
		return term.get_sql(quote_char="`", with_namespace=True, param_wrapper=_Positional(self.params))

	def _filter_column(self, each: Filter) -> tuple[str, Filter, str]:
		if not COLUMN.match(each.fieldname):
			frappe.throw(_("Invalid filter: {0}").format(each.fieldname), frappe.DataError)
		head, dot, fieldname = each.fieldname.replace("`", "").partition(".")
		if dot:
			df = self.meta.get_field(head)
			doctype = df.options if df else head.removeprefix("tab")
			return self.column(each.fieldname), each, _kind(doctype, fieldname)
		doctype = each.doctype if each.doctype != self.doctype else self._owner_of(head)
		return f"{self._join_child(doctype)}.`{head}`", each, _kind(doctype, head)

	def _owner_of(self, fieldname: str) -> str:
		"""The DocType itself, or else its child table that has this field."""
		if self.null_safe and fieldname not in STANDARD_COLUMNS and not self.meta.has_field(fieldname):
			for df in self.meta.get_table_fields():
				if frappe.get_meta(df.options).has_field(fieldname):
					return df.options
		return self.doctype

	def _compare(self, column: str, each: Filter, kind: str) -> str:
		operator, value = each.operator, each.value
		if isinstance(value, Term):
			return f"{column} {operator} {self._render_term(value)}"
		if operator == "is":
			return f"{column} != ''" if value == "set" else f"({column} is null or {column} = '')"
		if value is None and not self.null_safe:
			return f"{column} is {'not ' if operator == '!=' else ''}null"
		if operator in ("between", "timespan"):
			self.params += _between(operator, value, kind if self.null_safe else "")
			return f"{column} between %s and %s"
		value = _as_list(value, kind) if operator in ("in", "not in") else column_value(kind, value)
		self.params.append(value)
		condition = f"{column} {operator} %s"
		if self.null_safe and _null_matches(operator, value, kind, each.fieldname):
			return f"({column} is null or {condition})"
		return condition


def _kind(doctype: str, fieldname: str) -> str:
	"""The field type of a column."""
	if fieldname in STANDARD_DATETIMES:
		return "Datetime"
	if fieldname in ("docstatus", "idx"):
		return "Int"
	df = frappe.get_meta(doctype).get_field(fieldname) if schema.is_doctype(doctype) else None
	return df.fieldtype if df else "Data"


def _as_list(value, kind: str) -> list:
	values = value.split(",") if isinstance(value, str) else list(value or [])
	return [column_value(kind, each.strip() if isinstance(each, str) else each) for each in values] or [""]


def _null_matches(operator: str, value, kind: str, fieldname) -> bool:
	"""Whether a row without a value fulfils the condition, reading it as an empty one."""
	if fieldname in ("name", *STANDARD_DATETIMES) or (
		kind in schema.NUMERIC_FIELDTYPES and operator not in ("in", "not in")
	):
		return False
	empty = "" in value if isinstance(value, list) else value == ""
	if operator in ("=", "in"):
		return empty
	if operator in ("!=", "not in"):
		return not empty
	return operator in ("<", "<=", "not like")


def _between(operator: str, value, kind: str) -> list:
	from frappe.utils import get_timespan_date_range

	start, end = get_timespan_date_range(value) if operator == "timespan" else value
	if kind != "Datetime":
		return [column_value(kind, start), column_value(kind, end)]
	return [as_datetime(start), as_datetime(end, datetime.time.max)]
