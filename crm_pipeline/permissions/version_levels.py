"""What Frappe's versions keep of our documents: nothing that its readers may not read in the document.

A form gets all versions of its document with it, whatever the levels of the fields that they tell of.
"""

import json
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cint

# What is derived with every save, so that nobody misses it.
LEVEL = 2
LEVELLED = ("Quotation",)


def leave_out_costs(version: Document, method: str | None = None) -> None:
	"""Take the fields on the level of costs out of a new version, as the hook `before_insert`."""
	if version.ref_doctype not in LEVELLED or not version.data:
		return
	meta = frappe.get_meta(version.ref_doctype)
	tables = {df.fieldname: _costs(df.options) for df in meta.get_table_fields()}
	version.data = json.dumps(_without(json.loads(version.data), _costs(meta.name), tables))


def _costs(doctype: str) -> set[str]:
	return {df.fieldname for df in frappe.get_meta(doctype).fields if cint(df.permlevel) == LEVEL}


def _without(data: dict, fields: set[str], tables: dict[str, set[str]]) -> dict[str, Any]:
	"""Return what a version says but for some fields of the document and of its rows."""

	def of_row(table: str, row: dict) -> dict:
		return {field: value for field, value in row.items() if field not in tables.get(table, ())}

	rows = [
		[table, index, name, [change for change in changes if change[0] not in tables.get(table, ())]]
		for table, index, name, changes in data.get("row_changed") or ()
	]
	left = {
		"changed": [change for change in data.get("changed") or () if change[0] not in fields],
		"row_changed": [row for row in rows if row[3]],
		**{
			key: [[table, of_row(table, row)] for table, row in data.get(key) or ()]
			for key in ("added", "removed")
		},
	}
	return {**data, **{key: value for key, value in left.items() if key in data}}
