"""Cached documents, and other short cuts to documents and their permissions."""

from typing import TYPE_CHECKING, Any

import frappe
from frappe.model.meta import clear_meta_cache
from frappe.runtime.context import forget, local
from frappe.types import _dict

if TYPE_CHECKING:
	from frappe.model.document import Document


def get_last_doc(doctype: str, filters: Any = None, order_by: str = "creation desc") -> "Document":
	options = {"order_by": order_by, "pluck": "name"}
	for name in frappe.get_all(doctype, filters=filters, limit=1, **options):
		return frappe.get_doc(doctype, name)
	raise frappe.DoesNotExistError(doctype=doctype)


def get_cached_doc(doctype: str, name: str | None = None) -> "Document":
	"""A stored document, read once per request and kept until it is saved. Treat it as read-only."""
	key = (doctype, str(name or doctype))
	if key not in local.document_cache:
		local.document_cache[key] = frappe.get_doc(*key)
	return local.document_cache[key]


def get_cached_value(
	doctype: str, name: str, fieldname: str | list[str] = "name", as_dict: bool = False
) -> Any:
	"""Values of a cached document; None (or nothing to unpack) when there is none."""
	fields = [fieldname] if isinstance(fieldname, str) else fieldname
	try:
		values = _dict({field: get_cached_doc(doctype, name).get(field) for field in fields})
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return None
	if not as_dict:
		return values[fieldname] if isinstance(fieldname, str) else [*values.values()]
	return values


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
	doc: "Document | str | None" = None,
	user: str | None = None,
	throw: bool = False,
	*,
	parent_doctype: str | None = None,
) -> bool:
	"""Whether the user may do `ptype` to a DocType or one document; refuses with a message if `throw`."""
	what = {"doctype": doctype or doc.doctype, "ptype": ptype}
	whose = {"doc": doc, "user": user, "parent_doctype": parent_doctype}
	allowed = frappe.permissions.has_permission(**what, **whose, raise_exception=throw)
	if throw and not allowed:
		_refuse(**what, doc=doc)
	return allowed


def _refuse(doctype: str, ptype: str, doc: "Document | str | None") -> None:
	"""Raise PermissionError, with the document's name for those who may see the DocType."""
	named = [doctype]
	if doc:
		frappe.permissions.check_doctype_permission(doctype, ptype)
		named.append(str(getattr(doc, "name", doc) or ""))
	local.flags.error_message = frappe._("No permission for {0}").format(" ".join(named).strip())
	raise frappe.PermissionError


def only_has_select_perm(doctype: str, user: str | None = None) -> bool:
	"""Whether the user may choose from the records of a DocType without reading them."""
	granted = frappe.permissions.get_role_permissions(doctype, user=user)
	selects, reads = (bool(granted.get(right)) for right in ("select", "read"))
	return selects and not reads
