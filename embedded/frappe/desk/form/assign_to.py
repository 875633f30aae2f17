"""Assigning documents to users: every assignment is a ToDo."""

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _, share
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.desk.doctype.todo.todo import FINISHED
from frappe.utils import escape_html, get_fullname, nowdate, strip_html

if TYPE_CHECKING:
	from frappe.model.document import Document

	def add_multiple() -> None: ...  # of a bench


SHOWN = 5


def get(args: dict) -> list[dict]:
	"""Return owner and name of the open assignments of a document."""
	filters = _of(args["doctype"], args["name"], status=("not in", FINISHED))
	return frappe.get_all("ToDo", filters=filters, fields=["allocated_to as owner", "name"], limit=SHOWN)


@frappe.whitelist()
def add(args: dict | None = None, *, ignore_permissions: bool = False) -> list[dict]:
	"""Assign a document to the users in `assign_to`; whoever has it already is named in a message.

	`args`: doctype, name, assign_to, and if wanted description, date, priority, assigned_by,
	assignment_rule."""
	args = args or frappe.local.form_dict
	doc = frappe.get_doc(args["doctype"], args["name"])
	if not ignore_permissions:
		doc.check_permission()
	already = []
	for user in frappe.parse_json(args["assign_to"]):
		if frappe.db.exists("ToDo", _of(doc.doctype, doc.name, status="Open", allocated_to=user)):
			already.append(user)
		else:
			_assign(user, doc, args)
	if already:
		users = "<br><br>" + "<br>".join(already)
		frappe.msgprint(_("Already in the following Users ToDo list:{0}").format(users))
	return get(args)


def _assign(user: str, doc: "Document", args: dict) -> None:
	"""Whoever gets an assignment must be able to open it: if need be, the document is shared with them."""
	description = str(args.get("description") or "")
	if not strip_html(description) and "<img" not in description:
		description = _("Assignment for {0} {1}").format(doc.doctype, doc.name)
	values = {"priority": "Medium", "date": nowdate(), "assigned_by": frappe.session.user}
	values |= {key: args[key] for key in (*values, "assignment_rule") if key in args}
	todo = frappe.new_doc("ToDo", allocated_to=user, description=description, **values)
	todo.update(_of(doc.doctype, doc.name)).insert(ignore_permissions=True)
	if not frappe.has_permission(doc.doctype, doc=doc, user=user):
		share.add(doc.doctype, doc.name, user)
	_tell(user, doc)


def _tell(user: str, doc: "Document") -> None:
	"""Let somebody know what somebody else gave them to do."""
	email, by = frappe.db.get_value("User", user, "email"), frappe.session.user
	if not email or user == by:
		return
	subject = _("{0} assigned a new task {1} {2} to you")
	subject = subject.format(get_fullname(by), _(doc.doctype), escape_html(doc.get_title()))
	about = {"document_type": doc.doctype, "document_name": doc.name, "from_user": by}
	enqueue_create_notification([email], {"type": "Assignment", "subject": subject, **about})


@frappe.whitelist()
def close(doctype: str, name: str, assign_to: str, ignore_permissions: bool = False) -> list[dict]:
	"""Close the user's own assignment. Returns what is still open."""
	if assign_to == frappe.session.user:
		_set_status(doctype, name, "Closed", ignore_permissions, {"allocated_to": assign_to})
		return get({"doctype": doctype, "name": name})
	frappe.throw(_("Only the assignee can complete this to-do."))


def set_status(
	doctype: str,
	name: str,
	todo: str | None = None,
	assign_to: str | None = None,
	status: str = "Cancelled",
	ignore_permissions: bool = False,
) -> list[dict]:
	"""End one assignment, named or the one of a user. Returns what is still open."""
	one = {"name": todo} if todo else {"allocated_to": assign_to}
	_set_status(doctype, name, status, ignore_permissions, one)
	return get({"doctype": doctype, "name": name})


def clear(doctype: str, name: str, ignore_permissions: bool = False) -> bool:
	"""Cancel every assignment of a document. Returns whether there was any."""
	return _set_status(doctype, name, "Cancelled", ignore_permissions, {})


def _set_status(doctype: str, name: str, new: str, ignore_permissions: bool, which: dict) -> bool:
	if not ignore_permissions:
		frappe.get_doc(doctype, name).check_permission()
	filters = {"status": ("!=", new), **_of(doctype, name), **which}
	todos = frappe.get_all("ToDo", filters=filters, pluck="name")
	for todo in todos:
		frappe.get_doc("ToDo", todo).update({"status": new}).save(ignore_permissions=True)
	return bool(todos)


def _of(doctype: str, name: str, **filters: Any) -> dict:
	return {"reference_type": doctype, "reference_name": name, **filters}
