"""Assigning documents to users: every assignment is a ToDo."""

import json

import frappe
from frappe import _
from frappe.desk.doctype.todo.todo import FINISHED
from frappe.utils import nowdate, strip_html

SHOWN = 5


def get(args: dict | None = None) -> list[dict]:
	"""Return owner and name of the open assignments of a document."""
	args = args or frappe.local.form_dict
	filters = _of(args.get("doctype"), args.get("name"), status=("not in", FINISHED))
	return frappe.get_all("ToDo", filters=filters, fields=["allocated_to as owner", "name"], limit=SHOWN)


@frappe.whitelist()
def add(args: dict | None = None, *, ignore_permissions: bool = False) -> list[dict]:
	"""Assign a document to the users in `assign_to`; whoever has it already is named in a message.

	`args`: doctype, name, assign_to, and if wanted description, date, priority, assigned_by,
	assignment_rule."""
	args = args or frappe.local.form_dict
	already = []
	for user in frappe.parse_json(args.get("assign_to")):
		if not ignore_permissions:
			frappe.get_doc(args["doctype"], args["name"]).check_permission()
		filters = _of(args["doctype"], args["name"], status="Open", allocated_to=user)
		if frappe.db.exists("ToDo", filters):
			already.append(user)
		else:
			_assign(user, args)
	if already:
		users = "<br><br>" + "<br>".join(already)
		frappe.msgprint(_("Already in the following Users ToDo list:{0}").format(users))
	return get(args)


@frappe.whitelist()
def add_multiple(args: dict | None = None) -> None:
	args = args or frappe.local.form_dict
	for name in frappe.parse_json(args["name"]):
		add({**args, "name": name})


@frappe.whitelist()
def remove(doctype: str, name: str, assign_to: str, ignore_permissions: bool = False) -> list[dict]:
	return set_status(doctype, name, "", assign_to, "Cancelled", ignore_permissions)


@frappe.whitelist()
def remove_multiple(doctype: str, names: str, ignore_permissions: bool = False) -> None:
	for name in json.loads(names):
		for assignment in get({"doctype": doctype, "name": name}):
			remove(doctype, name, assignment.owner, ignore_permissions)


@frappe.whitelist()
def close(doctype: str, name: str, assign_to: str, ignore_permissions: bool = False) -> list[dict]:
	if assign_to != frappe.session.user:
		frappe.throw(_("Only the assignee can complete this to-do."))
	return set_status(doctype, name, "", assign_to, "Closed", ignore_permissions)


def set_status(
	doctype: str,
	name: str,
	todo: str | None = None,
	assign_to: str | None = None,
	status: str = "Cancelled",
	ignore_permissions: bool = False,
) -> list[dict]:
	"""Set the status of one assignment, given by its name or its user. Returns those still open."""
	if not ignore_permissions:
		frappe.get_doc(doctype, name).check_permission()
	filters = _of(doctype, name, status=("!=", status), allocated_to=assign_to)
	todo = todo or frappe.db.get_value("ToDo", filters)
	if todo:
		doc = frappe.get_doc("ToDo", todo)
		doc.status = status
		doc.save(ignore_permissions=True)
	if status in FINISHED and frappe.get_meta(doctype).has_field("assigned_to"):
		frappe.db.set_value(doctype, name, "assigned_to", None)
	return get({"doctype": doctype, "name": name})


def clear(doctype: str, name: str, ignore_permissions: bool = False) -> bool:
	"""Cancel every assignment of a document. Returns whether there was any."""
	return _set_all(doctype, name, "Cancelled", ignore_permissions, {})


def close_all_assignments(doctype: str, name: str, ignore_permissions: bool = False) -> bool:
	"""Close every assignment of a document that is not cancelled. Returns whether there was any."""
	return _set_all(doctype, name, "Closed", ignore_permissions, {"status": ("!=", "Cancelled")})


def _set_all(doctype, name, status, ignore_permissions, filters) -> bool:
	assignments = frappe.get_all("ToDo", filters=_of(doctype, name, **filters), pluck="name")
	for todo in assignments:
		set_status(doctype, name, todo, status=status, ignore_permissions=ignore_permissions)
	return bool(assignments)


def _assign(user: str, args: dict) -> None:
	description = str(args.get("description") or "")
	if not strip_html(description) and "<img" not in description:
		description = _("Assignment for {0} {1}").format(args["doctype"], args["name"])
	frappe.get_doc(
		{
			"doctype": "ToDo",
			"allocated_to": user,
			"reference_type": args["doctype"],
			"reference_name": str(args["name"]),
			"description": description,
			"priority": args.get("priority", "Medium"),
			"status": "Open",
			"date": args.get("date", nowdate()),
			"assigned_by": args.get("assigned_by", frappe.session.user),
			"assignment_rule": args.get("assignment_rule"),
		}
	).insert(ignore_permissions=True)
	if frappe.get_meta(args["doctype"]).has_field("assigned_to"):
		frappe.db.set_value(args["doctype"], args["name"], "assigned_to", user)
	_require_access(user, args["doctype"], args["name"])


def _require_access(user: str, doctype: str, name: str) -> None:
	"""Whoever gets an assignment must be able to open it. Raises ValidationError if not."""
	if frappe.has_permission(doctype, doc=frappe.get_doc(doctype, name), user=user):
		return
	if not frappe.get_system_settings("disable_document_sharing"):
		raise NotImplementedError(
			f"The embedded host has no frappe.share: {user} cannot read {doctype} {name}. A bench shares it."
		)
	message = _("User {0} is not permitted to access this document.").format(frappe.bold(user))
	frappe.throw(message, title=_("Missing Permission"))


def _of(doctype: str, name: str, **filters) -> dict:
	return {"reference_type": doctype, "reference_name": name, **filters}
