"""The WSGI application: one request is one `frappe.init`, one connection, one transaction."""

import json
import math
import os
from collections.abc import Callable
from typing import Any

import frappe
import frappe.api
import frappe.handler
from frappe import _
from frappe.auth import UNSAFE_HTTP_METHODS, open_session, validate_auth
from frappe.utils.response import report_error, settle
from frappe.website.serve import get_response, respond_to_error
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.utils import send_from_directory
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import ClosingIterator

MAX_BODY_BYTES = 25 * 1024 * 1024
ASSET_MAX_AGE_SECONDS = 3600
YEAR_SECONDS = 365 * 24 * 3600

_site, _trusted_hosts = None, None


def use_site(site: str, trusted_hosts: list[str] | None = None) -> None:
	"""Answer for this site alone, under these host names, or whatever name a request gives."""
	global _site, _trusted_hosts
	_site, _trusted_hosts = site, trusted_hosts


def application(environ: dict, start_response: Callable) -> ClosingIterator:
	return ClosingIterator(_application(environ, start_response), frappe.destroy)


@Request.application
def _application(request: Request) -> Response | HTTPException | None:
	response, done = None, False
	try:
		init_request(request)
		response = dispatch(request)
		sync_database(request)
		done = True
	except HTTPException as error:
		return error
	except Exception as error:
		response = handle_exception(error)
	finally:
		if not done and frappe.db:
			frappe.db.rollback()
		if getattr(frappe.local, "initialised", False):
			for hook in frappe.get_hooks("after_request"):
				frappe.call(frappe.get_attr(hook), response=response, request=request)
		if response and (session := getattr(frappe.local, "session_obj", None)):
			session.send_cookie(response)
	return response


def init_request(request: Request) -> None:
	"""Open the site the request is for, read its arguments and find out who is asking."""
	request.trusted_hosts = _trusted_hosts
	host = request.host.split(":", 1)[0]
	site = _site or request.headers.get("X-Frappe-Site-Name") or host
	try:
		frappe.init(site=site, force=True)
	except frappe.IncorrectSitePath:
		raise NotFound from None
	frappe.local.request = request
	forwarded = request.headers.get("X-Forwarded-For", "").split(",")[0].strip()
	frappe.local.request_ip = forwarded or request.remote_addr or "127.0.0.1"
	frappe.connect(set_admin_as_user=False)
	request.max_content_length = MAX_BODY_BYTES
	make_form_dict(request)
	if request.method != "OPTIONS":
		open_session()


def make_form_dict(request: Request) -> None:
	"""Set `frappe.form_dict` from a JSON body, else from the query string and the form."""
	body = request.get_data(as_text=True)
	is_json = bool(body and request.is_json)
	sent = read_json(body) if is_json else request.args.to_dict() | request.form.to_dict()
	if not isinstance(sent, dict | list):
		frappe.throw(_("Invalid request arguments"))
	arguments = frappe._dict(sent if isinstance(sent, dict) else {"data": sent})
	arguments.pop("_", None)
	frappe.local.form_dict = arguments


def read_json(body: str) -> Any:
	"""Read a JSON body by the letter of the standard, which knows neither NaN nor Infinity.

	:raises frappe.DataError: when it is none."""
	try:
		return json.loads(body, parse_constant=float_of, parse_float=float_of)
	except ValueError:
		frappe.throw(_("Invalid request body"), frappe.DataError)


def float_of(text: str) -> float:
	number = float(text)
	if not math.isfinite(number):
		raise ValueError(text)
	return number


def dispatch(request: Request) -> Response:
	validate_auth()
	path = request.path
	if request.method == "OPTIONS":
		return Response()
	if frappe.form_dict.cmd:
		raise frappe.missing("A request with cmd")
	if path.startswith("/api/"):
		return frappe.api.handle(request)
	if path.startswith("/assets/"):
		return send_asset(request)
	if path.startswith("/private/files/"):
		return send_private_file(request)
	if path.startswith(("/backups", "/files/")):
		raise frappe.missing(f"Serving {path}")
	if request.method in ("GET", "HEAD", "POST"):
		return get_response()
	raise NotFound


def send_asset(request: Request) -> Response:
	"""Answer `/assets/APP/...` from the public folder of an installed app; to keep for good where `v` names a version."""
	app, _slash, filename = request.path.removeprefix("/assets/").partition("/")
	if app not in frappe.get_installed_apps():
		raise NotFound
	folder = os.path.abspath(frappe.get_app_path(app, "public"))
	is_version = "v" in request.args
	max_age = YEAR_SECONDS if is_version else ASSET_MAX_AGE_SECONDS
	response = send_from_directory(folder, filename, request.environ, max_age=max_age)
	response.cache_control.immutable = is_version
	return response


def send_private_file(request: Request) -> Response:
	"""Answer `/private/files/...` to download, to a user who may read a record of that file.

	:raises frappe.PermissionError: to everybody else, whether it exists or not"""
	names = frappe.get_all("File", {"file_url": request.path, "is_private": 1}, pluck="name")
	readable = (file for name in names if (file := frappe.get_doc("File", name)).has_permission("read"))
	if frappe.session.user == "Guest" or not (file := next(readable, None)):
		frappe.throw(_("You don't have permission to access this file"), frappe.PermissionError)
	path = file.path()
	response = send_from_directory(path.parent, path.name, request.environ, as_attachment=True)
	response.headers.update({"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"})
	return response


def sync_database(request: Request) -> None:
	"""End the transaction, and keep the session alive."""
	end = frappe.db.commit if keeps_changes(request) else frappe.db.rollback
	end()
	if session := getattr(frappe.local, "session_obj", None):
		session.update()


def keeps_changes(request: Request) -> bool:
	"""Whether what the request wrote is to stay: by its method, or because a function asked for it."""
	return bool(request.method in UNSAFE_HTTP_METHODS or frappe.local.flags.commit)


def handle_exception(error: Exception) -> Response:
	"""Turn an error into JSON for clients, into a page for people."""
	frappe.session.user = frappe.session.user or "Guest"
	error = settle(error)
	response = report_error(error) if wants_json() else respond_to_error(error)
	if isinstance(error, frappe.AuthenticationError):
		response.delete_cookie("sid")
		frappe.local.session_obj = None
	return response


def wants_json() -> bool:
	accepts = frappe.get_request_header("Accept") or ""
	is_ajax = frappe.get_request_header("X-Requested-With") == "XMLHttpRequest"
	if accepts and (is_ajax or "application/json" in accepts):
		return True
	return frappe.request.path.startswith("/api/") and not accepts.startswith("text")
