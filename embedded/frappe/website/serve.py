"""Pages: routes and redirects of the hooks, templates and `get_context` of the `www` folders."""

import re
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote_plus

import frappe
from frappe import _
from frappe.permissions import hide_missing_record
from frappe.website.errors import describe, status_of
from frappe.website.utils import build_response, get_home_page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule

WHOLE_DOCUMENT = re.compile(r"</body>|{%-?\s*extends", re.IGNORECASE)
FRAME = "templates/web.html"


class Page(NamedTuple):
	"""A template under `www` of an app; `controller` is its module with `get_context`, or None."""

	route: str
	template: Path
	controller: str | None


def get_response(path=None, http_status_code=None):
	"""Render the page of a path (default: that of the request), or the page that tells why not."""
	path = (frappe.request.path if path is None else path).strip("/ ")
	try:
		redirect_by_rule(path)
		route = resolve_route(path)
		if route == "app" or route.startswith("app/"):
			raise NotImplementedError("Desk is not in the embedded host; a bench has it")
		return render(find_page(route), http_status_code)
	except Exception as error:
		return respond_to_error(hide_missing_record(error), path)


def redirect_by_rule(path):
	"""Raise Redirect where a `website_redirects` hook matches the whole path."""
	for rule in frappe.get_hooks("website_redirects"):
		pattern = rule["source"].strip("/ ") + "$"
		if re.match(pattern, path):
			frappe.local.flags.redirect_location = re.sub(pattern, rule["target"], path)
			raise frappe.Redirect(rule.get("redirect_http_status") or 301)


def resolve_route(path) -> str:
	"""Return the route of the page after the home page and `website_route_rules` are applied."""
	path = path.removesuffix(".html")
	if path in ("", "index"):
		path = get_home_page()
	rules = [
		Rule(rule["from_route"], endpoint=rule["to_route"], defaults=rule.get("defaults"))
		for rule in frappe.get_hooks("website_route_rules")
	]
	try:
		route, arguments = Map(rules).bind("", script_name="").match(f"/{path}")
	except RequestRedirect as redirect:
		frappe.local.flags.redirect_location = redirect.new_url
		raise frappe.Redirect(redirect.code) from None
	except HTTPException:
		return path
	frappe.form_dict.update(arguments)
	return route


def find_page(route) -> Page:
	"""Return the page of a route, from the app installed last first; PageDoesNotExistError if none has it."""
	for app in reversed(frappe.get_installed_apps()):
		folder = Path(frappe.get_app_path(app, "www")).resolve()
		for template in (folder / f"{route}.html", folder / route / "index.html"):
			if template.is_file() and template.resolve().is_relative_to(folder):
				module = template.with_name(template.stem.replace("-", "_") + ".py")
				dotted = ".".join([app, "www", *module.relative_to(folder).with_suffix("").parts])
				return Page(route, template, dotted if module.is_file() else None)
	raise frappe.PageDoesNotExistError


def render(page: Page, http_status_code=None):
	"""Fill the template; one that is no whole document is put into the frame of the site."""
	context = frappe._dict(path=page.route, route=page.route, user=frappe.session.user)
	context.update(frappe.local.response.get("context") or {})
	context.update(message=getattr(frappe.local, "message", ""), csrf_token=frappe.session.data.csrf_token)
	context.title = getattr(frappe.local, "message_title", "") or page.route.replace("-", " ").title()
	if page.controller:
		context.update(_get_context(page.controller, context) or {})

	source = page.template.read_text(encoding="utf-8")
	if not WHOLE_DOCUMENT.search(source):
		source = f'{{% extends "{FRAME}" %}}{{% block page_content %}}{source}{{% endblock %}}'
	html = frappe.render_template(source, context, is_path=False)
	html = html.replace(
		"<!-- csrf_token -->", f'<script>frappe.csrf_token = "{frappe.session.data.csrf_token}";</script>'
	)
	status = context.http_status_code or http_status_code or 200
	return build_response(page.route, html, status, {"Cache-Control": "no-store"})


def _get_context(controller, context):
	get_context = getattr(import_module(controller), "get_context", None)
	if not get_context:
		return None
	return get_context(context) if signature(get_context).parameters else get_context()


def respond_to_error(error, path):
	"""Redirect, send guests to the login, or show the message page with the right status."""
	if isinstance(error, frappe.Redirect):
		location = frappe.local.flags.redirect_location or frappe.local.response.get("location")
		return build_response(path, "", error.http_status_code, {"Location": location})
	if isinstance(error, frappe.PermissionError):
		login = f"/login?redirect-to={quote_plus(frappe.request.path)}"
		action = {"primary_action": login, "primary_label": _("Login")}
		return show_message(_("Not Permitted"), str(error), 403, **action)
	if isinstance(error, frappe.PageDoesNotExistError):
		return show_message(_("Not Found"), _("The page you are looking for has gone missing."), 404)

	frappe.logger().error(frappe.get_traceback())
	return show_message(*describe(error), status_of(error))


def show_message(title, message, http_status_code, **context):
	frappe.respond_as_web_page(title, message, context=context)
	return render(find_page("message"), http_status_code)
