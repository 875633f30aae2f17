"""Short cuts to documents: frappe.get_doc, frappe.get_all and their kin."""

from frappe.runtime.cache import cache
from frappe.runtime.context import local


def get_doc(*args, **kwargs):
	"""A document: stored (doctype, name | filters), new (a dict or keywords), or a single (doctype)."""
	from frappe.model.document import get_doc

	return get_doc(*args, **kwargs)


def new_doc(doctype: str, *, parent_doc=None, parentfield: str | None = None, as_dict: bool = False, **values):
	"""A new document with its defaults, not yet saved."""
	from frappe.model.create_new import get_new_doc

	doc = get_new_doc(doctype, parent_doc, parentfield, as_dict)
	return doc.update(values)


def get_last_doc(doctype: str, filters=None, order_by: str = "creation desc", *, for_update: bool = False):
	from frappe import DoesNotExistError

	names = get_all(doctype, filters=filters, limit_page_length=1, order_by=order_by, pluck="name")
	if not names:
		raise DoesNotExistError(doctype=doctype)
	return get_doc(doctype, names[0], for_update=for_update)


def get_single(doctype: str):
	return get_doc(doctype, doctype)


def get_cached_doc(*args, **kwargs):
	"""A stored document, read once and kept until it is saved. Treat it as read-only."""
	doctype, name = args[0], args[1] if len(args) > 1 else args[0]
	if isinstance(name, dict):
		return get_doc(*args, **kwargs)
	key = (doctype, str(name))
	if key not in local.document_cache:
		cache_key = f"document_cache::{doctype}::{name}"
		doc = cache.get_value(cache_key)
		if doc is None:
			doc = get_doc(*args, **kwargs)
			cache.set_value(cache_key, doc)
		local.document_cache[key] = doc
	return local.document_cache[key]


def get_cached_value(doctype: str, name: str, fieldname="name", as_dict: bool = False):
	"""Values of a cached document; None (or nothing to unpack) when there is none."""
	from frappe import DoesNotExistError, _dict
	from frappe.runtime.messages import clear_last_message

	try:
		doc = get_cached_doc(doctype, name)
	except DoesNotExistError:
		clear_last_message()
		return None
	if isinstance(fieldname, str):
		if as_dict:
			return _dict({fieldname: doc.get(fieldname)})
		return doc.get(fieldname)
	values = [doc.get(field) for field in fieldname]
	return _dict(zip(fieldname, values, strict=True)) if as_dict else values


def get_meta(doctype: str, cached: bool = True):
	from frappe.model.meta import get_meta

	return get_meta(doctype, cached)


def is_table(doctype: str) -> bool:
	"""Whether the DocType is a child table."""
	return bool(get_meta(doctype).istable)


def get_list(doctype: str, *args, **kwargs):
	"""Records that the current user may read."""
	from frappe.model.db_query import DatabaseQuery

	return DatabaseQuery(doctype).execute(*args, **kwargs)


def get_all(doctype: str, *args, **kwargs):
	"""Records regardless of permissions, all of them unless limited."""
	kwargs["ignore_permissions"] = True
	if not any(key in kwargs for key in ("limit_page_length", "page_length", "limit")):
		kwargs["limit_page_length"] = 0
	return get_list(doctype, *args, **kwargs)


def get_value(*args, **kwargs):
	return local.db.get_value(*args, **kwargs)


def set_value(doctype: str, docname: str, fieldname, value=None):
	"""Set fields of a stored document as a client would: with permissions, validation and events."""
	import frappe.client

	return frappe.client.set_value(doctype, docname, fieldname, value)


def has_permission(
	doctype: str | None = None,
	ptype: str = "read",
	doc=None,
	user: str | None = None,
	throw: bool = False,
	*,
	parent_doctype: str | None = None,
	debug: bool = False,
) -> bool:
	"""Whether the user may do `ptype` to a DocType or one document; refuses with a message if `throw`."""
	from frappe import PermissionError, _, permissions

	doctype = doctype or doc.doctype
	allowed = permissions.has_permission(
		doctype, ptype, doc=doc, user=user, raise_exception=throw, parent_doctype=parent_doctype
	)
	if throw and not allowed:
		if doc:
			permissions.check_doctype_permission(doctype, ptype)
		name = f"{_(doctype)} {getattr(doc, 'name', doc) or ''}".strip()
		local.flags.error_message = _("No permission for {0}").format(name)
		raise PermissionError
	return allowed


def only_has_select_perm(doctype: str, user: str | None = None, ignore_permissions: bool = False) -> bool:
	from frappe import permissions

	if ignore_permissions:
		return False
	rights = permissions.get_role_permissions(doctype, user=user or local.session.user)
	return bool(rights.get("select") and not rights.get("read"))


def delete_doc(doctype: str | None = None, name=None, *args, **kwargs):
	from frappe.model.delete_doc import delete_doc

	return delete_doc(doctype, name, *args, **kwargs)


def rename_doc(doctype: str, old: str, new: str, *args, **kwargs) -> str:
	from frappe.model.rename_doc import rename_doc

	return rename_doc(*args, doctype=doctype, old=old, new=new, **kwargs)


def copy_doc(doc, ignore_no_copy: bool = True):
	"""An unsaved copy without names, owners and, unless told otherwise, without the fields marked no_copy."""
	from frappe.model.mapper import copy_doc

	return copy_doc(doc, ignore_no_copy)


def reload_doc(module: str, dt: str | None = None, dn: str | None = None, force: bool = False, **_unused):
	"""Read a DocType or record again from its module folder."""
	from frappe.installer import reload_doc

	return reload_doc(module, dt, dn, force)
