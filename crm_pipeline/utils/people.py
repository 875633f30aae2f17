"""Who works on this site."""

import frappe


def users_with_role(role: str) -> dict[str, str]:
	"""Return the full names of the enabled users of Desk who have a role, by user and in order of the names."""
	user, given = frappe.qb.DocType("User"), frappe.qb.DocType("Has Role")
	rows = (
		frappe.qb.from_(user)
		.join(given)
		.on((given.parent == user.name) & (given.parenttype == "User"))
		.where((given.role == role) & (user.enabled == 1) & (user.user_type == "System User"))
		.where(user.name.notin(frappe.STANDARD_USERS))
		.select(user.name, user.full_name)
		.distinct()
		.orderby(user.full_name, user.name)
	).run()
	return {name: full_name or name for name, full_name in rows}
