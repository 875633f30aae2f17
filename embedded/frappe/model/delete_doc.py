"""Deleting documents, and finding what still links to them."""

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.model.dynamic_links import get_links
from frappe.model.naming import revert_series_if_last
from frappe.types import _dict

if TYPE_CHECKING:
	from frappe.model.document import Document

# DocType, the fields that name the document it tells about; these go with it
FOLLOWERS = (
	("ToDo", "reference_type", "reference_name"),
	("DocShare", "share_doctype", "share_name"),
	("Version", "ref_doctype", "docname"),
	("Comment", "reference_doctype", "reference_name"),
	("Notification Log", "document_type", "document_name"),
	("Communication Link", "link_doctype", "link_name"),
)
PARTS = (("File", "attached_to_doctype", "attached_to_name"), ("__Auth", "doctype", "name"))
SUBMITTED, CANCELLED = 1, 2


def delete_doc(
	doctype: str,
	name: str | list[str],
	force: bool = False,
	for_reload: bool = False,
	ignore_permissions: bool = False,
	flags: dict | None = None,
	ignore_on_trash: bool = False,
	ignore_missing: bool = True,
	delete_permanently: bool = False,
) -> None:
	"""Delete one or several documents, unless submitted or linked. There is no bin to restore from here.

	With `for_reload` nothing is checked, no `on_trash` runs, and what tells about the document stays.

	:raises frappe.PermissionError: when the user may not.
	:raises frappe.LinkExistsError: when another document links to it, unless `force`."""
	for each in name if isinstance(name, list) else [name]:
		if frappe.db.exists(doctype, each):
			doc = frappe.get_doc(doctype, each)
			doc.flags.update(flags or {}, **({"ignore_permissions": True} if ignore_permissions else {}))
			_delete(doc) if for_reload else _delete_with_all(doc, force, ignore_on_trash)
		elif not ignore_missing:
			raise frappe.DoesNotExistError(doctype=doctype)


def _delete_with_all(doc: "Document", force: bool, ignore_on_trash: bool) -> None:
	_check_may_be_deleted(doc, force)
	if not ignore_on_trash:
		doc.run_method("on_trash")
		doc.flags.in_delete = True
		doc.run_method("on_change")
	if not force:
		check_no_back_links_exist(doc)
	_delete(doc)
	delete_dynamic_links(doc.doctype, doc.name)


def _delete(doc: "Document") -> None:
	revert_series_if_last(doc)
	delete_rows(doc)
	doc.run_method("after_delete")
	for part, type_field, name_field in PARTS:
		frappe.db.delete(part, {type_field: doc.doctype, name_field: doc.name})
	frappe.clear_document_cache(doc.doctype, doc.name)


def _check_may_be_deleted(doc: "Document", force: bool) -> None:
	may_delete = frappe.session.user == "Administrator" or doc.has_permission("delete")
	is_submitted = doc.meta.is_submittable and doc.docstatus.is_submitted()
	if doc.doctype == "DocType" and not force:
		frappe.throw(_("Standard DocType can not be deleted."))
	if not may_delete:
		message = _("User not allowed to delete {0}: {1}")
		frappe.throw(message.format(doc.doctype, doc.name), frappe.PermissionError)
	if is_submitted:
		message = _("{0} {1}: Submitted Record cannot be deleted. You must Cancel it first.")
		frappe.throw(message.format(_(doc.doctype), doc.name))


def check_if_doc_is_linked(doc: "Document", method: str = "Delete") -> None:
	"""Refuse to delete or cancel a document that others link to; cancelling, only submitted ones count.

	:raises frappe.LinkExistsError: naming the first that does."""
	_check_links(doc, method, dynamic=False)


def check_if_doc_is_dynamically_linked(doc: "Document", method: str = "Delete") -> None:
	"""Refuse as `check_if_doc_is_linked` does, for links whose DocType stands in another field."""
	_check_links(doc, method, dynamic=True)


def check_no_back_links_exist(doc: "Document", method: str = "Delete") -> None:
	check_if_doc_is_linked(doc, method)
	check_if_doc_is_dynamically_linked(doc, method)


def _check_links(doc: "Document", method: str, dynamic: bool) -> None:
	ignored = set(frappe.get_hooks("ignore_links_on_delete"))
	if method == "Cancel":
		ignored |= set(doc.get("ignore_linked_doctypes") or ())
	for link, filters in get_links(doc.doctype, doc.name):
		if (link.fieldtype == "Dynamic Link") != dynamic or link.parent in ignored:
			continue
		if link.fieldname == "amended_from" and method == "Cancel":
			continue
		for row in _rows_linking(link, filters):
			unharmed = dynamic and row.docstatus == CANCELLED
			counts = not unharmed if method == "Delete" else row.docstatus == SUBMITTED
			is_itself = (link.parent, row.name) == (doc.doctype, doc.name)
			if counts and not is_itself and row.doctype not in ignored:
				_refuse(doc, row.doctype, row.of, f"at Row: {row.idx}" if dynamic and link.istable else "")


def _rows_linking(link: _dict, filters: dict) -> list:
	"""Rows that match, each with the document it is or belongs to: its `doctype` and, in `of`, its name."""
	if link.issingle:
		values = frappe.db.get_singles_dict(link.parent)
		matches = all(values.get(key) == value for key, value in filters.items())
		rows = [frappe._dict(name=link.parent, docstatus=0)] if matches else []
	else:
		parents = ["parent", "parenttype"] if link.istable else []
		rows = frappe.get_all(link.parent, filters, ["name", "docstatus", "idx", *parents])
	return [row.update(doctype=row.parenttype or link.parent, of=row.parent or row.name) for row in rows]


def _refuse(doc: "Document", linked_doctype: str, linked_name: str, row: str = "") -> None:
	message = _("Cannot delete or cancel because {0} {1} is linked with {2} {3} {4}")
	linked = ("" if linked_doctype == linked_name else _(linked_doctype), linked_name, row)
	frappe.throw(message.format(_(doc.doctype), doc.name, *linked), frappe.LinkExistsError)


def delete_rows(doc: "Document") -> None:
	"""Delete the stored rows of a document and of its tables, without events."""
	if doc.meta.issingle:
		frappe.db.delete("Singles", {"doctype": doc.doctype})
	else:
		frappe.db.delete(doc.doctype, {"name": doc.name})
	for child in {df.options for df in doc.meta.get_table_fields()}:
		frappe.db.delete(child, {"parenttype": doc.doctype, "parent": doc.name})


def delete_dynamic_links(doctype: str, name: str) -> None:
	"""Delete what only tells about a document, and unlink its communications."""
	for follower, type_field, name_field in FOLLOWERS:
		frappe.db.delete(follower, {type_field: doctype, name_field: name})
	fields = ("reference_doctype", "reference_name")
	told_about = dict(zip(fields, (doctype, name), strict=True))
	frappe.db.set_value("Communication", told_about, dict.fromkeys(fields), update_modified=False)
