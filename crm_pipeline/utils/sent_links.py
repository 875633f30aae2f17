"""Links that clients send: text only, and to records that they may read.

Frappe 15 takes an object for a filter and looks it up before it asks for any right, so that the answer tells whether a
record matches. What a user may not read is refused in the words that Frappe has for what does not exist.
"""

from collections.abc import Iterator
from typing import NoReturn

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr

from crm_pipeline.exceptions import LinkNotText
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.messages import Messages

LINKS = ("Link", "Dynamic Link")
# Frappe refuses lists in them only when it writes, after whatever reads them as text.
TEXTS = ("Data", "Small Text", "Text", "Long Text", "Text Editor", "Code", "Select", "Autocomplete")
NUL = "\0"
TIMES = ("Date", "Datetime", "Time")
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
	"""Refuse links, names, texts and dates that are an object, a list, or true; a number becomes text where that is meant.

	Links and names with a null character are refused too, since SQLite and PostgreSQL cannot even look for them.

	Raises:
		LinkNotText
	"""
	for part in (doc, *doc.get_all_children()):
		for field, label in (("name", "ID"), *((df.fieldname, df.label) for df in _link_fields(part))):
			value = part.get(field)
			if isinstance(value, int) and not isinstance(value, bool):
				part.set(field, str(value))
			elif value is not None and not isinstance(value, str):
				_refuse_value(label)
			elif value and NUL in value:
				_refuse_nul(label)
		for df in part.meta.fields:
			value = part.get(df.fieldname) if df.fieldtype in (*TEXTS, *TIMES) else None
			if isinstance(value, bool | list | dict):
				_refuse_value(df.label)
			elif isinstance(value, int | float) and df.fieldtype in TEXTS:
				part.set(df.fieldname, str(value))


def refuse_name(doc: Document) -> None:
	"""Refuse a name that would be taken for a filter wherever the record is looked up.

	Raises:
		LinkNotText
	"""
	if isinstance(doc.name, bool | list | dict):
		_refuse_value("ID")


def _refuse_value(label: str) -> NoReturn:
	frappe.throw(_("{0} must be text.").format(bold(_(label))), LinkNotText, title=_("Not Text"))


def _refuse_nul(label: str) -> NoReturn:
	message = _("{0} has a null character. Leave it out.").format(bold(_(label)))
	frappe.throw(message, LinkNotText, title=_("Not Text"))


def refuse_unreadable(doc: Document) -> None:
	"""Refuse links that are newly set to a record that the user may not read.

	Raises:
		frappe.LinkValidationError
	"""
	if doc.flags.ignore_permissions or doc.flags.ignore_links or frappe.session.user == "Administrator":
		return
	missing = [told(part, field) for part, field in (*_unreadable_links(doc), *_rows_elsewhere(doc))]
	if missing:
		frappe.throw(_("Could not find {0}").format(", ".join(missing)), frappe.LinkValidationError)


def _unreadable_links(doc: Document) -> Iterator[tuple[Document, str]]:
	"""Yield where the document newly names what the user may not read; each target is asked about once."""
	readable: dict[tuple[str, str], bool] = {}
	for part, old in _parts(doc):
		for df in _link_fields(part):
			target = _target(part, df.fieldname)
			if _is_changed(part, old, df.fieldname) and target[0] in CONFIDENTIAL:
				if target not in readable:
					readable[target] = _is_readable(*target)
				if not readable[target] and not (old is None and doc.is_known_link(part, df.fieldname)):
					yield part, df.fieldname


def _rows_elsewhere(doc: Document) -> Iterator[tuple[Document, str]]:
	"""Yield where the document newly names a row that does not stand in the document named beside it."""
	for field, (doctype, parent_field) in doc.linked_rows.items():
		naming = [row for row, old in _parts(doc) if row is not doc and _is_changed(row, old, field)]
		places = [(cstr(row.get(field)), cstr(row.get(parent_field))) for row in naming]
		known = _stored_rows(doctype, places)
		yield from (
			(row, field) for row, place in zip(naming, places, strict=True) if _key(place) not in known
		)


def _stored_rows(doctype: str, places: list[tuple[str, str]]) -> set[tuple[str, str]]:
	"""Return which of these rows stand in these documents, each as `_key` of both names; one query for all of them."""
	if not places:
		return set()
	names, parents = (in_list({name for name in column if name}) for column in zip(*places, strict=True))
	found = frappe.get_all(doctype, {"name": ["in", names], "parent": ["in", parents]}, ["name", "parent"])
	return {_key((row.name, row.parent)) for row in found}


def _key(place: tuple[str, str]) -> tuple[str, str]:
	"""Return names as they compare: MariaDB finds them whatever their case."""
	name, parent = place
	return name.lower(), parent.lower()


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
	return bool(frappe.db.exists(doctype, name)) and _is_readable(doctype, name)


def _is_readable(doctype: str, name: str) -> bool:
	"""Return whether there is a record that the session's user, who is not Administrator, may read; it is loaded for that."""
	said = Messages()
	try:
		return bool(frappe.has_permission(doctype, "read", name))
	except (frappe.PermissionError, frappe.DoesNotExistError):
		return False
	finally:
		said.take_back()  # released Frappe 16 tells whoever has no right to the DocType
