import json

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_fullname, parse_addr

FINISHED = ("Cancelled", "Closed")


class ToDo(Document):
	def validate(self):
		self.flags.assignment = self.get_assignment_comment()

	def on_update(self):
		if self.flags.assignment:
			self.add_assign_comment(*self.flags.assignment)
		self.update_in_reference()

	def on_trash(self):
		frappe.db.delete("Communication Link", {"link_doctype": "ToDo", "link_name": self.name})
		self.update_in_reference()

	def get_assignment_comment(self) -> tuple[str, str] | None:
		"""Return type and text of the comment that a new assignment, or a change of its status, leaves."""
		if self.is_new():
			return "Assigned", self.describe_assignment()
		if not self.has_value_changed("status"):
			return None
		user = frappe.session.user
		if self.allocated_to == user:
			return "Assignment Completed", _("{0} removed their assignment.").format(get_fullname(user))
		text = _("Assignment of {0} removed by {1}").format(
			get_fullname(self.allocated_to), get_fullname(user)
		)
		return "Assignment Completed", text

	def describe_assignment(self) -> str:
		by = get_fullname(self.assigned_by)
		if self.assigned_by == self.allocated_to:
			return _("{0} self assigned this task: {1}").format(by, self.description)
		return _("{0} assigned {1}: {2}").format(by, get_fullname(self.allocated_to), self.description)

	def add_assign_comment(self, comment_type: str, text: str):
		if self.reference_type and self.reference_name:
			frappe.get_doc(self.reference_type, self.reference_name).add_comment(comment_type, text)

	def update_in_reference(self):
		"""Keep the users with open assignments in the column _assign of the document, the oldest first."""
		if not (self.reference_type and self.reference_name):
			return
		filters = {
			"reference_type": self.reference_type,
			"reference_name": str(self.reference_name),
			"status": ("not in", FINISHED),
			"allocated_to": ("is", "set"),
		}
		users = frappe.get_all("ToDo", filters=filters, pluck="allocated_to", order_by="creation asc")
		frappe.db.set_value(
			self.reference_type,
			self.reference_name,
			"_assign",
			json.dumps(users) if users else "",
			update_modified=False,
		)

	@classmethod
	def get_owners(cls, filters: dict | None = None) -> list[str]:
		"""Return the addresses of the users with matching assignments."""
		users = frappe.get_all("ToDo", filters=filters or {}, pluck="allocated_to")
		return [parse_addr(user)[1] for user in users if user]


def on_doctype_update():
	frappe.db.add_index("ToDo", ["reference_type", "reference_name"])


def get_permission_query_conditions(user: str | None) -> str | None:
	"""Users see their own assignments, except for roles that are given all of them."""
	user = user or frappe.session.user
	if _sees_all(user, "read"):
		return None
	user = frappe.db.escape(user)
	return f"(`tabToDo`.allocated_to = {user} or `tabToDo`.assigned_by = {user})"


def has_permission(doc, ptype: str = "read", user: str | None = None) -> bool:
	user = user or frappe.session.user
	return _sees_all(user, ptype) or user in (doc.allocated_to, doc.assigned_by)


def _sees_all(user: str, ptype: str) -> bool:
	from frappe.permissions import AUTOMATIC_ROLES

	rows = frappe.get_meta("ToDo").permissions
	roles = {row.role for row in rows if row.get(ptype)} - set(AUTOMATIC_ROLES)
	return bool(roles & set(frappe.get_roles(user)))
