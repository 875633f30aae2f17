"""Who may do what: roles, the permission rows of DocTypes, User Permissions, and the permission hooks of apps."""

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.core.doctype.user_permission.user_permission import get_user_permissions
from frappe.share import SHAREABLE, get_shared
from frappe.utils import cint

if TYPE_CHECKING:
	from frappe.model.document import Document
	from frappe.model.meta import Meta

rights = tuple(
	"select read write create delete submit cancel amend print email report import export share".split()
)
AUTOMATIC_ROLES = ("Guest", "All", "Desk User", "Administrator")
GUEST_ROLE, ALL_USER_ROLE, SYSTEM_USER_ROLE = AUTOMATIC_ROLES[:3]


def has_permission(
	doctype: str,
	ptype: str = "read",
	doc: "Document | str | None" = None,
	user: str | None = None,
	raise_exception: bool = True,
	*,
	parent_doctype: str | None = None,
) -> bool:
	"""Return whether `user` (default: the current one) may do `ptype` with a DocType, or with one `doc`.

	`doc` is a Document or a name. A child table needs `parent_doctype` unless `doc` tells it. Unless
	`raise_exception` is False a refusal leaves its reason in the message log; nothing is raised here.
	"""
	user = user or frappe.session.user
	refusal = _refusal(doctype, ptype, doc, user, parent_doctype)
	if refusal and raise_exception and user == frappe.session.user:
		frappe.msgprint(refusal)
	return not refusal


def _refusal(
	doctype: str, ptype: str, doc: "Document | str | None", user: str, parent_doctype: str | None = None
) -> str | None:
	"""Return why the user may not, None if they may."""
	if user == "Administrator":
		return None
	if ptype == "share" and frappe.get_system_settings("disable_document_sharing"):
		return _("Not permitted")
	meta = frappe.get_meta(doctype)
	if meta.istable:
		return _refusal_of_row(meta, ptype, doc, user, parent_doctype)
	if doc:
		refusal = _refusal_of_document(meta, ptype, doc, user)
		return None if refusal and _is_shared(doctype, ptype, user, doc) else refusal
	if ptype == "submit" and not cint(meta.is_submittable):
		return _("Document Type is not submittable")
	if ptype == "import" and not cint(meta.allow_import):
		return _("Document Type is not importable")
	if get_role_permissions(meta, user).get(ptype) or _is_shared(doctype, ptype, user):
		return None
	reason = _("User {0} does not have doctype access via role permission for document {1}")
	return reason.format(frappe.bold(user), frappe.bold(_(meta.name)))


def _is_shared(doctype: str, ptype: str, user: str, doc: "Document | str | None" = None) -> bool:
	"""Whether the document, or any of the DocType, is shared with the user for this."""
	if ptype not in (*SHAREABLE, "email", "print"):
		return False
	name = doc.name if hasattr(doc, "name") else doc
	filters = [["share_name", "=", str(name)]] if doc else None
	rights = ["read" if ptype in ("email", "print") else ptype]
	return bool(get_shared(doctype, user, rights, filters=filters, limit=1))


def _refusal_of_document(meta: "Meta", ptype: str, doc: "Document | str", user: str) -> str | None:
	doc = frappe.get_doc(meta.name, doc) if isinstance(doc, str | int) else doc
	if get_doc_permissions(doc, user=user, ptype=ptype).get(ptype):
		return None
	reason = _("User {0} does not have access to this document").format(frappe.bold(user))
	return reason if _refusal(doc.doctype, "read", None, user) else f"{reason}: {_(doc.doctype)} - {doc.name}"


def _refusal_of_row(
	meta: "Meta", ptype: str, row: "Document | None", user: str, parent_doctype: str
) -> str | None:
	"""A row is as visible as its parent, and its table field must be one the parent really has."""
	parent_doctype = row.parenttype if row else parent_doctype
	if not parent_doctype:
		return _("Please specify a valid parent DocType for {0}").format(frappe.bold(meta.name))
	parent_meta = frappe.get_meta(parent_doctype)
	tables = {df.fieldname: df for df in parent_meta.get_table_fields() if df.options == meta.name}
	if parent_meta.istable or not tables or (row and row.parentfield not in tables):
		reason = _("{0} is not a valid parent DocType for {1}")
		return reason.format(frappe.bold(parent_doctype), frappe.bold(meta.name))
	level = tables[row.parentfield].permlevel if row else 0
	if level and level not in parent_meta.get_permlevel_access(ptype, user=user):
		return _("Insufficient Permission Level for {0}").format(frappe.bold(parent_doctype))
	parent = row and (getattr(row, "parent_doc", None) or row.parent)
	return _refusal(parent_doctype, ptype, parent, user)


