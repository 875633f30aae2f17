"""Deleting documents, and finding what still links to them."""

import frappe
from frappe import _
from frappe.model.docstatus import DocStatus
from frappe.model.dynamic_links import get_dynamic_link_fields, get_link_fields
from frappe.model.naming import revert_series_if_last

# DocType, the fields that name the document it tells about; these go with it
FOLLOWERS = (
	("ToDo", "reference_type", "reference_name"),
	("Version", "ref_doctype", "docname"),
	("Comment", "reference_doctype", "reference_name"),
	("Notification Log", "document_type", "document_name"),
	("Communication Link", "link_doctype", "link_name"),
)
# these stay, but forget it
WITNESSES = (("Communication", "reference_doctype", "reference_name"), ("Activity Log", "reference_doctype", "reference_name"))
SUBMITTED = 1


def delete_doc(
	doctype=None,
	name=None,
	force=0,
	ignore_doctypes=None,
	for_reload=False,
	ignore_permissions=False,
	flags=None,
	ignore_on_trash=False,
	ignore_missing=True,
	delete_permanently=False,
):
	"""Delete one document or a list of them, unless submitted or linked. There is no bin to restore from here.

	:raises frappe.PermissionError: when the user may not.
	:raises frappe.LinkExistsError: when another document links to it, unless `force`."""
	for each in [name] if isinstance(name, str | int) else name or []:
		if not frappe.db.exists(doctype, each):
			if not ignore_missing:
				raise frappe.DoesNotExistError(doctype=doctype)
			return False
		doc = frappe.get_doc(doctype, each)
		if not for_reload:
			doc.flags.update(flags or {}, **({"ignore_permissions": True} if ignore_permissions else {}))
			_check_may_be_deleted(doc, force)
			if not ignore_on_trash:
				doc.run_method("on_trash")
				doc.flags.in_delete = True
				doc.run_method("on_change")
			if not force:
				_check_links(doc)
		_revert_series(doc)
		_delete_rows(doc, ignore_doctypes or [])
		doc.run_method("after_delete")
		if not for_reload:
			_delete_what_follows(doc)
		doc.clear_cache()
	return None


def _check_may_be_deleted(doc, force) -> None:
	is_standard = doc.doctype == "DocType" and not doc.custom
	if is_standard and not (force or frappe.conf.developer_mode or frappe.flags.in_patch):
		frappe.throw(_("Standard DocType can not be deleted."))
	if not doc.flags.ignore_permissions and frappe.session.user != "Administrator":
		if is_standard or not doc.has_permission("delete"):
			message = _("User not allowed to delete {0}: {1}").format(doc.doctype, doc.name)
			frappe.msgprint(message, raise_exception=frappe.PermissionError)
	if doc.meta.is_submittable and doc.docstatus.is_submitted():
		message = _("{0} {1}: Submitted Record cannot be deleted. You must Cancel it first.")
		frappe.throw(message.format(_(doc.doctype), doc.name))


def _check_links(doc) -> None:
	try:
		check_if_doc_is_linked(doc)
		check_if_doc_is_dynamically_linked(doc)
	except frappe.LinkExistsError:
		if doc.meta.has_field("enabled") or doc.meta.has_field("disabled"):
			message = _("You can disable this {0} instead of deleting it.").format(_(doc.doctype))
			frappe.throw(message, frappe.LinkExistsError)
		raise


def check_if_doc_is_linked(doc, method: str = "Delete") -> None:
	"""
	:raises frappe.LinkExistsError: when a document links to `doc`; on Cancel, when a submitted one does."""
	ignored = _ignored_doctypes(doc, method)
	for link in get_link_fields(doc.doctype):
		if link.parent in ignored or (link.fieldname == "amended_from" and method == "Cancel"):
			continue
		if link.issingle:
			if frappe.db.get_single_value(link.parent, link.fieldname) == doc.name:
				raise_link_exists_exception(doc, link.parent, link.parent)
			continue
		for row in _rows_linking(link.parent, {link.fieldname: doc.name}):
			doctype, name = row.parenttype or link.parent, row.parent or row.name
			is_itself = link.parent == doc.doctype and name == doc.name
			counts = method == "Delete" or row.docstatus == SUBMITTED
			if doctype not in ignored and counts and not is_itself:
				raise_link_exists_exception(doc, doctype, name)


