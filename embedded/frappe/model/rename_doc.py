"""Renaming and merging documents with everything that points to them."""

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.model.dynamic_links import get_links
from frappe.model.naming import validate_name
from frappe.types import _dict

if TYPE_CHECKING:
	from frappe.model.document import Document


def rename_doc(doctype: str, old: str, new: str, force: bool = False, merge: bool = False) -> str:
	"""Rename `old` to `new`, or merge it into the existing `new`; returns the name it has now."""
	if doctype == "DocType":
		raise frappe.missing("Renaming a DocType")
	doc = frappe.get_doc(doctype, old)
	old, new = doc.name, new.strip()
	answer = doc.run_method("before_rename", old, new, merge) or {}
	new = answer if isinstance(answer, str) else answer.get("new", new)
	new = _checked_name(doc, new, merge, force)
	if not merge:
		_rename_row(doc, new)
	for link, filters in get_links(doctype, old):
		_update_link(link, filters, new)
	attached = {"attached_to_doctype": doctype, "attached_to_name": old}
	frappe.db.set_value("File", attached, "attached_to_name", new, update_modified=False)
	frappe.clear_cache()
	frappe.get_doc(doctype, new).run_method("after_rename", old, new, merge)
	if merge:
		frappe.delete_doc(doctype, old)
	return new


def _checked_name(doc: "Document", new: str, merge: bool, force: bool) -> str:
	existing = frappe.db.exists(doc.doctype, new)
	if merge and not existing:
		frappe.throw(_("{0} {1} does not exist, select a new target to merge").format(doc.doctype, new))
	if doc.name == new:
		frappe.throw(_("No changes made because old and new name are the same."))
	if existing and existing != doc.name and not merge:
		frappe.throw(_("Another {0} with name {1} exists, select another name").format(doc.doctype, new))
	if not doc.has_permission("write"):
		frappe.throw(_("You need write permission on {0} {1} to rename").format(doc.doctype, doc.name))
	if not (force or doc.meta.allow_rename):
		frappe.throw(_("{0} not allowed to be renamed").format(_(doc.doctype)))
	return existing if merge else validate_name(doc.doctype, new)


def _rename_row(doc: "Document", new: str) -> None:
	values = {fieldname: new for fieldname in ("name", doc.meta.get_naming_field()) if fieldname}
	frappe.db.set_value(doc.doctype, doc.name, values, update_modified=False)
	for child in {df.options for df in doc.meta.get_table_fields()}:
		rows = {"parent": doc.name, "parenttype": doc.doctype}
		frappe.db.set_value(child, rows, "parent", new, update_modified=False)


def _update_link(link: _dict, filters: dict, new: str) -> None:
	"""Point what matches to the new name; `filters` holds the link, and the DocType of a dynamic one."""
	if not link.issingle:
		frappe.db.set_value(link.parent, filters, link.fieldname, new, update_modified=False)
		return
	values = frappe.db.get_singles_dict(link.parent)
	if all(values.get(key) == value for key, value in filters.items()):
		frappe.db.set_single_value(link.parent, link.fieldname, new, update_modified=False)
