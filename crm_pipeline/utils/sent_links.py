"""Links that clients send: text only, and to records that they may read.

Frappe 15 takes an object for a filter and looks it up before it asks for any right, so that the answer tells whether a
record matches. What a user may not read is refused in the words that Frappe has for what does not exist.
"""

from collections.abc import Iterator

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.exceptions import LinkNotText
from crm_pipeline.utils.markup import bold

LINKS = ("Link", "Dynamic Link")
# What is told of somebody's business, unlike masters such as currencies, and users.
CONFIDENTIAL = frozenset(
	(
		"Lead",
		"Customer",
		"Supplier",
		"Contact",
		"Address",
		"Event",
		"Opportunity",
		"Quotation",
		"Supplier Quotation",
	)
)


def refuse_other_than_text(doc: Document) -> None:
	"""Refuse links, and a name, that are an object, a list, or true; a number becomes text.

	Raises:
		LinkNotText
	"""
	for part in (doc, *doc.get_all_children()):
		for field, label in (("name", "ID"), *((df.fieldname, df.label) for df in _link_fields(part))):
			value = part.get(field)
			if isinstance(value, int) and not isinstance(value, bool):
				part.set(field, str(value))
			elif value is not None and not isinstance(value, str):
				frappe.throw(
					_("{0} must be text.").format(bold(_(label))),
					LinkNotText,
					title=_("Not Text"),
				)


def refuse_unreadable(doc: Document) -> None:
	"""Refuse links that are newly set to a record that the user may not read.

	Raises:
		frappe.LinkValidationError
	"""
	if doc.flags.ignore_permissions or doc.flags.ignore_links or frappe.session.user == "Administrator":
		return
	missing = [text for part, field, text in _new_links(doc) if not may_read(*_target(part, field))]
	missing += [text for part, field, text in _new_row_links(doc) if not _is_row(doc, part, field)]
	if missing:
		frappe.throw(_("Could not find {0}").format(", ".join(missing)), frappe.LinkValidationError)


def _new_links(doc: Document) -> Iterator[tuple]:
	for part, old in _parts(doc):
		for df in _link_fields(part):
			if not _is_changed(part, old, df.fieldname) or _target(part, df.fieldname)[0] not in CONFIDENTIAL:
				continue
			if not (old is None and _is_told_elsewhere(doc, part, df.fieldname)):
				yield part, df.fieldname, told(part, df.fieldname)


def _is_told_elsewhere(doc: Document, part: Document, field: str) -> bool:
	"""Return whether a new row says what the user reads on another document of this kind: a copy keeps its links."""
	told_elsewhere = getattr(doc, "is_told_elsewhere", None)
	return bool(part is not doc and told_elsewhere and told_elsewhere(part, field))


def _new_row_links(doc: Document) -> Iterator[tuple]:
	for part, old in _parts(doc):
		for field in doc.linked_rows if part is not doc else ():
			if _is_changed(part, old, field):
				yield part, field, told(part, field)


def _parts(doc: Document) -> Iterator[tuple]:
	"""Yield the document and its rows, each with what is stored of it."""
	before = doc.get_doc_before_save()
	rows = {row.name: row for row in before.get_all_children()} if before else {}
	yield doc, before
	for row in doc.get_all_children():
		yield row, rows.get(row.name)


def _link_fields(part: Document) -> list:
	return [df for df in part.meta.fields if df.fieldtype in LINKS]


def _is_changed(part: Document, old: Document | None, field: str) -> bool:
	value = part.get(field)
	return bool(value) and not (old and old.get(field) == value)


def _target(part: Document, field: str) -> tuple[str, str]:
	df = part.meta.get_field(field)
	doctype = df.options if df.fieldtype == "Link" else part.get(df.options)
	return doctype or "", part.get(field)


def told(part: Document, field: str) -> str:
	"""Return what Frappe says of a link that leads nowhere."""
	link = f"{_(part.meta.get_label(field))}: {part.get(field)}"
	row = _("Row")
	return f"{row} #{part.idx}: {link}" if part.get("parentfield") else link


def may_read(doctype: str, name: str) -> bool:
	"""Return whether a record exists that the session's user may read."""
	if not frappe.db.exists(doctype, name):
		return False
	try:
		return bool(frappe.has_permission(doctype, "read", name))
	except frappe.PermissionError:
		frappe.clear_last_message()
		return False


def _is_row(doc: Document, part: Document, field: str) -> bool:
	"""Return whether the row that is named stands in the document that is named beside it, which the user may read."""
	doctype, parent_field = doc.linked_rows[field]
	parent = part.get(parent_field)
	return bool(parent) and bool(frappe.db.exists(doctype, {"name": part.get(field), "parent": parent}))
