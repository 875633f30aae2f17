"""What a System Manager should know of the site before its people rely on it."""

import frappe

from crm_pipeline.utils import scheduler


@frappe.whitelist(methods=["GET"])
def get_setup_warnings() -> list[str]:
	"""Return what keeps the app's jobs from running, as HTML: the setup wizard, the scheduler, its processes.

	Raises:
		frappe.PermissionError: to those who may not change System Settings, and so nothing about it.
	"""
	frappe.has_permission("System Settings", "write", throw=True)
	return scheduler.setup_warnings()
