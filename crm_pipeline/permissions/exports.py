"""Frappe's exports read the rows of tables without asking for permission levels: what is out of reach is left out first."""

from typing import Any

import frappe

from crm_pipeline.permissions.field_levels import hidden_fields, refuse_hidden_filters
from crm_pipeline.permissions.listed import parent_of

READING = ["GET", "POST"]


@frappe.whitelist(methods=READING)
def download_template(
	doctype: str,
	export_fields: dict | str | None = None,
	export_records: str | None = None,
	export_filters: dict | list | str | None = None,
	file_type: str = "CSV",
) -> None:
	"""Export as `data_import.download_template`, without the fields that the session's user may not read.

	Raises:
		frappe.PermissionError, FieldOutOfReach
	"""
	from frappe.core.doctype.data_import.data_import import download_template

	frappe.has_permission(doctype, "read", throw=True)
	filters = frappe.parse_json(export_filters)
	refuse_hidden_filters(doctype, filters)
	fields = readable_fields(doctype, frappe.parse_json(export_fields))
	download_template(doctype, fields, export_records, filters, file_type)


@frappe.whitelist(methods=READING)
def export_data(
	doctype: str | list,
	parent_doctype: str | None = None,
	select_columns: dict | str | None = None,
	filters: dict | list | str | None = None,
	**options: Any,
) -> None:
	"""Export as `data_export.exporter.export_data`, without the columns that the session's user may not read.

	Raises:
		frappe.PermissionError, FieldOutOfReach
	"""
	from frappe.core.doctype.data_export.exporter import export_data

	exported = str(doctype[0] if isinstance(doctype, list) else doctype)
	frappe.has_permission(parent_doctype or exported, "read", throw=True)
	refuse_hidden_filters(exported, frappe.parse_json(filters), parent_doctype)
	columns = readable_selection(exported, parent_doctype, frappe.parse_json(select_columns) or None)
	sent = {"doctype": doctype, "parent_doctype": parent_doctype}
	sent |= {"select_columns": _as_text(columns), "filters": _as_text(filters)}  # which core logs as text
	frappe.call(export_data, **{**options, **sent})


def readable_fields(doctype: str, fields: Any) -> Any:
	"""Return fields to export, given by DocType and by the table that rows stand in, as far as they may be read."""
	if not isinstance(fields, dict):
		return fields  # which Frappe refuses
	hidden = {doctype: hidden_fields(doctype)} | {
		table.fieldname: hidden_fields(table.options, doctype)
		for table in frappe.get_meta(doctype).get_table_fields()
	}
	return _without(fields, hidden)


def readable_selection(doctype: str, parent_doctype: str | None, columns: dict | None) -> dict | None:
	"""Return columns to export, by DocType, as far as they may be read; None for all where nothing is hidden."""
	hidden = {doctype: hidden_fields(doctype, parent_doctype or parent_of(doctype))} | {
		table.options: hidden_fields(table.options, doctype)
		for table in frappe.get_meta(doctype).get_table_fields()
	}
	if not any(hidden.values()):
		return columns
	return _without(columns or {each: frappe.get_meta(each).get_valid_columns() for each in hidden}, hidden)


def _without(chosen: dict, hidden: dict[str, set[str]]) -> dict:
	return {
		key: [field for field in fields if field not in hidden.get(key, ())] for key, fields in chosen.items()
	}


def _as_text(value: Any) -> str | None:
	return value if isinstance(value, str) or value is None else frappe.as_json(value)