def check_if_doc_is_dynamically_linked(doc, method: str = "Delete") -> None:
	"""
	:raises frappe.LinkExistsError: as check_if_doc_is_linked, for Dynamic Links."""
	ignored = _ignored_doctypes(doc, method) | set(frappe.get_hooks("ignore_links_on_delete"))
	for link in get_dynamic_link_fields():
		if link.parent in ignored:
			continue
		for row in _rows_of_dynamic_link(link, doc):
			doctype, name = row.parenttype or link.parent, row.parent or row.name
			counts = not DocStatus(row.docstatus or 0).is_cancelled() if method == "Delete" else row.docstatus == SUBMITTED
			if doctype not in ignored and counts:
				raise_link_exists_exception(doc, doctype, name, f"at Row: {row.idx}" if link.istable else "")


def _ignored_doctypes(doc, method: str) -> set[str]:
	if method == "Cancel":
		return set(doc.get("ignore_linked_doctypes") or ())
	return set(frappe.get_hooks("ignore_links_on_delete"))


def _rows_linking(doctype: str, filters: dict) -> list:
	parents = ["parent", "parenttype"] if frappe.get_meta(doctype).istable else []
	return frappe.db.get_values(doctype, filters, ["name", "docstatus", "idx", *parents], as_dict=True)


def _rows_of_dynamic_link(link, doc) -> list:
	if not link.issingle:
		return _rows_linking(link.parent, {link.options: doc.doctype, link.fieldname: doc.name})
	values = frappe.db.get_singles_dict(link.parent)
	matches = (values.get(link.options), values.get(link.fieldname)) == (doc.doctype, doc.name)
	return [frappe._dict(name=link.parent, docstatus=0)] if matches else []


def raise_link_exists_exception(doc, reference_doctype: str, reference_docname: str, row: str = "") -> None:
	doctype = "" if reference_doctype == reference_docname else reference_doctype
	frappe.throw(
		_("Cannot delete or cancel because {0} {1} is linked with {2} {3} {4}").format(
			_(doc.doctype),
			_form_link(doc.doctype, doc.name),
			_(doctype),
			_form_link(reference_doctype, reference_docname),
			row,
		),
		frappe.LinkExistsError,
	)


def _form_link(doctype: str, name: str) -> str:
	return f'<a href="/app/Form/{doctype}/{name}">{name}</a>'


def _revert_series(doc) -> None:
	autoname = doc.meta.autoname or ""
	if autoname.startswith("naming_series:"):
		if doc.get("naming_series"):
			revert_series_if_last(doc.naming_series, doc.name, doc)
	elif "#" in autoname and not autoname.startswith("format:"):
		revert_series_if_last(autoname, doc.name, doc)


def _delete_rows(doc, ignore_doctypes: list[str]) -> None:
	if doc.meta.issingle:
		frappe.db.delete("Singles", {"doctype": doc.doctype})
	else:
		frappe.db.delete(doc.doctype, {"name": doc.name})
	for child in {df.options for df in doc.meta.get_table_fields()} - set(ignore_doctypes):
		frappe.db.delete(child, {"parenttype": doc.doctype, "parent": doc.name})


def _delete_what_follows(doc) -> None:
	delete_passwords(doc)
	remove_attachments(doc)
	frappe.enqueue(
		"frappe.model.delete_doc.delete_dynamic_links",
		doctype=doc.doctype,
		name=doc.name,
		now=bool(frappe.flags.in_test),
		enqueue_after_commit=True,
	)
	doc.notify_update()


def delete_passwords(doc) -> None:
	if doc.meta.get("fields", {"fieldtype": "Password"}) or doc.doctype == "User":
		frappe.db.sql("delete from `__Auth` where doctype = %s and name = %s", (doc.doctype, doc.name))


def remove_attachments(doc) -> None:
	filters = {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name}
	for name in frappe.get_all("File", filters=filters, pluck="name") if doc.doctype != "File" else []:
		delete_doc("File", name, ignore_permissions=True)


def delete_dynamic_links(doctype: str, name: str) -> None:
	"""Delete assignments, comments, versions and notices of a document, and unlink its communications."""
	for follower, type_field, name_field in FOLLOWERS:
		if frappe.db.table_exists(follower):
			frappe.db.delete(follower, {type_field: doctype, name_field: name})
	for witness, type_field, name_field in WITNESSES:
		if frappe.db.table_exists(witness):
			frappe.db.sql(
				f"update `tab{witness}` set {type_field} = null, {name_field} = null"
				f" where {type_field} = %s and {name_field} = %s",
				(doctype, name),
			)
