"""What each user wants to be told of, and by mail; who has no record wants everything."""

import frappe
from frappe.model.document import Document


class NotificationSettings(Document):
	"""Named by its user."""


def is_notifications_enabled(user: str) -> bool:
	return _is_on(user, "enabled")


def is_email_notifications_enabled_for_type(user: str, notification_type: str) -> bool:
	"""Alerts are never mailed."""
	switches = ("enable_email_notifications", f"enable_email_{frappe.scrub(notification_type)}")
	return notification_type != "Alert" and all(_is_on(user, switch) for switch in switches)


def _is_on(user: str, field: str) -> bool:
	stored = frappe.db.get_value("Notification Settings", user, field)
	return stored is None or bool(stored)


def get_permission_query_conditions(user: str | None) -> str | None:
	"""Users see their own; System Managers all but those of Administrator."""
	user, name = user or frappe.session.user, "`tabNotification Settings`.name"
	if user == "Administrator":
		return None
	is_manager = "System Manager" in frappe.get_roles(user)
	return f"({name} != 'Administrator')" if is_manager else f"({name} = {frappe.db.escape(user)})"


def has_permission(doc: "Document", user: str) -> bool:
	if user == "Administrator" or "System Manager" not in frappe.get_roles(user):
		return user in ("Administrator", doc.name)
	return doc.name != "Administrator"
