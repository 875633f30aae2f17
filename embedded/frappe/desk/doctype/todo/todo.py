import json

import frappe
from frappe.model.document import Document

FINISHED = ("Cancelled", "Closed")


class ToDo(Document):
	def on_update(self) -> None:
		self.update_in_reference()

	def on_trash(self) -> None:
		self.update_in_reference()

	def update_in_reference(self) -> None:
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
		assigned = json.dumps(users) if users else ""
		document = (self.reference_type, self.reference_name)
		frappe.db.set_value(*document, "_assign", assigned, update_modified=False)


def get_permission_query_conditions(user: str | None) -> str | None:
	"""Users see their own assignments, except for roles that are given all of them."""
	user = user or frappe.session.user
	if _sees_all(user, "read"):
		return None
	user = frappe.db.escape(user)
	return f"(`tabToDo`.allocated_to = {user} or `tabToDo`.assigned_by = {user})"


def has_permission(doc: "Document", ptype: str = "read", user: str | None = None) -> bool:
	user = user or frappe.session.user
	return _sees_all(user, ptype) or user in (doc.allocated_to, doc.assigned_by)


def _sees_all(user: str, ptype: str) -> bool:
	from frappe.permissions import AUTOMATIC_ROLES

	rows = frappe.get_meta("ToDo").permissions
	roles = {row.role for row in rows if row.get(ptype)} - set(AUTOMATIC_ROLES)
	return bool(roles & set(frappe.get_roles(user)))