def get_doc_permissions(doc: "Document", user: str | None = None, ptype: str | None = None) -> dict:
	"""Return `{"read": 1, "write": 0, ...}` for one document; `{ptype: 0}` where an app's hook refuses."""
	user = user or frappe.session.user
	if not has_controller_permissions(doc, ptype, user=user):
		return {ptype: 0}
	is_owner = (doc.get("owner") or "").lower() == user.lower()
	by_role = get_role_permissions(doc.meta, user, is_owner=is_owner)
	own = by_role.get("if_owner") or {}
	if not has_user_permission(doc, user):
		return {**own, "create": 0} if is_owner else {}
	impossible = {"submit": doc.meta.is_submittable, "import": doc.meta.allow_import}
	impossible = {right: 0 for right, possible in impossible.items() if not cint(possible)}
	return frappe._dict(by_role | impossible | own)


def has_user_permission(
	doc: "Document", user: str | None = None, debug: bool = False, ptype: str | None = None
) -> bool:
	"""Whether the user's User Permissions let them have the document: itself, and what it and its rows link to."""
	limits = get_user_permissions(user)
	if not limits:
		return True
	own = get_allowed_docs_for_doctype(limits.get(doc.doctype, []), doc.doctype)
	if own and str(doc.name) not in own:
		return False
	strict = not doc.meta.issingle and frappe.get_system_settings("apply_strict_user_permissions")
	for each in (doc, *doc.get_all_children()):
		for df in each.meta.get_link_fields():
			value = each.get(df.fieldname)
			if df.ignore_user_permissions or not (value or cint(strict)):
				continue
			allowed = get_allowed_docs_for_doctype(limits.get(df.options, []), doc.doctype)
			if allowed and str(value) not in allowed:
				return False
	return True


def get_allowed_docs_for_doctype(user_permissions: list, doctype: str) -> list[str]:
	"""Those records of User Permissions that hold for a DocType."""
	return [each["doc"] for each in user_permissions if each["applicable_for"] in (None, "", doctype)]


def has_controller_permissions(doc: "Document", ptype: str, user: str | None = None) -> bool:
	"""Ask the `has_permission` hooks of the DocType, then those of "*". They can refuse, never grant."""
	hooks, question = frappe.get_hooks("has_permission", {}), {"doc": doc, "ptype": ptype}
	question["user"] = user or frappe.session.user
	paths = [path for key in ("*", doc.doctype) for path in reversed(hooks.get(key, []))]
	verdicts = (frappe.call(path, **question) for path in paths)
	return bool(next((verdict for verdict in verdicts if verdict is not None), True))


def get_role_permissions(
	doctype_meta: "Meta | str", user: str | None = None, is_owner: bool | None = None
) -> dict:
	"""Return what the roles of `user` grant on a DocType, as `{ptype: 0 or 1, "if_owner": {ptype: ...}}`.

	A right granted to owners only is under `if_owner`. Reading is then still granted on the DocType as a
	whole, for lists, which show owned records alone.
	"""
	meta = frappe.get_meta(doctype_meta) if isinstance(doctype_meta, str) else doctype_meta
	user = user or frappe.session.user
	if user == "Administrator":
		return frappe._dict.fromkeys(rights, 1)

	key = (meta.name, user, bool(is_owner))
	if key not in frappe.local.role_permissions:
		roles = get_roles(user)
		rows = [row for row in meta.permissions or [] if row.role in roles and not row.permlevel]
		frappe.local.role_permissions[key] = _combine(rows, is_owner)
	return frappe.local.role_permissions[key]


def _combine(rows: list, is_owner: bool) -> dict:
	combined = frappe._dict(if_owner={}, has_if_owner_enabled=any(cint(row.if_owner) for row in rows))
	for ptype in rights:
		granting = [row for row in rows if cint(row.get(ptype))]
		combined[ptype] = int(bool(granting))
		if granting and ptype != "create" and all(cint(row.if_owner) for row in granting):
			combined.if_owner[ptype] = int(bool(is_owner))
			combined[ptype] = int(ptype in ("select", "read"))
	return combined


