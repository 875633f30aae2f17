"""The check of every list query that comes from outside, and what limits a list to what the user may see."""

import json

import frappe
from frappe import _
from frappe.database.query import FIELD, linked_table, read_filters
from frappe.model import child_table_fields, default_fields, optional_fields
from frappe.types import _dict

STANDARD_FIELDS = {*default_fields, *optional_fields, *child_table_fields, "*"}


def build_match_conditions(doctype: str, user: str | None = None) -> str:
	"""Return what limits a list of the DocType to what the user may see, as SQL that can be formatted with %."""
	from frappe.model.db_query import DatabaseQuery

	return DatabaseQuery(doctype, user).build_match_conditions()


def validate_args(arguments: _dict) -> _dict:
	"""Parse the JSON in `fields` and filters.

	:raises frappe.DataError: for a field the DocType lacks.
	:raises frappe.PermissionError: for SQL in place of a field."""
	for key in ("filters", "or_filters", "fields"):
		value = arguments.get(key)
		if value and isinstance(value, str):
			arguments[key] = ["*"] if value == "*" else json.loads(value)
	for field in [arguments.fields] if isinstance(arguments.fields, str) else arguments.fields or []:
		if not FIELD.match(str(field).strip()):
			frappe.throw(_("Invalid field format for SELECT: {0}").format(field), frappe.PermissionError)
		_check_field(field, arguments.doctype)
	for filters in (arguments.filters or [], arguments.or_filters or []):
		listed = filters if isinstance(filters, dict) else list(filters)
		for field, _operator, _value in read_filters(arguments.doctype, listed):
			_check_field(field, arguments.doctype)
	return arguments


def _check_field(field: str, doctype: str) -> None:
	"""Refuse what names no field of the DocType, with DataError."""
	match = FIELD.match(str(field).strip())
	if match:
		doctype = linked_table(frappe.get_meta(doctype), match)[0]
	name = match and match["name"]
	if name not in STANDARD_FIELDS and not (name and frappe.get_meta(doctype).has_field(name)):
		frappe.throw(_("Field not permitted in query") + f": {field}", frappe.DataError)
