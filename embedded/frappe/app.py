"""The WSGI application: one request is one `frappe.init`, one connection, one transaction."""

import json
import os

import frappe
import frappe.api
import frappe.handler
import frappe.utils.response
from frappe import _
from frappe.auth import UNSAFE_HTTP_METHODS, HTTPRequest, validate_auth
from frappe.permissions import hide_missing_record
from frappe.utils import cint
from frappe.website.errors import describe, status_of
from frappe.website.serve import get_response
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.utils import send_from_directory
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import ClosingIterator

MAX_BODY_BYTES = 25 * 1024 * 1024
ASSET_MAX_AGE_SECONDS = 3600

_site = None
_sites_path = None


def application(environ, start_response):
	return ClosingIterator(_application(environ, start_response), frappe.destroy)


@Request.application
def _application(request: Request):
	response, rollback = None, True
	try:
		init_request(request)
		response = dispatch(request)
	except HTTPException as error:
		return error
	except Exception as error:
		response = handle_exception(error)
	else:
		rollback = sync_database()
	finally:
		if rollback and request.method in UNSAFE_HTTP_METHODS and frappe.db:
			frappe.db.rollback()
		if getattr(frappe.local, "initialised", False):
			for hook in frappe.get_hooks("after_request"):
				frappe.call(frappe.get_attr(hook), response=response, request=request)
		finish_response(response)
	return response


def init_request(request: Request):
	"""Open the site the request is for, read its arguments and find out who is asking."""
	site = _site or request.headers.get("X-Frappe-Site-Name") or get_site_name(request.host)
	try:
		frappe.init(site=site, sites_path=_sites_path, force=True)
	except frappe.IncorrectSitePath:
		raise NotFound from None
	frappe.local.request = request
	frappe.local.is_ajax = request.headers.get("X-Requested-With") == "XMLHttpRequest"
	frappe.connect(set_admin_as_user=False)
	if frappe.conf.maintenance_mode:
		raise frappe.SessionStopped("Session Stopped")
	request.max_content_length = cint(frappe.conf.max_file_size) or MAX_BODY_BYTES
	make_form_dict(request)
	if request.method != "OPTIONS":
		frappe.local.http_request = HTTPRequest()
	for hook in frappe.get_hooks("before_request"):
		frappe.call(frappe.get_attr(hook))


def get_site_name(host: str) -> str:
	"""Return the site a host name stands for: the name without the port."""
	return host.split(":", 1)[0]


def make_form_dict(request: Request):
	"""Set `frappe.form_dict` from a JSON body, else from the query string and the form."""
	body = request.get_data(as_text=True)
	if body and request.is_json:
		arguments = json.loads(body)
	else:
		arguments = {**request.args.to_dict(), **request.form.to_dict()}

	if isinstance(arguments, dict):
		frappe.local.form_dict = frappe._dict(arguments)
		frappe.local.form_dict.pop("_", None)
	elif isinstance(arguments, list):
		frappe.local.form_dict = frappe._dict(data=arguments)
	else:
		frappe.throw(_("Invalid request arguments"))


def dispatch(request: Request):
	validate_auth()
	path = request.path
	if request.method == "OPTIONS":
		return Response()
	if frappe.form_dict.cmd:
		frappe.handler.handle()
		return frappe.utils.response.build_response("json")
	if path.startswith("/api/"):
		return frappe.api.handle(request)
	if path.startswith("/assets/"):
		return send_asset(request)
	if path.startswith(("/backups", "/private/files/", "/files/")):
		raise NotImplementedError(f"Serving {path} is not in the embedded host; a bench has it")
	if request.method in ("GET", "HEAD", "POST"):
		return get_response()
	raise NotFound


def send_asset(request: Request):
	"""Answer `/assets/APP/...` from the public folder of an installed app."""
	app, _slash, filename = request.path.removeprefix("/assets/").partition("/")
	if app not in frappe.get_installed_apps():
		raise NotFound
	folder = os.path.abspath(frappe.get_app_path(app, "public"))
	return send_from_directory(folder, filename, request.environ, max_age=ASSET_MAX_AGE_SECONDS)


def sync_database() -> bool:
	"""Commit after an unsafe method, roll back after a safe one; returns whether a rollback is still due."""
	if frappe.db:
		unsafe = frappe.local.flags.commit or frappe.local.request.method in UNSAFE_HTTP_METHODS
		frappe.db.commit() if unsafe else frappe.db.rollback()
	if session := getattr(frappe.local, "session_obj", None):
		session.update()
	return False


def finish_response(response):
	"""Add the cookies of the session."""
	cookies = getattr(frappe.local, "cookie_manager", None)
	if response and cookies:
		cookies.flush_cookies(response)


def handle_exception(error: Exception):
	"""Turn an error into JSON for clients, into a page for people."""
	error = hide_missing_record(error)
	status = status_of(error)
	if not frappe.session.user:
		frappe.session.user = "Guest"
	if isinstance(error, frappe.AuthenticationError) and hasattr(frappe.local, "login_manager"):
		frappe.local.login_manager.clear_cookies()
	if status >= 500:
		frappe.logger().error(frappe.get_traceback())
	if wants_json():
		return frappe.utils.response.report_error(status, error)

	frappe.respond_as_web_page(*describe(error), http_status_code=status, indicator_color="red")
	return get_response("message", http_status_code=status)


def wants_json() -> bool:
	accepts = frappe.get_request_header("Accept") or ""
	if accepts and (frappe.local.is_ajax or "application/json" in accepts):
		return True
	return frappe.request.path.startswith("/api/") and not accepts.startswith("text")
