"""Who manages sales: whoever may change the settings that all the others work by, whatever the role is called."""

import frappe


def managing_roles() -> frozenset[str]:
	"""Return the roles that may write Selling Settings."""
	rules = frappe.get_meta("Selling Settings").permissions
	return frozenset(rule.role for rule in rules if rule.write and not rule.permlevel)


def manages_sales(user: str | None = None) -> bool:
	"""Return whether a user, the session's if left out, has such a role."""
	user = user or frappe.session.user
	return user == "Administrator" or not managing_roles().isdisjoint(frappe.get_roles(user))
