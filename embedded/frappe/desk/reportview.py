"""Lists for Desk, and the check of every list query that comes from outside."""

import json
import re

import frappe
from frappe import _
from frappe.model import child_table_fields, default_fields, get_permitted_fields, optional_fields
from frappe.utils import cint
from frappe.utils.data import sbool

INTERNAL_PARAMS = ("cmd", "data", "ignore_permissions", "view", "user", "csrf_token", "join")
QUERY_PARAMS = (
	"doctype",
	"fields",
	"filters",
	"or_filters",
	"group_by",
	"order_by",
	"start",
	"page_length",
	"limit_start",
	"limit_page_length",
	"parent_doctype",
	"distinct",
)
STANDARD_FIELDS = {*default_fields, *optional_fields, *child_table_fields}
ALIAS = re.compile(r"\s+as\s+\S+$", re.IGNORECASE)
FUNCTION = re.compile(r"^(?:count|sum|avg|min|max)\s*\(\s*(?:distinct\s+)?(.+?)\s*\)$", re.IGNORECASE)
COLUMN = re.compile(r"^(?:`?(?P<table>[\w ]+?)`?\.)?`?(?P<field>\w+|\*)`?$")


@frappe.whitelist()
def get():
	"""Return a page as `{"keys": [...], "values": [[...], ...]}`."""
	rows = _query(get_form_params())
	if not rows:
		return rows
	keys = list(rows[0])
	return {"keys": keys, "values": [[row.get(key) for key in keys] for row in rows], "user_info": {}}


@frappe.whitelist()
def get_list():
	return _query(get_form_params())


@frappe.whitelist()
def get_count() -> int:
	"""Return the number of matches, counting no further than `limit` if that is given."""
	arguments = get_form_params()
	column = f"`tab{arguments.doctype}`.name"
	if sbool(arguments.distinct):
		column = f"distinct {column}"
	limit = cint(arguments.limit)
	arguments = frappe._dict(arguments, fields=[f"count({column}) as total"], order_by=None)
	for param in ("limit", "start", "page_length", "limit_start", "limit_page_length", "distinct"):
		arguments.pop(param, None)
	total = cint(_query(arguments)[0].total)
	return min(total, limit) if limit else total


@frappe.whitelist()
def export_query():
	raise NotImplementedError(
		"frappe.desk.reportview.export_query is not in the embedded host; a bench has it"
	)


def build_match_conditions(doctype, user=None, as_condition=True):
	"""Return what limits a list of the DocType to what the user may see, as SQL that can be formatted with %."""
	from frappe.model.db_query import DatabaseQuery

	conditions = DatabaseQuery(doctype, user=user).build_match_conditions(as_condition=as_condition)
	return conditions.replace("%", "%%") if as_condition else conditions


def _query(arguments):
	return frappe.get_list(**{key: value for key, value in arguments.items() if key in QUERY_PARAMS})


def get_form_params() -> dict:
	arguments = frappe._dict(frappe.local.form_dict)
	for param in INTERNAL_PARAMS:
		arguments.pop(param, None)
	return validate_args(arguments)


def validate_args(arguments):
	"""Parse the JSON in `fields` and filters and refuse fields the DocType lacks, with DataError.

	Fields above the user's permission level are silently left out, as the form does.
	"""
	for key in ("filters", "or_filters", "fields"):
		value = arguments.get(key)
		if value and isinstance(value, str):
			arguments[key] = ["*"] if value == "*" else json.loads(value)
	if isinstance(arguments.fields, str):
		arguments.fields = [arguments.fields]
	_validate_fields(arguments)
	for key in ("filters", "or_filters"):
		_validate_filters(arguments.doctype, arguments.get(key) or [])
	return arguments


def _validate_fields(arguments):
	fields = list(arguments.fields or [])
	if fields == ["*"]:
		arguments.fields = get_permitted_fields(
			arguments.doctype, parenttype=arguments.parent_doctype, ignore_virtual=True
		)
	elif fields:
		arguments.fields = [field for field in fields if _is_readable(field, arguments.doctype)]


def _is_readable(field, doctype) -> bool:
	column = ALIAS.sub("", str(field).strip())
	call = FUNCTION.match(column)
	df = _find_field(call.group(1) if call else column, doctype)
	if not df or not cint(df.permlevel):
		return True
	return cint(df.permlevel) in frappe.get_meta(df.parent).get_permlevel_access(parenttype=doctype)


def _validate_filters(doctype, filters):
	if isinstance(filters, dict):
		for column in filters:
			_find_field(column, doctype)
		return
	for condition in filters:
		if len(condition) == 3:
			_find_field(condition[0], doctype)
		else:
			_find_field(condition[1], condition[0])


def _find_field(column, doctype):
	"""Return the DocField a column names, None for a standard field; DataError if there is neither.

	Understands `field`, `tabOther DocType.field` and `table_field.field`.
	"""
	match = COLUMN.match(str(column).strip())
	if not match:
		_refuse(column)
	field, table = match["field"], match["table"]
	if field in STANDARD_FIELDS or field == "*":
		return None
	if table:
		doctype = table.removeprefix("tab") if table.startswith("tab") else _options_of(doctype, table)
	return frappe.get_meta(doctype).get_field(field) or _refuse(column)


def _options_of(doctype, fieldname) -> str:
	df = frappe.get_meta(doctype).get_field(fieldname)
	return df.options if df else _refuse(fieldname)


def _refuse(column):
	frappe.throw(_("Field not permitted in query") + f": {column}", frappe.DataError)
