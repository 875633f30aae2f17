"""Whose clock shows what: the rules are in `rules.zones`."""

import frappe
from frappe.utils import get_system_timezone


def zones_of(user: str) -> tuple[str, str]:
	"""The site's time zone and the user's own, which is the site's where he has chosen none."""
	site = get_system_timezone()
	return site, frappe.db.get_value("User", user, "time_zone") or site
