import frappe
from frappe.model.document import Document


class KanbanBoard(Document):
	"""A board of Desk, kept as it came."""


def get_permission_query_conditions(user: str | None) -> str | None:
	"""Private boards are their owners'."""
	user = user or frappe.session.user
	board = f"`tabKanban Board`.private = 0 or `tabKanban Board`.owner = {frappe.db.escape(user)}"
	return None if user == "Administrator" else f"({board})"


def has_permission(doc: "Document", user: str) -> bool:
	return not doc.private or user in ("Administrator", doc.owner)
