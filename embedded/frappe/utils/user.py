"""Who a user is: system user or visitor, roles, names."""

import frappe


def is_system_user(username: str | None = None) -> str | None:
	"""Return the id of an enabled system user with this e-mail address."""
	filters = {"email": username or frappe.session.user, "enabled": 1, "user_type": "System User"}
	return frappe.db.get_value("User", filters)


def is_website_user(username: str | None = None) -> bool:
	return frappe.db.get_value("User", username or frappe.session.user, "user_type") == "Website User"


def get_user_fullname(user: str) -> str:
	return frappe.db.get_value("User", user, "full_name") or user


def get_users_with_role(role: str) -> list[str]:
	"""Return the enabled users who have a role, without Administrator."""
	holders = frappe.get_all("Has Role", filters={"role": role, "parenttype": "User"}, pluck="parent")
	filters = {"name": ("in", holders), "enabled": 1}
	enabled = frappe.get_all("User", filters=filters, pluck="name") if holders else []
	return [user for user in enabled if user != "Administrator"]


def get_system_managers(only_name: bool = False) -> list[str]:
	"""Return the system managers as `Name <address>`, or their ids alone."""
	from frappe.utils import get_formatted_email

	managers = get_users_with_role("System Manager")
	return managers if only_name else [get_formatted_email(user) for user in managers]


def get_enabled_system_users() -> list[dict]:
	filters = {"user_type": "System User", "enabled": 1, "name": ("not in", frappe.STANDARD_USERS)}
	return frappe.get_all("User", fields=["email", "language", "name"], filters=filters)


def add_role(user: str, role: str) -> None:
	frappe.get_doc("User", user).add_roles(role)
