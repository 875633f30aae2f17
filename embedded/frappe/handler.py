"""Calls whitelisted functions and document methods for `/api/method`."""

from collections.abc import Callable
from contextlib import suppress
from inspect import signature, unwrap
from mimetypes import guess_type
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _, is_whitelisted
from frappe.auth import log_out
from frappe.utils import cint, cstr
from werkzeug.wrappers import Response

TYPES_FROM_THE_WEBSITE = (
	*("image/png", "image/jpeg", "application/pdf", "text/plain", "text/csv", "video/mp4", "video/quicktime"),
	*("application/msword", "application/vnd.ms-excel"),
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/vnd.oasis.opendocument.text",
	"application/vnd.oasis.opendocument.spreadsheet",
)

if TYPE_CHECKING:
	from frappe.model.document import Document


def handle() -> Response | None:
	"""Call what `cmd` names; the result becomes `message`. Logging in has already happened by then."""
	command = frappe.form_dict.cmd
	result = execute_cmd(command) if command != "login" else None
	is_ready = isinstance(result, Response)
	if not is_ready and result is not None:
		frappe.response["message"] = result
	return result if is_ready else None


def execute_cmd(cmd: str) -> Any:
	"""Call the function at a dotted path, or what the app installed last overrides it with, with the request's arguments.

	:raises frappe.ValidationError: if an app has no such function.
	:raises frappe.PermissionError: if it is not whitelisted, or not for this HTTP method.
	"""
	overrides = frappe.get_hooks("override_whitelisted_methods", {})
	method = _find(overrides.get(cmd, [cmd])[-1])
	if unwrap(method) is not unwrap(run_doc_method):
		_check_whitelisted(method)
	return frappe.call(method, **frappe.form_dict)


def _find(path: str) -> Callable:
	try:
		return SHORTHANDS[path] if path in SHORTHANDS else frappe.get_attr(path)
	except Exception as error:
		if path.startswith("frappe.") or "." not in path:
			raise frappe.missing(path) from error
		frappe.throw(_("Failed to get method for command {0} with {1}").format(path, error))


def _check_whitelisted(method: str) -> None:
	is_whitelisted(method)
	if frappe.request.method not in frappe.allowed_http_methods_for_whitelisted_func[method]:
		frappe.throw(_("Not permitted"), frappe.PermissionError)


def run_doc_method(
	method: str,
	docs: list | None = None,
	dt: str | None = None,
	dn: Any = None,
	arg: Any = None,
	args: Any = None,
) -> None:
	"""Run a whitelisted method of a document, which comes back in `docs`, the result in `message`.

	:param docs: the document as the client has it, in JSON, which is what Desk's forms send
	:param dt: else the DocType of a stored one
	:param args: JSON, an object of arguments or the only argument"""
	if not isinstance(dn, str | int | None):
		frappe.throw("'dn' must be a string or an integer")  # anything else would be a filter
	doc = frappe.get_doc(dt, dn or dt) if dt else as_sent(docs)
	if not doc.has_permission("read"):
		frappe.throw(_("Not permitted"), frappe.PermissionError)
	given, keywords = _arguments_for(get_whitelisted_method(doc, method), args or arg)
	result = doc.run_method(method, *given, **keywords)
	frappe.response.docs.append(doc)
	if result is not None and frappe.form_dict.as_csv:
		raise frappe.missing("A result as_csv")
	if result is not None:
		frappe.response["message"] = result


def _arguments_for(bound: Callable, sent: Any) -> tuple[list, dict]:
	"""Read what a client sends for a method: nothing, its only argument, or an object of arguments."""
	with suppress(ValueError):
		sent = frappe.parse_json(sent)
	parameters = signature(bound).parameters
	is_object = isinstance(sent, dict) and "args" not in parameters
	if not parameters:
		return [], {}
	return ([], sent) if is_object else ([sent], {})


def as_sent(values: dict | str) -> "Document":
	"""Return the document made of a client's values.

	:raises frappe.PermissionError: when the user may not read it.
	:raises frappe.TimestampMismatchError: when somebody has saved it since the client read it."""
	doc = frappe.get_doc(frappe.parse_json(values))
	doc.check_permission("read")
	doc._original_modified = doc.modified
	doc.check_if_latest()
	return doc


def get_whitelisted_method(doc: "Document", name: str) -> Callable:
	"""Return the method of a document that a client names.

	:raises frappe.PermissionError: if it is not whitelisted, or not for this HTTP method."""
	method = getattr(doc, name)
	_check_whitelisted(getattr(method, "__func__", method))
	return method


@frappe.whitelist(allow_guest=True)
def ping() -> str:
	return "pong"


@frappe.whitelist(allow_guest=True, methods=["POST"])
def logout() -> None:
	log_out()


@frappe.whitelist(allow_guest=True)
def upload_file() -> "Document":
	"""Keep the file of a form, privately if it says so, on a document that the user may write; returns its File record.

	:raises frappe.PermissionError: for guests, and of the document"""
	if frappe.session.user == "Guest":
		raise frappe.PermissionError
	sent, file = frappe.form_dict, frappe.request.files.get("file")
	lacking = [
		each
		for each in ("library_file_name", "file_url", "method", "optimize")
		if cstr(sent.get(each)) not in ("", "0")
	]
	if lacking or not file:
		raise frappe.missing(f"upload_file with {', '.join(lacking) or 'no file'}")
	if sent.doctype:
		on = frappe.get_doc(sent.doctype, sent.docname) if sent.docname else frappe.new_doc(sent.doctype)
		on.check_permission("write")
	is_of_website = frappe.get_cached_value("User", frappe.session.user, "user_type") != "System User"
	if is_of_website and guess_type(file.filename)[0] not in TYPES_FROM_THE_WEBSITE:
		frappe.throw(_("You can only upload JPG, PNG, PDF, TXT, CSV or Microsoft documents."))
	attached = {
		"attached_to_doctype": sent.doctype,
		"attached_to_name": sent.docname,
		"attached_to_field": sent.fieldname,
	}
	values = {"file_name": file.filename, "content": file.stream.read(), "is_private": cint(sent.is_private)}
	return frappe.get_doc({"doctype": "File", **values, **attached}).insert()


SHORTHANDS = {function.__name__: function for function in (ping, logout, run_doc_method, upload_file)}