def get_roles(user: str | None = None) -> list[str]:
	"""Return the roles of a user, with those every user has by being one."""
	user = user or frappe.session.user
	if not user or user == "Guest":
		return [GUEST_ROLE]
	if user == "Administrator":
		return frappe.get_all("Role", pluck="name", order_by=None)
	key = ("roles", user)
	if key not in frappe.local.cache:
		frappe.local.cache[key] = _assigned_roles(user)
	return list(frappe.local.cache[key])


def _assigned_roles(user: str) -> list[str]:
	filters = {"parenttype": "User", "parent": user, "role": ["not in", AUTOMATIC_ROLES]}
	roles = frappe.get_all("Has Role", filters=filters, pluck="role", order_by=None)
	roles += [ALL_USER_ROLE, GUEST_ROLE]
	is_system = frappe.get_cached_value("User", user, "user_type") == "System User"
	return [*roles, SYSTEM_USER_ROLE] if is_system else roles


def add_user_permission(
	doctype: str,
	name: str,
	user: str,
	ignore_permissions: bool = False,
	applicable_for: str | None = None,
	is_default: int = 0,
) -> None:
	"""Limit a user to a record, and to what links to it; for one DocType only if `applicable_for` names it."""
	values = {"user": user, "allow": doctype, "for_value": name, "applicable_for": applicable_for}
	values |= {"is_default": is_default, "apply_to_all_doctypes": int(not applicable_for)}
	frappe.new_doc("User Permission", **values).insert(ignore_permissions=ignore_permissions)


def setup_custom_perms(parent: str) -> bool:
	"""Copy the permission rows of a DocType to rows of the site's own, unless it has some."""
	if frappe.db.exists("Custom DocPerm", {"parent": parent}):
		return False
	for row in frappe.get_all("DocPerm", filters={"parent": parent}, fields=["*"]):
		values = {key: row[key] for key in ("role", "permlevel", "if_owner", *rights)}
		frappe.get_doc({"doctype": "Custom DocPerm", "parent": parent, **values}).insert(
			ignore_permissions=True
		)
	return True


def add_permission(doctype: str, role: str, permlevel: int = 0, ptype: str | None = None) -> str | None:
	"""Add a row to a DocType's permissions, which become the site's own; returns its name."""
	setup_custom_perms(doctype)
	place = {"parent": doctype, "role": role, "permlevel": permlevel, "if_owner": 0}
	if frappe.db.exists("Custom DocPerm", place):
		return None
	values = {"doctype": "Custom DocPerm", "read": 0, **place, ptype or "read": 1}
	return frappe.get_doc(values).insert().name


def update_permission_property(
	doctype: str,
	role: str,
	permlevel: int,
	ptype: str,
	value: Any = None,
	validate: bool = True,
	if_owner: int = 0,
) -> bool:
	"""Grant or take one right of a row of a DocType's permissions."""
	copied = setup_custom_perms(doctype)
	place = {"parent": doctype, "role": role, "permlevel": permlevel, "if_owner": if_owner}
	frappe.db.set_value("Custom DocPerm", place, ptype, value, update_modified=False)
	frappe.clear_cache(doctype=doctype)
	return copied


def reset_perms(doctype: str) -> None:
	"""Go back to the permission rows that the DocType came with."""
	own_rows = {"parent": doctype}
	frappe.db.delete("Custom DocPerm", filters=own_rows)
	frappe.clear_cache(doctype=doctype)


def check_doctype_permission(doctype: str, ptype: str = "read") -> None:
	"""Raise PermissionError unless the user may `ptype` the DocType; leaves no message when allowed.

	For errors about a missing record: who may not see the DocType shall not learn which names it lacks.
	"""
	refusal = _refusal(doctype, ptype, None, frappe.session.user)
	if not refusal:
		return
	frappe.clear_messages()
	frappe.msgprint(refusal)
	message = _("No permission for {0}").format(doctype)
	frappe.flags.update(error_message=message, disable_traceback=True)
	raise frappe.PermissionError


def hide_missing_record(error: Exception) -> Exception:
	"""Return the error to show for `error`: a PermissionError when its DocType is closed to the user."""
	doctype = getattr(error, "doctype", None)
	if isinstance(error, frappe.DoesNotExistError) and doctype:
		try:
			check_doctype_permission(doctype)
		except frappe.PermissionError as refusal:
			return refusal
	return error
