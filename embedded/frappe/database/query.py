"""From Frappe's fields and filters to one SELECT with bound parameters."""

import datetime
import json
import re
from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.database.schema import PLAIN_TABLES
from pypika.terms import Term

WORD = re.compile(r"^\w+$")
TABLE_REFERENCE = re.compile(r"`tab([^`]+)`\s*\.")
COLUMN = re.compile(r"^(\w+|\w+\.\w+|`tab[\w -]+`\.`?\w+`?)$")
NUMERIC_FIELDTYPES = {"Check", "Int", "Float", "Currency", "Percent", "Rating", "Duration", "Long Int"}
STANDARD_DATETIMES = {"creation", "modified"}
STANDARD_COLUMNS = {
	"name",
	"owner",
	"creation",
	"modified",
	"modified_by",
	"docstatus",
	"idx",
	"parent",
	"parenttype",
	"parentfield",
	"_user_tags",
	"_comments",
	"_assign",
	"_liked_by",
	"_seen",
}
COMPARISONS = {"=", "!=", "<", ">", "<=", ">="}
OPERATORS = (*sorted(COMPARISONS), "like", "not like", "in", "not in", "is", "between", "timespan")
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
			raise NotImplementedError(
				f"The filter operator {self.operator!r} is missing in the embedded host; a bench has it"
			)
		if self.operator not in OPERATORS:
			frappe.throw(_("Operator must be one of {0}").format(", ".join(OPERATORS)))
		if self.operator == "is" and self.value not in ("set", "not set"):
			raise ValueError("`is` operator only supports `set` and `not set` as value")


def read_filters(doctype: str, filters) -> list:
	"""Filters in any of Frappe's forms (name, dict, list of names, list of lists, criterion, JSON) as a flat list."""
	if isinstance(filters, Term | Filter):
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
	frappe.throw(
		_("Filter must have 4 values (doctype, fieldname, operator, value): {0}").format(str(each))
	)


def _from_pair(doctype: str, key: str, value) -> Filter:
	if isinstance(value, list | tuple):
		return Filter(doctype, key, *value)
	return Filter(doctype, key, "=", value)


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
	joins: dict[str, str] = field(default_factory=dict)
	join_type: str = "left join"
	conditions: list[str] = field(default_factory=list)
	params: list = field(default_factory=list)

	@property
	def table(self) -> str:
		return f"`tab{self.doctype}`"

	@property
	def meta(self):
		return frappe.get_meta(self.doctype)

	def add_filters(self, filters, glue: str = " and ") -> None:
		rendered = [self._render(each) for each in read_filters(self.doctype, filters)]
		if rendered:
			self.conditions.append(f"({glue.join(rendered)})")

	def add_field(self, text) -> None:
		if isinstance(text, Term):
			self.columns.append(text.get_sql(quote_char="`", with_alias=True, with_namespace=bool(self.joins)))
			return
		expression, _as, alias = (text if " as " in text else text + " as ").partition(" as ")
		alias = alias.strip()
		self.columns.append(self.column(expression.strip()) + (f" as {alias}" if alias else ""))

	def column(self, expression: str) -> str:
		"""The SQL of a field as callers name it; joins the child or linked table that it stands in."""
		head, dot, fieldname = expression.partition(".")
		df = dot and WORD.match(head) and WORD.match(fieldname.strip("`")) and self.meta.get_field(head)
		if df and df.fieldtype == "Link":
			return f"{self._join_link(df)}.`{fieldname.strip('`')}`"
		if df:
			return f"{self._join_child(df.options)}.`{fieldname.strip('`')}`"
		for doctype in TABLE_REFERENCE.findall(expression):
			self._join_child(doctype)
		return f"{self.table}.`{expression}`" if WORD.match(expression) else expression

	def _join_child(self, doctype: str) -> str:
		table = f"`tab{doctype}`"
		if doctype != self.doctype and table not in self.joins.values():
			condition = f"{table}.parenttype = '{self.doctype}' and {table}.parent = {self.table}.name"
			self.joins[f"{self.join_type} {table} on ({condition})"] = table
		return table

	def _join_link(self, df) -> str:
		alias = f"`tab{df.options}_{df.fieldname}`"
		on = f"{alias}.name = {self.table}.`{df.fieldname}`"
		self.joins[f"{self.join_type} `tab{df.options}` {alias} on ({on})"] = alias
		return alias

	def _render(self, each) -> str:
		if isinstance(each, Term):
			return self._render_term(each)
		if isinstance(each.fieldname, Term):
			column, df = self._render_term(each.fieldname), None
		else:
			column, df = self._filter_column(each)
		return self._compare(column, each, df)

	def _render_term(self, term: Term) -> str:
		return term.get_sql(quote_char="`", with_namespace=True, param_wrapper=_Positional(self.params))

	def _filter_column(self, each: Filter):
		if not COLUMN.match(each.fieldname):
			frappe.throw(_("Invalid filter: {0}").format(each.fieldname), frappe.DataError)
		if not WORD.match(each.fieldname):
			return self.column(each.fieldname), self._dotted_field(each.fieldname)
		doctype = each.doctype if each.doctype != self.doctype else self._owner_of(each.fieldname)
		table = self._join_child(doctype)
		return f"{table}.`{each.fieldname}`", _field(doctype, each.fieldname)

	def _dotted_field(self, expression: str):
		head, _dot, fieldname = expression.replace("`", "").partition(".")
		link = self.meta.get_field(head)
		doctype = link.options if link else head.removeprefix("tab")
		return _field(doctype, fieldname) if fieldname else None

	def _owner_of(self, fieldname: str) -> str:
		"""The DocType itself, or else its child table that has this field."""
		if not self.null_safe or fieldname in STANDARD_COLUMNS or self.meta.has_field(fieldname):
			return self.doctype
		for df in self.meta.get_table_fields():
			if frappe.get_meta(df.options).has_field(fieldname):
				return df.options
		return self.doctype

	def _compare(self, column: str, each: Filter, df) -> str:
		operator, value = each.operator, each.value
		if isinstance(value, Term):
			return f"{column} {operator} {self._render_term(value)}"
		if operator == "is":
			return f"{column} != ''" if value == "set" else f"({column} is null or {column} = '')"
		if value is None and not self.null_safe:
			return f"{column} is {'not ' if operator == '!=' else ''}null"
		kind = _kind(each.fieldname, df)
		if operator in ("between", "timespan"):
			self.params += _between(operator, value, kind if self.null_safe else "")
			return f"{column} between %s and %s"
		if operator in ("in", "not in"):
			value = _as_list(value, kind)
			condition = f"{column} {operator} %s"
		else:
			value = column_value(kind, value)
			condition = f"{column} {operator} %s"
		self.params.append(value)
		if self.null_safe and _null_matches(operator, value, kind, each.fieldname):
			return f"({column} is null or {condition})"
		return condition

	def sql(self, suffix: str = "", distinct: bool = False) -> str:
		where = f" where {' and '.join(self.conditions)}" if self.conditions else ""
		columns = ("distinct " if distinct else "") + ", ".join(self.columns)
		return f"select {columns} from {' '.join([self.table, *self.joins])}{where}{suffix}"


