"""REST: version 1, also without a version in the path, and what version 2 offers for calling methods."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import frappe
import frappe.client
import frappe.handler
from frappe import _
from frappe.utils.response import build_response
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule, Submount
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
	from frappe.model.document import Document

DEFAULT_PAGE_LENGTH = 20


def handle(request: Request) -> Response:
	"""Answer a request under `/api`; what the endpoint returns becomes `data` of the JSON response."""
	endpoint, arguments = find_endpoint(request)
	answer = endpoint(**arguments)
	is_ready = isinstance(answer, Response)
	if not is_ready and answer is not None:
		frappe.response.data = answer
	return answer if is_ready else build_response()


def find_endpoint(request: Request) -> tuple[Callable, dict]:
	"""
	:raises frappe.DoesNotExistError: where no rule leads to one."""
	try:
		return URL_MAP.bind_to_environ(request.environ).match()
	except NotFound:
		raise frappe.DoesNotExistError from None


def is_v2() -> bool:
	return bool(frappe.request) and frappe.request.path.startswith("/api/v2")


def call_method(method: str) -> Response | None:
	frappe.form_dict.cmd = method.split("/")[0]
	return frappe.handler.handle()


def list_documents(doctype: str) -> list:
	"""Return a page of records; without a limit, the first 20."""
	arguments = frappe.form_dict
	if arguments.fields:
		arguments.fields = json.loads(arguments.fields)
	arguments.setdefault("limit_page_length", arguments.limit or DEFAULT_PAGE_LENGTH)
	return frappe.call(frappe.client.get_list, doctype, **arguments)


def read_document(doctype: str, name: str) -> Any:
	"""Return a document without what is on levels that the user may not read."""
	if "run_method" in frappe.form_dict:
		return run_document_method(doctype, name)
	stored = frappe.get_doc(doctype, name)
	if stored.has_permission():
		stored.apply_fieldlevel_read_permissions()
		return stored
	raise frappe.PermissionError


def create_document(doctype: str) -> "Document":
	"""Insert a document of the values sent; a name among them is the name it gets."""
	sent = {key: value for key, value in get_values().items() if key != "doctype"}
	name = sent.get("name")
	if name and isinstance(name, str):
		frappe.flags.api_name_set = True
	return frappe.new_doc(doctype, **sent).insert()


def update_document(doctype: str, name: str) -> "Document":
	"""Save the values sent; a changed `docstatus` submits or cancels. A row's parent is saved with it."""
	changes = {key: value for key, value in get_values().items() if key != "flags"}
	changed = frappe.get_doc(doctype, name, for_update=True).update(changes).save()
	parenttype = changed.get("parenttype")
	if parenttype:
		frappe.get_doc(parenttype, changed.parent).save()
	return changed


def delete_document(doctype: str, name: str) -> str:
	frappe.delete_doc(doctype, name, ignore_missing=False)
	frappe.response.http_status_code = 202
	return "ok"


def get_values() -> dict:
	"""Return the values of a document: the JSON in `data`, else the JSON body, else the form."""
	sent = frappe.form_dict.data
	try:
		return frappe.parse_json(frappe.request.get_data(as_text=True) if sent is None else sent)
	except ValueError:
		return frappe.form_dict


def run_document_method(doctype: str, name: str, method: str | None = None) -> Any:
	"""Run a whitelisted method: GET needs the right to read the document, POST the right to write it."""
	arguments = frappe.form_dict
	called = method or arguments.pop("run_method")
	target = frappe.get_doc(doctype, name)
	target.is_whitelisted(called)
	if target.has_permission(permission_needed()):
		return target.run_method(called, **arguments)
	frappe.throw(_("Not permitted"), frappe.PermissionError)


def permission_needed() -> str:
	return "read" if frappe.request.method == "GET" else "write"


def run_sent_document_method(method: str, document: dict | str, kwargs: dict | None = None) -> Any:
	"""Run a whitelisted method of the document as the client has it, stored or not; it comes back in `docs`."""
	doc = frappe.handler.as_sent(document)
	doc.check_permission(permission_needed())
	bound = frappe.handler.get_whitelisted_method(doc, method)
	result = doc.run_method(method, **frappe.get_newargs(bound, kwargs or {}))
	frappe.response.docs.append(doc)
	return result


def refuse(path: str) -> NoReturn:
	raise frappe.missing(frappe.request.path)


VERSION_1 = [
	Rule("/method/<path:method>", endpoint=call_method),
	Rule("/resource/<doctype>", methods=["GET"], endpoint=list_documents),
	Rule("/resource/<doctype>", methods=["POST"], endpoint=create_document),
	Rule("/resource/<doctype>/<path:name>/", methods=["GET"], endpoint=read_document),
	Rule("/resource/<doctype>/<path:name>/", methods=["PUT"], endpoint=update_document),
	Rule("/resource/<doctype>/<path:name>/", methods=["DELETE"], endpoint=delete_document),
	Rule("/resource/<doctype>/<path:name>/", methods=["POST"], endpoint=run_document_method),
]
VERSION_2 = [
	Rule(
		"/document/<doctype>/<path:name>/method/<method>/",
		methods=["GET", "POST"],
		endpoint=run_document_method,
	),
	Rule(
		"/method/run_doc_method",
		methods=["GET", "POST"],
		endpoint=lambda: frappe.call(run_sent_document_method, **frappe.form_dict),
	),
	*(Rule(f"/{part}/<path:path>", endpoint=refuse) for part in ("method", "document", "doctype")),
]
URL_MAP = Map(
	[Submount("/api", VERSION_1), Submount("/api/v1", VERSION_1), Submount("/api/v2", VERSION_2)],
	strict_slashes=False,
	merge_slashes=False,
)
