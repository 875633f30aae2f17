"""Whether opportunities are on: Selling Settings switch them off for all, or for roles."""

import frappe
from frappe import _

from crm_pipeline.exceptions import OpportunitiesSwitchedOff
from crm_pipeline.permissions.managing import manages_sales, managing_roles


def is_switched_off(user: str) -> bool:
	"""Return whether opportunities are off for all, or for one of the user's roles and not kept by a manager's role."""
	if user == "Administrator":
		return False
	if is_off_for_all():
		return True
	off = frappe.get_cached_doc("Selling Settings").switched_off_roles()
	roles = set(frappe.get_roles(user))
	return not off.isdisjoint(roles) and roles.isdisjoint(managing_roles() - off)


def is_off_for_all() -> bool:
	"""Return whether the settings switch opportunities off without regard to roles."""
	return frappe.get_cached_doc("Selling Settings").switched_off_for_all()


def is_offered() -> bool:
	"""Return whether Desk and the apps screen offer the app to the session's user."""
	return bool(frappe.has_permission("Opportunity", "read")) and not is_switched_off(frappe.session.user)


def refuse_if_switched_off() -> None:
	"""Say to the session's user that opportunities are off for them, and who can change it.

	Raises:
		OpportunitiesSwitchedOff
	"""
	if is_switched_off(frappe.session.user):
		frappe.throw(
			_(
				"Opportunities are switched off for you. A Sales Manager can switch them on in Selling Settings, section Availability."
			),
			OpportunitiesSwitchedOff,
			title=_("Opportunities Switched Off"),
		)


def require_reading() -> None:
	"""Let only those pass who may read opportunities and for whom they are on.

	Raises:
		frappe.PermissionError, OpportunitiesSwitchedOff
	"""
	frappe.has_permission("Opportunity", "read", throw=True)
	refuse_if_switched_off()


def refuse_unless_manager(message: str) -> None:
	"""Let only those pass who manage sales and for whom opportunities are on.

	Args:
		message: what others are told, translated.

	Raises:
		frappe.PermissionError, OpportunitiesSwitchedOff
	"""
	if not manages_sales():
		frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))
	refuse_if_switched_off()
