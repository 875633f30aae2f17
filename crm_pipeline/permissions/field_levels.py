"""Which fields the session's user may read: permission levels hold on every path of the app."""

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.utils import cint

from crm_pipeline.exceptions import FieldOutOfReach


def is_readable(doctype: str, *fields: str, parent_doctype: str | None = None) -> bool:
	"""Return whether all of these fields are on levels that the session's user may read."""
	return hidden_fields(doctype, parent_doctype).isdisjoint(fields)


def readable(doctype: str, fields: Iterable[str], parent_doctype: str | None = None) -> list[str]:
	"""Return those of some fields that the session's user may read, in their order."""
	hidden = hidden_fields(doctype, parent_doctype)
	return [field for field in fields if field not in hidden]


def hidden_fields(doctype: str, parent_doctype: str | None = None) -> set[str]:
	"""Return the fields of a DocType that are on a level which the session's user may not read.

	Args:
		parent_doctype: for rows, the DocType that they stand in, whose permissions hold for them.
	"""
	if frappe.session.user == "Administrator":
		return set()
	meta = frappe.get_meta(doctype)
	high = {df.fieldname: cint(df.permlevel) for df in meta.fields if cint(df.permlevel)}
	if not high:
		return set()
	levels = meta.get_permlevel_access("read", parenttype=parent_doctype)
	return {field for field, level in high.items() if level not in levels}


def refuse_hidden_filters(doctype: str, filters, parent_doctype: str | None = None) -> None:
	"""Refuse conditions on fields that the session's user may not read: each answer would tell of them.

	Raises:
		FieldOutOfReach
	"""
	for source, path in _filtered(doctype, filters):
		source, field = _resolve(source, path)
		parent = parent_doctype if source == doctype else doctype
		if not is_readable(source, field, parent_doctype=parent):
			refuse_field(source, field)


def refuse_field(doctype: str, field: str) -> None:
	"""Say which field is out of reach.

	Raises:
		FieldOutOfReach
	"""
	frappe.throw(
		_("You may not read {0}. Leave it out, or ask for its permission level.").format(
			frappe.bold(_(frappe.get_meta(doctype).get_label(field)))
		),
		FieldOutOfReach,
		title=_("Not Permitted"),
	)


def _resolve(doctype: str, path: str) -> tuple[str, str]:
	"""DocType and name of a field that may be given across a link, a table field or the name of a table."""
	*way, field = (part.strip("`") for part in path.split("."))
	if not way:
		return doctype, field
	link = frappe.get_meta(doctype).get_field(way[0])
	return (link.options if link else way[0].removeprefix("tab")), field


def _filtered(doctype: str, filters) -> Iterable[tuple[str, str]]:
	"""DocType and field of each condition, also of conditions within conditions."""
	if isinstance(filters, dict):
		yield from ((doctype, field) for field in filters)
	elif isinstance(filters, (list, tuple)) and filters:
		if all(isinstance(part, str) for part in filters[:2]) and len(filters) > 2:
			yield (filters[0], filters[1]) if len(filters) > 3 else (doctype, filters[0])
		else:
			for condition in filters:
				yield from _filtered(doctype, condition)
