"""Home page and responses of the pages under `www`."""

import frappe
from werkzeug.wrappers import Response


def get_home_page() -> str:
	"""Return the route, without slash, that `/` shows: by the hooks of apps, else the login.

	Where a bench would then open Desk, this is the home of the app installed last (`app_home`).
	"""
	page = _home_page_of_hooks()
	if not page:
		page = "login" if frappe.session.user == "Guest" else (frappe.get_hooks("app_home") or ["me"])[-1]
	return page.strip("/")


def _home_page_of_hooks() -> str | None:
	if methods := frappe.get_hooks("get_website_user_home_page"):
		return frappe.get_attr(methods[-1])(frappe.session.user)
	if pages := frappe.get_hooks("website_user_home_page"):
		return pages[-1]

	by_role = frappe.get_hooks("role_home_page") or {}
	for role in frappe.get_roles():
		if by_role and by_role.get(role):
			return by_role[role][-1]
	pages = frappe.get_hooks("home_page")
	return pages[-1] if pages else None


def build_response(path, data, http_status_code=200, headers=None) -> Response:
	response = Response(data, status=http_status_code, mimetype="text/html")
	response.headers["X-Page-Name"] = path.encode("ascii", errors="xmlcharrefreplace").decode()
	response.headers.update(headers or {})
	return response


def respond_as_web_page(
	title,
	html,
	success=None,
	http_status_code=None,
	context=None,
	indicator_color=None,
	primary_action="/",
	primary_label=None,
	fullpage=False,
	width=None,
	template="message",
):
	"""Answer the request with a page that shows a message instead of JSON."""
	frappe.local.message_title, frappe.local.message = title, html
	action = {"primary_action": primary_action, "primary_label": primary_label}
	frappe.local.response.update(type="page", route=template, context={**action, **(context or {})})
	if http_status_code:
		frappe.local.response["http_status_code"] = http_status_code
