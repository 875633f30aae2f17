"""Sharing single documents with users, on top of what their roles allow."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import cint

if TYPE_CHECKING:
	from frappe.model.document import Document

SHAREABLE = ("read", "write", "submit", "share")


@frappe.whitelist()
def add(
	doctype: Any,
	name: Any,
	user: Any = None,
	read: Any = 1,
	write: Any = 0,
	submit: Any = 0,
	share: Any = 0,
	everyone: Any = 0,
	notify: Any = 0,
) -> "Document":
	"""Share a document with a user, or with everyone; reading is always part of it. Needs the right to share it."""
	given = dict(locals())
	return add_docshare(given.pop("doctype"), given.pop("name"), given.pop("user"), **given)


def add_docshare(
	doctype: str,
	name: str,
	user: str | None = None,
	read: int = 1,
	write: int = 0,
	submit: int = 0,
	share: int = 0,
	everyone: int = 0,
	flags: dict | None = None,
	notify: int = 0,
) -> "Document":
	"""Share as `add` does; without the right to share the document, if `flags` has `ignore_share_permission`."""
	if cint(notify):
		raise frappe.missing("frappe.share.add with notify")
	rights = {"read": 1, "write": cint(write), "submit": cint(submit), "share": cint(share)}
	whom = user or frappe.session.user
	shared = _share_of(doctype, name, whom, everyone) or frappe.new_doc("DocShare")
	if shared.is_new():
		rights |= {"share_doctype": doctype, "share_name": name, "user": whom, "everyone": cint(everyone)}
	shared.flags.update(flags or {})
	return shared.update(rights).save(ignore_permissions=True)


@frappe.whitelist()
def set_permission(
	doctype: Any, name: Any, user: Any, permission_to: Any, value: Any = 1, everyone: Any = 0
) -> "Document | None":
	"""Grant or take one right of a share; returns the DocShare, None once no right is left."""
	doc = _share_of(doctype, name, user, everyone)
	if not doc:
		return add(doctype, name, user, everyone=everyone, **{permission_to: 1}) if cint(value) else None
	doc.set(permission_to, cint(value))
	if permission_to == "read" and not cint(value):
		doc.update(dict.fromkeys(SHAREABLE, 0))
	doc.save(ignore_permissions=True)
	if any(doc.get(right) for right in SHAREABLE):
		return doc
	doc.delete(ignore_permissions=True)


def get_shared(
	doctype: str,
	user: str | None = None,
	rights: Iterable[str] | None = None,
	*,
	filters: dict | list | str | None = None,
	limit: int | None = None,
) -> list[str]:
	"""Return the names of the documents of a DocType that are shared with a user with all these rights."""
	whom = user or frappe.session.user
	with_whom = {"user": whom} if whom == "Guest" else {"user": whom, "everyone": 1}
	conditions = [[right, "=", 1] for right in rights or ("read",)]
	return frappe.get_all(
		"DocShare",
		filters=[["share_doctype", "=", doctype], *conditions, *(filters or ())],
		pluck="share_name",
		or_filters=with_whom,
		order_by=None,
		limit=limit,
	)


def _share_of(doctype: str, name: str, user: str, everyone: int) -> "Document | None":
	whom = {"everyone": 1} if cint(everyone) else {"user": user}
	share = frappe.db.get_value("DocShare", {"share_doctype": doctype, "share_name": name, **whom})
	return frappe.get_doc("DocShare", share) if share else None
