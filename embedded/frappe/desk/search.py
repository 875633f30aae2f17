"""Suggestions for link fields."""

import re

import frappe
from frappe import _, is_whitelisted
from frappe.utils import cint, cstr, unique

SEARCHABLE_TYPES = (
	"Data",
	"Text",
	"Small Text",
	"Long Text",
	"Link",
	"Select",
	"Read Only",
	"Text Editor",
)
SPECIAL_CHARACTERS = re.compile(r"\W")


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
	rows = search_widget(
		doctype,
		txt.strip(),
		query,
		searchfield=searchfield,
		page_length=page_length,
		filters=filters,
		reference_doctype=reference_doctype,
		ignore_user_permissions=ignore_user_permissions,
	)
	with_title = frappe.get_meta(doctype).show_title_field_in_link
	return [_suggest(list(row), with_title) for row in rows]


@frappe.whitelist()
def search_widget(
	doctype: str,
	txt: str,
	query: str | None = None,
	searchfield: str | None = None,
	start: int = 0,
	page_length: int = 10,
	filters: str | dict | list | None = None,
	filter_fields=None,
	as_dict: bool = False,
	reference_doctype: str | None = None,
	ignore_user_permissions: bool = False,
):
	"""Return matching rows: name, title, search fields. A custom `query` function of an app may decide."""
	filters = frappe.parse_json(filters)
	searchfield = searchfield or "name"
	sanitize_searchfield(searchfield)
	query = query or (frappe.get_hooks("standard_queries") or {}).get(doctype, [None])[-1]
	if query:
		method = frappe.get_attr(query)
		is_whitelisted(method)
		arguments = (doctype, txt, searchfield, start, page_length, filters)
		return frappe.call(method, *arguments, as_dict=as_dict, reference_doctype=reference_doctype)

	meta = frappe.get_meta(doctype)
	fields = _result_fields(meta, searchfield, frappe.parse_json(filter_fields) or [])
	rows = _find(meta, txt, fields, filters)
	rows = rows[cint(start) : cint(start) + cint(page_length)]
	return rows if as_dict else [tuple(row.values()) for row in rows]


def sanitize_searchfield(searchfield: str | None):
	if searchfield and SPECIAL_CHARACTERS.search(searchfield):
		frappe.throw(_("Invalid Search Field {0}").format(searchfield), frappe.DataError)


def _find(meta, txt, fields, filters) -> list:
	"""Return all matches, best first: names that begin with the text, then the rest, alphabetically."""
	if isinstance(filters, dict):
		filters = [[meta.name, *_as_condition(field, value)] for field, value in filters.items()]
	filters = list(filters or [])
	if meta.get_field("enabled"):
		filters.append([meta.name, "enabled", "=", 1])
	if meta.get_field("disabled"):
		filters.append([meta.name, "disabled", "!=", 1])

	searched = [field for field in _search_fields(meta) if _is_searchable(meta, field)] if txt else []
	matching = [[meta.name, field, "like", f"%{txt}%"] for field in searched]
	rows = frappe.get_list(meta.name, fields=fields, filters=filters, or_filters=matching)
	beginning = txt.casefold()
	return sorted(rows, key=lambda row: (not row.name.casefold().startswith(beginning), row.name))


def _as_condition(field, value) -> tuple:
	return (field, *value) if isinstance(value, list | tuple) else (field, "=", value)


def _is_searchable(meta, field) -> bool:
	df = meta.get_field(field)
	return field == "name" or bool(df and df.fieldtype in SEARCHABLE_TYPES)


def _search_fields(meta) -> list[str]:
	titles = [meta.title_field] if meta.title_field else []
	return unique(["name", *titles, *meta.get_search_fields()])


def _result_fields(meta, searchfield, extra) -> list[str]:
	"""The title comes second, twice where it stands for the name: as the label and as a search field."""
	titles = [meta.title_field] if meta.title_field else []
	fields = unique(["name", *titles, searchfield, *_search_fields(meta), *extra])
	if meta.show_title_field_in_link and meta.title_field:
		fields.insert(1, f"{meta.title_field} as label")
	return fields


def _suggest(row, with_title) -> dict:
	if not with_title:
		return {"value": row[0], "description": _join(row[1:])}
	name, label, *rest = row if len(row) > 1 else (row[0], row[0])
	if rest and rest[0] == label:
		rest = rest[1:]
	return {"value": name, "label": label, "description": _join([name, *rest])}


def _join(parts) -> str:
	return ", ".join(unique(cstr(part) for part in parts if part))


@frappe.whitelist()
def get_link_title(doctype, docname):
	meta = frappe.get_meta(doctype)
	if not meta.show_title_field_in_link:
		return docname
	return frappe.db.get_value(doctype, docname, meta.title_field)
