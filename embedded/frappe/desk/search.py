"""Suggestions for link fields."""

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.types import _dict
from frappe.utils import cint, cstr

if TYPE_CHECKING:
	from frappe.model.meta import Meta

	# of a bench
	def search_widget(doctype: str, txt: str, **options: Any) -> list: ...

	def get_link_title(doctype: str, docname: str) -> str | None: ...


TEXT_TYPES = {"Data", "Text", "Small Text", "Long Text", "Link", "Select", "Read Only", "Text Editor"}


@frappe.whitelist()
def search_link(
	doctype: str,
	txt: str,
	query: str | None = None,
	filters: str | dict | list | None = None,
	page_length: int = 10,
	searchfield: str | None = None,
) -> list[dict]:
	"""Return suggestions as `{"value", "description"}`, with `label` where the title stands for the name."""
	if query or searchfield:
		raise frappe.missing("search_link with a query or a searchfield")
	meta = frappe.get_meta(doctype)
	rows = _find(meta, txt.strip(), frappe.parse_json(filters) or [])
	return [_suggest(meta, row) for row in rows[: cint(page_length)]]


def _find(meta: "Meta", txt: str, filters: dict | list | str) -> list:
	"""Return all matches, best first: names that begin with the text, then the rest, alphabetically."""
	filters = list(filters.items() if isinstance(filters, dict) else filters)
	if meta.has_field("enabled"):
		filters.append(["enabled", "=", 1])
	if meta.has_field("disabled"):
		filters.append(["disabled", "!=", 1])

	fields = list(dict.fromkeys(["name", meta.title_field or "name", *meta.get_search_fields()]))
	texts = {"name", *(df.fieldname for df in meta.fields if df.fieldtype in TEXT_TYPES)}
	searched = texts.intersection(fields) if txt and not meta.translated_doctype else ()
	matching = [[field, "like", f"%{txt}%"] for field in searched]
	rows = frappe.get_list(meta.name, fields=fields, filters=filters, or_filters=matching)
	if meta.translated_doctype:
		rows = [
			row for row in rows if any(txt.casefold() in _(cstr(each)).casefold() for each in row.values())
		]
	beginning = txt.casefold()
	return sorted(rows, key=lambda row: (not row.name.casefold().startswith(beginning), row.name))


def _suggest(meta: "Meta", row: _dict) -> dict:
	"""Describe a row by its other fields; by its name too where the title is shown in its place."""
	suggestion = {"value": row.name}
	described = {field: value for field, value in row.items() if field != "name"}
	if meta.show_title_field_in_link and meta.title_field:
		suggestion["label"] = described.pop(meta.title_field)
		described = {"name": row.name, **described}
	texts = dict.fromkeys(cstr(value) for value in described.values() if value)
	if meta.translated_doctype:
		texts = map(_, texts)
	return {**suggestion, "description": ", ".join(texts)}
