"""Calls whitelisted functions and document methods for `/api/method`."""

from inspect import signature

import frappe
from frappe import _, is_whitelisted
from frappe.utils import cint
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
	return call_whitelisted(cmd, _("Failed to get method for command {0} with {1}"))


def call_whitelisted(path: str, failure: str):
	"""Call the function at a dotted path, or what an app overrides it with, with the request's arguments.

	Raises ValidationError with the message `failure` if there is none, PermissionError if it is closed.
	"""
	path = frappe.override_whitelisted_method(path)
	try:
		method = SHORTHANDS[path] if path in SHORTHANDS else frappe.get_attr(path)
	except Exception as error:
		frappe.throw(failure.format(path, error))

	if method is not run_doc_method:
		is_whitelisted(method)
		is_valid_http_method(method)
	return frappe.call(method, **frappe.form_dict)


def is_valid_http_method(method):
	"""Raise PermissionError if the function is not whitelisted for the HTTP method of the request."""
	if frappe.request.method not in frappe.allowed_http_methods_for_whitelisted_func[method]:
		frappe.throw(_("Not permitted"), frappe.PermissionError)


def run_doc_method(method, docs=None, dt=None, dn=None, arg=None, args=None):
	"""Run a whitelisted method of a stored document (`dt`, `dn`) or of one sent along (`docs`).

	The document comes back in `docs`, the result in `message`.
	"""
	doc = frappe.get_doc(dt, dn or dt) if dt else _receive_document(docs)
	if not doc.has_permission("read"):
		frappe.throw(_("Not permitted"), frappe.PermissionError)

	bound = getattr(doc, method)
	function = getattr(bound, "__func__", bound)
	is_whitelisted(function)
	is_valid_http_method(function)

	result = _run_with_arguments(doc, method, bound, args or arg)
	frappe.response.docs.append(doc)
	if cint(frappe.form_dict.get("as_csv")):
		raise NotImplementedError("run_doc_method with as_csv is not in the embedded host; a bench has it")
	if result is not None:
		frappe.response["message"] = result


def _receive_document(docs):
	doc = frappe.get_doc(frappe.parse_json(docs))
	doc._original_modified = doc.modified
	doc.check_if_latest()
	return doc


def _run_with_arguments(doc, method, bound, arguments):
	arguments = _parse(arguments)
	parameters = [name for name in signature(bound).parameters if name != "self"]
	if not parameters:
		return doc.run_method(method)
	if "args" in parameters or not isinstance(arguments, dict):
		return doc.run_method(method, arguments)
	return doc.run_method(method, **arguments)


def _parse(arguments):
	"""Return what the JSON says; text that is no JSON is itself the argument."""
	try:
		return frappe.parse_json(arguments)
	except ValueError:
		return arguments


@frappe.whitelist(allow_guest=True)
def ping():
	return "pong"


@frappe.whitelist(allow_guest=True)
def logout():
	frappe.local.login_manager.logout()


@frappe.whitelist(allow_guest=True)
def web_logout():
	frappe.local.login_manager.logout()
	frappe.respond_as_web_page(
		_("Logged Out"), _("You have been successfully logged out"), indicator_color="green"
	)


@frappe.whitelist(allow_guest=True)
def upload_file():
	raise NotImplementedError("frappe.handler.upload_file is not in the embedded host; a bench has it")


@frappe.whitelist(allow_guest=True)
def download_file(file_url: str):
	raise NotImplementedError("frappe.handler.download_file is not in the embedded host; a bench has it")


SHORTHANDS = {
	function.__name__: function
	for function in (ping, logout, web_logout, upload_file, download_file, run_doc_method)
}
SHORTHANDS["runserverobj"] = run_doc_method
