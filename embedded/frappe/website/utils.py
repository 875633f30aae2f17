"""What pages and the login share."""

import frappe


def get_home_page() -> str:
	"""Return the route, without slash, that `/` shows: by the hook `home_page`, else the login.

	Where a bench would then open Desk, this is the home of the app installed last (`app_home`).
	"""
	pages = frappe.get_hooks("home_page")
	if not pages:
		pages = ["login"] if frappe.session.user == "Guest" else frappe.get_hooks("app_home") or ["me"]
	return pages[-1].strip("/")
