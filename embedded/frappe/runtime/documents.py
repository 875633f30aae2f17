"""Cached documents, and other short cuts to documents and their permissions."""

import frappe
from frappe.model.meta import clear_meta_cache
from frappe.runtime.context import forget, local
from frappe.types import _dict


def get_last_doc(doctype: str, filters=None, order_by: str = "creation desc"):
	names = frappe.get_all(doctype, filters=filters, limit=1, order_by=order_by, pluck="name")
	if not names:
		raise frappe.DoesNotExistError(doctype=doctype)
	return frappe.get_doc(doctype, names[0])


def get_cached_doc(doctype: str, name: str | None = None):
	"""A stored document, read once per request and kept until it is saved. Treat it as read-only."""
	key = (doctype, str(name or doctype))
	if key not in local.document_cache:
		local.document_cache[key] = frappe.get_doc(*key)
	return local.document_cache[key]


def get_cached_value(doctype: str, name: str, fieldname="name", as_dict: bool = False):
	"""Values of a cached document; None (or nothing to unpack) when there is none."""
	try:
		doc = get_cached_doc(doctype, name)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return None
	is_single = isinstance(fieldname, str)
	values = {field: doc.get(field) for field in ([fieldname] if is_single else fieldname)}
	if as_dict:
		return _dict(values)
	return values[fieldname] if is_single else list(values.values())


def clear_cache(user: str | None = None, doctype: str | None = None) -> None:
	"""Forget what this request has cached, and the meta of one DocType or, without a user either, of all."""
	forget()
	if not user:
		clear_meta_cache(doctype)


def clear_document_cache(doctype: str, name: str | None = None) -> None:
	"""Forget one cached document, or all of a DocType."""
	for key in [each for each in local.document_cache if each[0] == doctype and name in (None, each[1])]:
		del local.document_cache[key]


def is_table(doctype: str) -> bool:
	"""Whether the DocType is a child table."""
	return bool(frappe.get_meta(doctype).istable)


def has_permission(
	doctype: str | None = None,
	ptype: str = "read",
	doc=None,
	user: str | None = None,
	throw: bool = False,
	*,
	parent_doctype: str | None = None,
) -> bool:
	"""Whether the user may do `ptype` to a DocType or one document; refuses with a message if `throw`."""
	doctype = doctype or doc.doctype
	allowed = frappe.permissions.has_permission(
		doctype, ptype, doc=doc, user=user, raise_exception=throw, parent_doctype=parent_doctype
	)
	if throw and not allowed:
		if doc:
			frappe.permissions.check_doctype_permission(doctype, ptype)
		name = f"{doctype} {getattr(doc, 'name', doc) or ''}".strip()
		local.flags.error_message = frappe._("No permission for {0}").format(name)
		raise frappe.PermissionError
	return allowed


def only_has_select_perm(doctype: str, user: str | None = None) -> bool:
	rights = frappe.permissions.get_role_permissions(doctype, user=user or local.session.user)
	return bool(rights.get("select") and not rights.get("read"))
