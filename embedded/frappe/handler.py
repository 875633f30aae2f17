"""Calls whitelisted functions and document methods for `/api/method`."""

from inspect import signature

import frappe
from frappe import _, is_whitelisted
from frappe.auth import log_out
from werkzeug.wrappers import Response


def handle():
	"""Call what `cmd` names; the result becomes `message`. Logging in has already happened by then."""
	command = frappe.form_dict.cmd
	result = None if command == "login" else execute_cmd(command)
	if isinstance(result, Response):
		return result
	if result is not None:
		frappe.response["message"] = result


def execute_cmd(cmd: str):
	"""Call the function at a dotted path, or what the app installed last overrides it with, with the request's arguments.

	:raises frappe.ValidationError: if an app has no such function.
	:raises frappe.PermissionError: if it is not whitelisted, or not for this HTTP method.
	"""
	overrides = frappe.get_hooks("override_whitelisted_methods", {})
	method = _find(overrides.get(cmd, [cmd])[-1])
	if method is not run_doc_method:
		_check_whitelisted(method)
	return frappe.call(method, **frappe.form_dict)


def _find(path: str):
	try:
		return SHORTHANDS[path] if path in SHORTHANDS else frappe.get_attr(path)
	except Exception as error:
		if path.startswith("frappe.") or "." not in path:
			raise frappe.missing(path) from error
		frappe.throw(_("Failed to get method for command {0} with {1}").format(path, error))


def _check_whitelisted(method):
	is_whitelisted(method)
	if frappe.request.method not in frappe.allowed_http_methods_for_whitelisted_func[method]:
		frappe.throw(_("Not permitted"), frappe.PermissionError)


def run_doc_method(method, docs=None, dt=None, dn=None, args=None):
	"""Run a whitelisted method of a stored document, which comes back in `docs`, the result in `message`.

	:param args: a JSON object of arguments"""
	if not dt:
		raise frappe.missing("run_doc_method with docs")
	doc = frappe.get_doc(dt, dn or dt)
	if not doc.has_permission("read"):
		frappe.throw(_("Not permitted"), frappe.PermissionError)
	bound = getattr(doc, method)
	_check_whitelisted(getattr(bound, "__func__", bound))

	arguments = frappe.parse_json(args) or {}
	if not isinstance(arguments, dict):
		raise frappe.missing("run_doc_method with args that are no JSON object")
	result = doc.run_method(method, **(arguments if signature(bound).parameters else {}))
	frappe.response.docs.append(doc)
	if result is not None:
		frappe.response["message"] = result


@frappe.whitelist(allow_guest=True)
def ping():
	return "pong"


@frappe.whitelist(allow_guest=True, methods=["POST"])
def logout():
	log_out()


SHORTHANDS = {function.__name__: function for function in (ping, logout, run_doc_method)}
