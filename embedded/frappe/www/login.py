from urllib.parse import urlparse

import frappe
from frappe import _
from frappe.types import _dict
from frappe.website.serve import get_home_page

no_cache = True


def get_context(context: _dict) -> None:
	"""Show the login to guests; who is signed in goes on to where they wanted to go."""
	context.title = _("Login")
	context.redirect_to = keep_on_site(frappe.form_dict.get("redirect-to"))
	if frappe.session.user != "Guest":
		frappe.local.flags.redirect_location = context.redirect_to or f"/{get_home_page()}"
		raise frappe.Redirect(302)


def keep_on_site(target: str | None) -> str:
	"""Return the path of a redirect target, "" for one that leads to another site."""
	parts = urlparse((target or "").replace("\\", "/"))
	leaves = parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//")
	return "" if leaves else target