def _field(doctype: str, fieldname: str):
	is_doctype = doctype not in PLAIN_TABLES and not doctype.startswith("__")
	return frappe.get_meta(doctype).get_field(fieldname) if is_doctype else None


def _kind(fieldname, df) -> str:
	if fieldname in STANDARD_DATETIMES:
		return "Datetime"
	if fieldname in ("docstatus", "idx"):
		return "Int"
	return df.fieldtype if df else "Data"


def column_value(fieldtype: str, value):
	"""`value` in the form in which a column of `fieldtype` stores it, so that comparisons are right.

	:raises frappe.db.OperationalError: for what is no date or time, as MariaDB refuses it."""
	from frappe.utils import cstr, flt, get_time, getdate

	if fieldtype in NUMERIC_FIELDTYPES:
		return flt(value) if isinstance(value, str) or value is None else value
	if value in (None, ""):
		return ""
	try:
		if fieldtype == "Date":
			return getdate(value).isoformat()
		if fieldtype == "Datetime":
			return as_datetime(value)
		if fieldtype == "Time" and not isinstance(value, datetime.timedelta):
			return get_time(str(value)).isoformat("microseconds")
	except (ValueError, frappe.ValidationError) as error:
		frappe.clear_last_message()
		raise frappe.db.OperationalError(f"Incorrect {fieldtype.lower()} value: '{value}'") from error
	return value if isinstance(value, datetime.timedelta) else cstr(value)


def as_datetime(value) -> datetime.datetime:
	from frappe.utils import get_datetime

	if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
		return datetime.datetime.combine(value, datetime.time())
	moment = get_datetime(value)
	if moment is None:
		raise ValueError(value)
	return moment


def _as_list(value, kind: str) -> list:
	values = value.split(",") if isinstance(value, str) else list(value or [])
	return [column_value(kind, each.strip() if isinstance(each, str) else each) for each in values] or [""]


def _null_matches(operator: str, value, kind: str, fieldname) -> bool:
	"""Whether a row without a value fulfils the condition, reading it as an empty one."""
	if fieldname in ("name", *STANDARD_DATETIMES) or (kind in NUMERIC_FIELDTYPES and operator not in ("in", "not in")):
		return False
	empty = "" in value if isinstance(value, list) else value == ""
	if operator in ("=", "in"):
		return empty
	if operator in ("!=", "not in"):
		return not empty
	return operator in ("<", "<=", "not like")


def _between(operator: str, value, kind: str) -> list:
	from frappe.utils import get_timespan_date_range, nowdate

	if operator == "timespan":
		value = get_timespan_date_range(value)
	start, end = (*(value or ()), nowdate(), nowdate())[:2] if value else (nowdate(), nowdate())
	if kind != "Datetime":
		return [column_value(kind, start), column_value(kind, end)]
	return [_day_edge(start, datetime.time.min), _day_edge(end, datetime.time.max)]


def _day_edge(value, time: datetime.time) -> datetime.datetime:
	"""A moment as it is; a day at `time`."""
	is_day = (isinstance(value, str) and ":" not in value) or (
		isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
	)
	moment = as_datetime(value)
	return datetime.datetime.combine(moment.date(), time) if is_day else moment
