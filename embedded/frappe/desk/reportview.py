"""The check of every list query that comes from outside, and what limits a list to what the user may see."""

import json

import frappe
from frappe import _
from frappe.database.query import FIELD
from frappe.model import child_table_fields, default_fields, optional_fields

STANDARD_FIELDS = {*default_fields, *optional_fields, *child_table_fields, "*"}


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
		_check_field(field, arguments.doctype)
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


def _check_field(field, doctype):
	"""Refuse what names no field of the DocType, with DataError."""
	match = FIELD.match(str(field).strip())
	name = match and match["name"]
	if name not in STANDARD_FIELDS and not (name and frappe.get_meta(doctype).has_field(name)):
		frappe.throw(_("Field not permitted in query") + f": {field}", frappe.DataError)
