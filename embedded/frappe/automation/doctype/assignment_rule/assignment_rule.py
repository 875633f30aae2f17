"""Assignment rules: who gets a ToDo on a document that was just saved.

An assignment rule reads its conditions as expressions over the document's fields.
"""

from typing import Any

import frappe
from frappe import _
from frappe.desk.form import assign_to
from frappe.model.document import Document
from frappe.utils import getdate, nowdate

# Saved too often, and by the host itself, to be worth the question.
NEVER_ASSIGNED = ("Comment", "DocShare", "Error Log", "Notification Log", "ToDo", "Version")


class AssignmentRule(Document):
	def validate(self) -> None:
		if self.document_type == "ToDo":
			frappe.throw(_("Assignment Rule is not allowed on document type {0}").format(_("ToDo")))
		days = [row.day for row in self.assignment_days]
		repeated = sorted({day for day in days if days.count(day) > 1})
		if repeated:
			text = _("The following Assignment Days have been repeated: {0}")
			frappe.throw(text.format(", ".join(map(_, repeated))))

	def clear_cache(self) -> None:
		"""A bench remembers which rules are enabled; this host asks every time."""
		frappe.clear_document_cache(self.doctype, self.name)

	def safe_eval(self, fieldname: str, doc: dict) -> Any:
		"""Return what a condition says of a document; one that raises is told to the user and counts as no."""
		condition, result = self.get(fieldname), False
		try:
			result = bool(condition) and frappe.safe_eval(condition, eval_locals=doc)
		except Exception as error:  # users write conditions, and none may keep a mail from coming in
			failed = _("Auto assignment failed: {0}")
			frappe.msgprint(failed.format(error), indicator="orange")
		return result

	def is_for_today(self) -> bool:
		days = [row.day for row in self.assignment_days]
		return not days or (frappe.flags.assignment_day or getdate(nowdate()).strftime("%A")) in days

	def assign(self, doc: dict) -> bool:
		"""Assign a document to whose turn it is, instead of to whoever had it. Returns whether it did."""
		if not self.safe_eval("assign_condition", doc):
			return False
		assign_to.clear(doc.doctype, doc.name, ignore_permissions=True)
		user = self.get_user(doc)
		if not user:
			return False
		task = {
			"assign_to": [user],
			"doctype": doc.doctype,
			"name": doc.name,
			"description": frappe.render_template(self.description, doc),
			"assignment_rule": self.name,
			"date": doc.get(self.due_date_based_on) if self.due_date_based_on else None,
		}
		assign_to.add(task, ignore_permissions=True)
		self.db_set("last_user", user)
		return True

	def unassign(self, doc: dict, rules: set[str]) -> bool:
		"""Take a document away from everybody, if this rule is among those that assigned it."""
		if self.name in rules and self.safe_eval("unassign_condition", doc):
			return assign_to.clear(doctype=doc.doctype, name=doc.name, ignore_permissions=True)
		return False

	def get_user(self, doc: dict) -> str | None:
		if self.rule == "Based on Field":
			user = doc.get(self.field)
			return user if user and frappe.db.exists("User", user) else None
		users = [row.user for row in self.users]
		if self.rule == "Load Balancing":
			return min(users, key=self._open_assignments)
		turn = users.index(self.last_user) + 1 if self.last_user in users else 0
		return users[turn % len(users)]

	def _open_assignments(self, user: str) -> int:
		filters = {"reference_type": self.document_type, "allocated_to": user, "status": "Open"}
		return frappe.db.count("ToDo", filters)


def apply(
	doc: "Document | None" = None,
	method: str | None = None,
	doctype: str | None = None,
	name: str | None = None,
) -> None:
	"""Unassign, assign, and close or reopen, as the enabled rules for the document's DocType say for today."""
	doctype, flags = doctype or doc.doctype, frappe.flags
	if doctype in NEVER_ASSIGNED or flags.in_patch or flags.in_install or flags.in_setup_wizard:
		return
	rules = _enabled_rules(doctype)
	if rules:
		_apply(rules, (doc or frappe.get_doc(doctype, name)).as_dict())


def update_due_date(doc: "Document", method: str | None = None) -> None:
	"""Let open assignments follow the field that their rule takes the due date from."""
	flags = frappe.flags
	if (
		doc.doctype in NEVER_ASSIGNED
		or flags.in_migrate
		or flags.in_patch
		or flags.in_import
		or flags.in_install
	):
		return
	for rule in _enabled_rules(doc.doctype, due_date_based_on=["is", "set"]):
		field = rule.due_date_based_on
		if doc.meta.has_field(field) and doc.has_value_changed(field):
			for task in _tasks(doc, assignment_rule=rule.name, status="Open"):
				_save(task.name, date=doc.get(field))


def _enabled_rules(doctype: str, **filters: Any) -> list[AssignmentRule]:
	filters.update(document_type=doctype, disabled=0)
	names = frappe.get_all("Assignment Rule", filters, pluck="name", order_by="priority desc")
	rules = [frappe.get_doc("Assignment Rule", name) for name in names]
	return [rule for rule in rules if rule.is_for_today() or "due_date_based_on" in filters]


def _apply(rules: list[AssignmentRule], doc: dict) -> None:
	tasks = _tasks(doc, status=["!=", "Cancelled"])
	assigned_by = {task.assignment_rule for task in tasks}
	free = not tasks or any(rule.unassign(doc, assigned_by) for rule in rules)
	assigned = free and any(rule.assign(doc) for rule in rules)
	if not _tasks(doc, status=["!=", "Cancelled"]):
		return
	for rule in rules:
		if rule.safe_eval("close_condition", doc):
			_set_all(doc, "Closed")
			break
		if not assigned and _set_all(doc, "Open", status="Closed"):
			break


def _set_all(doc: dict, new_status: str, **filters: Any) -> bool:
	tasks = _tasks(doc, **filters)
	for task in tasks:
		_save(task.name, status=new_status)
	return bool(tasks)


def _tasks(doc: "Document", **filters: Any) -> list[dict]:
	filters.update(reference_type=doc.doctype, reference_name=str(doc.name))
	return frappe.get_all("ToDo", filters, ["name", "assignment_rule"])


def _save(task: str, **values: Any) -> None:
	frappe.get_doc("ToDo", task).update(values).save(ignore_permissions=True)
