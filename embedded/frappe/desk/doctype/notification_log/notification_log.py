import frappe
from frappe.model.document import Document


class NotificationLog(Document):
	"""What a user is told under the bell of Desk. This host sends none of it by mail."""


def enqueue_create_notification(users: list[str] | str, doc: dict) -> None:
	"""Tell the enabled users with these addresses, at once: this host has no queue."""
	addresses = users.split(",") if isinstance(users, str) else users
	make_notification_logs(frappe._dict(doc), [address.strip() for address in addresses if address])


def make_notification_logs(doc: dict, users: list[str]) -> None:
	"""Tell the enabled users with these addresses, except whoever caused it, unless it is an alert."""
	for user in frappe.get_all("User", {"enabled": 1, "email": ["in", users]}, pluck="name"):
		if user != doc.from_user or doc.type == "Alert":
			log = frappe.get_doc({"doctype": "Notification Log", "for_user": user, **doc})
			log.insert(ignore_permissions=True)


def get_permission_query_conditions(for_user: str | None) -> str | None:
	"""Users see what they were told."""
	user = for_user or frappe.session.user
	return None if user == "Administrator" else f"(`tabNotification Log`.for_user = {frappe.db.escape(user)})"
