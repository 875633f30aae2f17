"""The check of every list query that comes from outside, and what limits a list to what the user may see."""

import json
import re

import frappe
from frappe import _
from frappe.model import child_table_fields, default_fields, optional_fields

STANDARD_FIELDS = {*default_fields, *optional_fields, *child_table_fields, "*"}
ALIAS = re.compile(r"\s+as\s+\S+$", re.IGNORECASE)
FUNCTION = re.compile(r"^(?:count|sum|avg|min|max)\s*\(\s*(?:distinct\s+)?(.+?)\s*\)$", re.IGNORECASE)
COLUMN = re.compile(r"^(?:`?(?P<table>[\w ]+?)`?\.)?`?(?P<field>\w+|\*)`?$")


def build_match_conditions(doctype, user=None):
	"""Return what limits a list of the DocType to what the user may see, as SQL that can be formatted with %."""
	from frappe.model.db_query import DatabaseQuery

	return DatabaseQuery(doctype, user).build_match_conditions()


def validate_args(arguments):
	"""Parse the JSON in `fields` and filters and refuse fields the DocType lacks, with DataError."""
	for key in ("filters", "or_filters", "fields"):
		value = arguments.get(key)
		if value and isinstance(value, str):
			arguments[key] = ["*"] if value == "*" else json.loads(value)
	for field in [arguments.fields] if isinstance(arguments.fields, str) else arguments.fields or []:
		column = ALIAS.sub("", str(field).strip())
		call = FUNCTION.match(column)
		_check_field(call.group(1) if call else column, arguments.doctype)
	for key in ("filters", "or_filters"):
		_validate_filters(arguments.doctype, arguments.get(key) or [])
	return arguments


def _validate_filters(doctype, filters):
	"""Filters are `{column: value}`, or lists of `[column, operator, value]` with or without a DocType first."""
	for condition in [(column, "=", None) for column in filters] if isinstance(filters, dict) else filters:
		if len(condition) == 3:
			_check_field(condition[0], doctype)
		else:
			_check_field(condition[1], condition[0])


def _check_field(column, doctype):
	"""Refuse a column, `field` or `tabDocType.field`, that is no field of the DocType, with DataError."""
	match = COLUMN.match(str(column).strip())
	if match and match["table"] not in (None, f"tab{doctype}"):
		raise frappe.missing(f"A list of {doctype} with fields of {match['table']}")
	if not match or not (
		match["field"] in STANDARD_FIELDS or frappe.get_meta(doctype).has_field(match["field"])
	):
		frappe.throw(_("Field not permitted in query") + f": {column}", frappe.DataError)
