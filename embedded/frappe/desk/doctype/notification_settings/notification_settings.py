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
