"""Repairs that set fields: with a fixed number of statements, and a comment on each record that says what was there before."""

from collections.abc import Callable
from functools import partial
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, flt, now_datetime
from pypika import Table

from crm_pipeline.history.changes import WATCHED, record_change_of_many
from crm_pipeline.utils.bulk_sql import bulk_insert, in_list, new_row, update_where
from crm_pipeline.utils.markup import escaped

CHANGES = {field: change for change, field in WATCHED.items()}
Values = Callable[[], dict[str, Any]]


def correct(doctype: str, values: Values) -> Callable[[list[str]], None]:
	"""Return what sets fields of records of a DocType.

	Args:
		values: terms or constants by field, asked for when they are needed.
	"""
	return partial(_correct, doctype, values)


def _correct(doctype: str, values: Values, names: list[str]) -> None:
	set_fields(doctype, names, values())


def set_fields(doctype: str, names: list[str], values: dict[str, Any]) -> None:
	"""Set fields of records; the history of opportunities has it, and a comment says it on each."""
	table = Table(f"tab{doctype}")
	before = _values(doctype, names, [*values])
	touched = {"modified": now_datetime(), "modified_by": frappe.session.user}
	update_where(table, table.name.isin(in_list(names)), {**values, **touched})
	if doctype == "Opportunity":
		for field in CHANGES.keys() & values:
			record_change_of_many(names, CHANGES[field])
	comment_on_differences(doctype, before, _values(doctype, names, [*values]))
	frappe.clear_document_cache(doctype)


def comment_on_differences(doctype: str, before: dict[str, dict], after: dict[str, dict]) -> None:
	"""Say on each record which of its fields were corrected, from what to what."""
	bulk_insert(
		"Comment",
		(
			comment_row(doctype, name, told)
			for name, former in before.items()
			if (told := _told(doctype, former, after[name]))
		),
	)


def comment_row(doctype: str, name: str, told_html: str) -> dict:
	"""Return a comment, still to be stored, that says on a record what was corrected of it."""
	return {
		**new_row(),
		"comment_type": "Info",
		"comment_email": frappe.session.user,
		"comment_by": frappe.utils.get_fullname(),
		"reference_doctype": doctype,
		"reference_name": name,
		"content": _("corrected what contradicted the rest of the record. {0}").format(told_html),
	}


def _values(doctype: str, names: list[str], fields: list[str]) -> dict[str, dict]:
	table = Table(f"tab{doctype}")
	query = frappe.qb.from_(table).select(table.name, *(table[field] for field in fields))
	rows = query.where(table.name.isin(in_list(names))).orderby(table.name).run(as_dict=True)
	return {row.pop("name"): row for row in rows}


def _told(doctype: str, before: dict, after: dict) -> str:
	meta = frappe.get_meta(doctype)
	return ", ".join(
		f"{escaped(_(meta.get_label(field)))}: {_plain(before[field])} → {_plain(after[field])}"
		for field in before
		if _plain(before[field]) != _plain(after[field])
	)


def _plain(value: Any) -> str:
	"""Return a stored value as text in HTML, numbers without the decimals that databases fill up."""
	if isinstance(value, float) or hasattr(value, "as_tuple"):
		return f"{flt(value):.9f}".rstrip("0").rstrip(".")
	return escaped(cstr(value)) or "–"
