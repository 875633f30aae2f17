import frappe
from frappe.model.document import Document


class NotificationLog(Document):
	"""What a user is told under the bell of Desk. This host sends none of it by mail."""


def enqueue_create_notification(users: list[str] | str, doc: dict) -> None:
	"""Tell the enabled users with these addresses, except whoever caused it, unless it is an alert."""
	addresses = users.split(",") if isinstance(users, str) else users
	filters = {"enabled": 1, "email": ["in", [address.strip() for address in addresses if address]]}
	for user in frappe.get_all("User", filters, pluck="name"):
		if user != doc.get("from_user") or doc.get("type") == "Alert":
			frappe.get_doc({"doctype": "Notification Log", "for_user": user, **doc}).insert(
				ignore_permissions=True
			)


def get_permission_query_conditions(for_user: str | None) -> str | None:
	"""Users see what they were told."""
	user = for_user or frappe.session.user
	return None if user == "Administrator" else f"(`tabNotification Log`.for_user = {frappe.db.escape(user)})"
