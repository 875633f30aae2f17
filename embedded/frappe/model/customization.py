"""What a site changed about a DocType: fields of its own, properties, permissions."""

from typing import TYPE_CHECKING

import frappe
from frappe.types import _dict

if TYPE_CHECKING:
	from frappe.model.meta import Meta

UNDERSTOOD = {
	*("permlevel", "reqd", "hidden", "read_only", "print_hide", "in_list_view", "in_standard_filter", "bold"),
	*(
		"label",
		"description",
		"default",
		"options",
		"precision",
		"no_copy",
		"allow_on_submit",
		"set_only_once",
	),
	*("ignore_user_permissions", "search_index", "depends_on", "report_hide", "search_fields", "title_field"),
	*("autoname", "naming_rule"),
}


def customize(meta: "Meta") -> None:
	"""Apply to a Meta, as it came from its app, what the site keeps about it."""
	_add_fields(meta)
	_set_properties(meta)
	rows = _rows("Custom DocPerm", "parent", meta.name, "creation")
	meta.permissions = rows or meta.permissions


def _add_fields(meta: "Meta") -> None:
	for row in _rows("Custom Field", "dt", meta.name, "idx, creation"):
		row.is_custom_field = 1
		names = [df.fieldname for df in meta.fields]
		position = names.index(row.insert_after) + 1 if row.insert_after in names else len(names)
		meta.fields.insert(position, row)


def _set_properties(meta: "Meta") -> None:
	fields = {df.fieldname: df for df in meta.fields}
	for row in _rows("Property Setter", "doc_type", meta.name, "creation"):
		if row.property not in UNDERSTOOD:
			raise frappe.missing(f"A Property Setter of {row.property}")
		value = frappe.utils.cint(row.value) if row.property_type in ("Check", "Int") else row.value
		if row.doctype_or_field == "DocType":
			setattr(meta, row.property, value)
		elif row.field_name in fields:
			fields[row.field_name][row.property] = value


def _rows(doctype: str, column: str, name: str, order: str) -> list[_dict]:
	if not frappe.db.table_exists(doctype):
		return []
	query = f"select * from `tab{doctype}` where `{column}` = %s order by {order}"
	return [_dict(row) for row in frappe.db.sql(query, (name,), as_dict=True)]
