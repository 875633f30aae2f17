"""Suggestions for link fields."""

import re

import frappe
from frappe import _
from frappe.utils import cint, cstr, unique

TEXT_TYPES = {"Data", "Text", "Small Text", "Long Text", "Link", "Select", "Read Only", "Text Editor"}


@frappe.whitelist()
def search_link(
	doctype: str,
	txt: str,
	query: str | None = None,
	filters: str | dict | list | None = None,
	page_length: int = 10,
	searchfield: str | None = None,
	reference_doctype: str | None = None,
	ignore_user_permissions: bool = False,
) -> list[dict]:
	"""Return suggestions as `{"value", "description"}`, with `label` where the title stands for the name."""
	if query:
		raise frappe.missing("search_link with a query")
	if searchfield and re.search(r"\W", searchfield):
		frappe.throw(_("Invalid Search Field {0}").format(searchfield), frappe.DataError)
	meta = frappe.get_meta(doctype)
	fields = unique([*_search_fields(meta), *([searchfield] if searchfield else [])])
	rows = _find(meta, txt.strip(), fields, frappe.parse_json(filters))
	return [_suggest(meta, row) for row in rows[: cint(page_length)]]


def _search_fields(meta) -> list[str]:
	titles = [meta.title_field] if meta.title_field else []
	return unique(["name", *titles, *meta.get_search_fields()])


def _find(meta, txt, fields, filters) -> list:
	"""Return all matches, best first: names that begin with the text, then the rest, alphabetically."""
	if isinstance(filters, dict):
		filters = [[meta.name, *_as_condition(field, value)] for field, value in filters.items()]
	filters = list(filters or [])
	if meta.get_field("enabled"):
		filters.append([meta.name, "enabled", "=", 1])
	if meta.get_field("disabled"):
		filters.append([meta.name, "disabled", "!=", 1])

	texts = {"name", *(df.fieldname for df in meta.fields if df.fieldtype in TEXT_TYPES)}
	matching = [
		[meta.name, field, "like", f"%{txt}%"] for field in _search_fields(meta) if txt and field in texts
	]
	rows = frappe.get_list(meta.name, fields=fields, filters=filters, or_filters=matching)
	beginning = txt.casefold()
	return sorted(rows, key=lambda row: (not row.name.casefold().startswith(beginning), row.name))


def _as_condition(field, value) -> tuple:
	return (field, *value) if isinstance(value, list | tuple) else (field, "=", value)


def _suggest(meta, row) -> dict:
	"""Describe a row by its other fields; by its name too where the title is shown in its place."""
	suggestion = {"value": row.name}
	described = {field: value for field, value in row.items() if field != "name"}
	if meta.show_title_field_in_link and meta.title_field:
		suggestion["label"] = described.pop(meta.title_field)
		described = {"name": row.name, **described}
	return {
		**suggestion,
		"description": ", ".join(unique(cstr(value) for value in described.values() if value)),
	}
