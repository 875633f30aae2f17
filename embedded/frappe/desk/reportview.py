"""The check of every list query that comes from outside, and what limits a list to what the user may see."""

import json
import re

import frappe
from frappe import _
from frappe.model import child_table_fields, default_fields, get_permitted_fields, optional_fields
from frappe.utils import cint

STANDARD_FIELDS = {*default_fields, *optional_fields, *child_table_fields, "*"}
ALIAS = re.compile(r"\s+as\s+\S+$", re.IGNORECASE)
FUNCTION = re.compile(r"^(?:count|sum|avg|min|max)\s*\(\s*(?:distinct\s+)?(.+?)\s*\)$", re.IGNORECASE)
COLUMN = re.compile(r"^(?:`?(?P<table>[\w ]+?)`?\.)?`?(?P<field>\w+|\*)`?$")


def build_match_conditions(doctype, user=None):
	"""Return what limits a list of the DocType to what the user may see, as SQL that can be formatted with %."""
	from frappe.model.db_query import DatabaseQuery

	return DatabaseQuery(doctype, user).build_match_conditions()


def validate_args(arguments):
	"""Parse the JSON in `fields` and filters and refuse fields the DocType lacks, with DataError.

	Fields above the user's permission level are silently left out, as the form does.
	"""
	for key in ("filters", "or_filters", "fields"):
		value = arguments.get(key)
		if value and isinstance(value, str):
			arguments[key] = ["*"] if value == "*" else json.loads(value)
	fields = [arguments.fields] if isinstance(arguments.fields, str) else list(arguments.fields or [])
	if fields == ["*"]:
		parent = arguments.parent_doctype
		arguments.fields = get_permitted_fields(arguments.doctype, parenttype=parent, ignore_virtual=True)
	elif fields:
		arguments.fields = [field for field in fields if _is_readable(field, arguments.doctype)]
	for key in ("filters", "or_filters"):
		_validate_filters(arguments.doctype, arguments.get(key) or [])
	return arguments


def _is_readable(field, doctype) -> bool:
	column = ALIAS.sub("", str(field).strip())
	call = FUNCTION.match(column)
	df = _find_field(call.group(1) if call else column, doctype)
	if not df or not cint(df.permlevel):
		return True
	return cint(df.permlevel) in frappe.get_meta(df.parent).get_permlevel_access(parenttype=doctype)


def _validate_filters(doctype, filters):
	"""Filters are `{column: value}`, or lists of `[column, operator, value]` with or without a DocType first."""
	for condition in [(column, "=", None) for column in filters] if isinstance(filters, dict) else filters:
		if len(condition) == 3:
			_find_field(condition[0], doctype)
		else:
			_find_field(condition[1], condition[0])


def _find_field(column, doctype):
	"""Return the DocField a column names, None for a standard field; DataError if there is neither.

	Understands `field`, `tabOther DocType.field` and `table_field.field`.
	"""
	match = COLUMN.match(str(column).strip())
	if match and match["field"] in STANDARD_FIELDS:
		return None
	df = match and _get_field(doctype, match["table"], match["field"])
	return df or frappe.throw(_("Field not permitted in query") + f": {column}", frappe.DataError)


def _get_field(doctype, table, field):
	if table and table.startswith("tab"):
		doctype = table.removeprefix("tab")
	elif table:
		df = frappe.get_meta(doctype).get_field(table)
		doctype = df and df.options
	return frappe.get_meta(doctype).get_field(field) if doctype else None
