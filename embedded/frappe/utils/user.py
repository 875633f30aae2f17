"""Who a user is: system user or visitor, roles, names."""

import frappe


def is_system_user(username: str | None = None) -> str | None:
	"""Return the id of an enabled system user with this e-mail address."""
	filters = {"email": username or frappe.session.user, "enabled": 1, "user_type": "System User"}
	return frappe.db.get_value("User", filters)


def is_website_user(username: str | None = None) -> bool:
	return frappe.db.get_value("User", username or frappe.session.user, "user_type") == "Website User"


def get_users_with_role(role: str) -> list[str]:
	"""Return the enabled users who have a role, without Administrator."""
	holders = frappe.get_all("Has Role", filters={"role": role, "parenttype": "User"}, pluck="parent")
	filters = {"name": ("in", holders), "enabled": 1}
	enabled = frappe.get_all("User", filters=filters, pluck="name") if holders else []
	return [user for user in enabled if user != "Administrator"]
