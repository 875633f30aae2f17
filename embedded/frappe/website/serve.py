"""Pages: the templates of the `www` folders, each filled by the `get_context` of the module beside it."""

import re
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote_plus

import frappe
from frappe import _
from frappe.utils.response import describe, settle, status_of
from werkzeug.wrappers import Response

WHOLE_DOCUMENT = re.compile(r"</body>|{%-?\s*extends", re.IGNORECASE)
FRAME = "templates/web.html"


class Page(NamedTuple):
	"""A template under `www` of an app; `controller` is its module with `get_context`, or None."""

	route: str
	template: Path
	controller: str | None


def get_response(path: str | None = None) -> Response:
	"""Render the page of a path (default: that of the request), or the page that tells why not."""
	path = (frappe.request.path if path is None else path).strip("/ ").removesuffix(".html")
	try:
		route = get_home_page() if path in ("", "index") else path
		return render(find_page(route))
	except Exception as error:
		return respond_to_error(settle(error))


def find_page(route: str) -> Page:
	"""Return the page of a route, from the app installed last first; DoesNotExistError if none has it."""
	if is_of_desk(route):
		raise frappe.missing("Desk")
	for app in reversed(frappe.get_installed_apps()):
		folder = Path(frappe.get_app_path(app, "www")).resolve()
		for template in (folder / f"{route}.html", folder / route / "index.html"):
			if template.is_file() and template.resolve().is_relative_to(folder):
				module = template.with_name(template.stem.replace("-", "_") + ".py")
				dotted = ".".join([app, "www", *module.relative_to(folder).with_suffix("").parts])
				return Page(route, template, dotted if module.is_file() else None)
	raise frappe.DoesNotExistError


def is_of_desk(route: str) -> bool:
	return route == "app" or route.startswith("app/")


def render(page: Page, http_status_code: int = 200, values: dict | None = None) -> Response:
	"""Fill the template; one that is no whole document is put into the frame of the site."""
	context = frappe._dict(path=page.route, route=page.route, user=frappe.session.user)
	context.update(csrf_token=frappe.session.data.csrf_token, title=page.route.replace("-", " ").title())
	context.update(values or {})
	if page.controller:
		get_context = vars(import_module(page.controller)).get("get_context", lambda: None)
		context.update((get_context(context) if signature(get_context).parameters else get_context()) or {})

	source = page.template.read_text(encoding="utf-8")
	if not WHOLE_DOCUMENT.search(source):
		source = f'{{% extends "{FRAME}" %}}{{% block page_content %}}{source}{{% endblock %}}'
	html = frappe.render_template(source, context, is_path=False)
	status = context.http_status_code or http_status_code
	headers = {"Cache-Control": "no-store"}
	return Response(html, status=status, mimetype="text/html", headers=headers)


def respond_to_error(error: Exception) -> Response:
	"""Redirect, send guests to the login, or show the message page with the right status."""
	if isinstance(error, frappe.Redirect):
		location = frappe.local.flags.redirect_location
		return Response(status=error.http_status_code, headers={"Location": location})
	if isinstance(error, frappe.PermissionError):
		login = f"/login?redirect-to={quote_plus(frappe.request.path)}"
		action = {"primary_action": login, "primary_label": _("Login")}
		return show_message(_("Not Permitted"), str(error), 403, **action)
	if isinstance(error, frappe.DoesNotExistError):
		return show_message(_("Not Found"), _("The page you are looking for has gone missing."), 404)

	return show_message(*describe(error), status_of(error))


def show_message(title: str, message: str, http_status_code: int = 200, **context: Any) -> Response:
	return render(find_page("message"), http_status_code, {"title": title, "message": message, **context})


def get_home_page() -> str:
	"""Return the route, without slash, that `/` shows: the login, or for who is signed in the home of an app.

	Where no app has one (`app_home`), a bench opens Desk."""
	if frappe.session.user == "Guest":
		return "login"
	return (frappe.get_hooks("app_home") or ["app"])[-1].strip("/")
