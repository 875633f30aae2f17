"""Renaming and merging documents with everything that points to them."""

import frappe
from frappe import _
from frappe.model.dynamic_links import get_dynamic_link_fields, get_link_fields
from frappe.model.naming import validate_name
from frappe.utils import cint


def rename_doc(
	doctype: str | None = None,
	old: str | None = None,
	new: str | None = None,
	force: bool = False,
	merge: bool = False,
	ignore_permissions: bool = False,
	ignore_if_exists: bool = False,
	show_alert: bool = True,
	rebuild_search: bool = True,
	doc=None,
	validate: bool = True,
) -> str:
	"""Rename `old` to `new`, or merge it into the existing `new`; returns the name it has now."""
	doc = doc or frappe.get_doc(doctype, old)
	doctype, old, new = doc.doctype, doc.name, (new or "").strip()
	if doctype == "DocType":
		raise NotImplementedError("Renaming a DocType is missing in the embedded host; a bench has it")
	answer = doc.run_method("before_rename", old, new, merge) or {}
	if isinstance(answer, str):
		answer = {"new": answer}
	new = answer.get("new", new) if isinstance(answer, dict) else new
	if validate:
		new = _checked_name(doc, new, merge, force, ignore_permissions, ignore_if_exists)
	if not merge:
		_rename_row(doc, new)
	_update_link_fields(doctype, old, new)
	_update_dynamic_links(doctype, old, new)
	_update_attachments_and_versions(doctype, old, new)
	frappe.clear_cache()
	renamed = frappe.get_doc(doctype, new)
	renamed.run_method("after_rename", old, new, merge)
	if merge:
		frappe.delete_doc(doctype, old)
	text = _("merged {0} into {1}") if merge else _("renamed from {0} to {1}")
	renamed.add_comment("Edit", text.format(frappe.bold(old), frappe.bold(new)))
	if show_alert:
		message = _("Document renamed from {0} to {1}").format(frappe.bold(old), frappe.bold(new))
		frappe.msgprint(message, alert=True, indicator="green")
	return new


def _checked_name(doc, new: str, merge, force, ignore_permissions, ignore_if_exists) -> str:
	existing = frappe.db.get_value(doc.doctype, new, "name", order_by=None)
	if merge and not existing:
		frappe.throw(_("{0} {1} does not exist, select a new target to merge").format(doc.doctype, new))
	if doc.name == new:
		frappe.throw(_("No changes made because old and new name are the same."))
	if existing and existing != doc.name and not merge and not ignore_if_exists:
		message = _("Another {0} with name {1} exists, select another name").format(doc.doctype, new)
		frappe.throw(message)
	if not (ignore_permissions or doc.flags.ignore_permissions) and not doc.has_permission("write"):
		frappe.throw(_("You need write permission on {0} {1} to rename").format(doc.doctype, doc.name))
	if not (force or ignore_permissions) and not cint(doc.meta.allow_rename):
		frappe.throw(_("{0} not allowed to be renamed").format(_(doc.doctype)))
	return existing if merge else validate_name(doc.doctype, new)


def _rename_row(doc, new: str) -> None:
	frappe.db.sql(f"update `tab{doc.doctype}` set name = %s where name = %s", (new, doc.name))
	autoname = doc.meta.autoname or ""
	if autoname.startswith("field:"):
		frappe.db.set_value(doc.doctype, new, autoname.removeprefix("field:"), new, update_modified=False)
	for child in {df.options for df in doc.meta.get_table_fields()}:
		frappe.db.sql(
			f"update `tab{child}` set parent = %s where parent = %s and parenttype = %s", (new, doc.name, doc.doctype)
		)


def _update_link_fields(doctype: str, old: str, new: str) -> None:
	for link in get_link_fields(doctype):
		if link.issingle:
			if frappe.db.get_single_value(link.parent, link.fieldname) == old:
				frappe.db.set_single_value(link.parent, link.fieldname, new)
		else:
			frappe.db.sql(f"update `tab{link.parent}` set `{link.fieldname}` = %s where `{link.fieldname}` = %s", (new, old))


def _update_dynamic_links(doctype: str, old: str, new: str) -> None:
	for link in get_dynamic_link_fields():
		if link.issingle:
			values = frappe.db.get_singles_dict(link.parent)
			if (values.get(link.options), values.get(link.fieldname)) == (doctype, old):
				frappe.db.set_single_value(link.parent, link.fieldname, new)
		else:
			frappe.db.sql(
				f"update `tab{link.parent}` set `{link.fieldname}` = %s"
				f" where `{link.options}` = %s and `{link.fieldname}` = %s",
				(new, doctype, old),
			)


def _update_attachments_and_versions(doctype: str, old: str, new: str) -> None:
	for table, type_field, name_field in (
		("File", "attached_to_doctype", "attached_to_name"),
		("Version", "ref_doctype", "docname"),
	):
		frappe.db.sql(
			f"update `tab{table}` set {name_field} = %s where {type_field} = %s and {name_field} = %s",
			(new, doctype, old),
		)
