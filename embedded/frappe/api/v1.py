"""REST version 1: `/api/method/DOTTED.PATH` and `/api/resource/DOCTYPE[/NAME]`."""

import json

import frappe
import frappe.client
import frappe.handler
from frappe import _
from frappe.utils.data import sbool
from werkzeug.routing import Rule

DEFAULT_PAGE_LENGTH = 20


def call_method(method: str):
	frappe.form_dict.cmd = method.split("/")[0]
	return frappe.handler.handle()


def list_documents(doctype: str):
	"""Return a page of records; without a limit, the first 20."""
	arguments = frappe.form_dict
	if arguments.fields:
		arguments.fields = json.loads(arguments.fields)
	arguments.setdefault("limit_page_length", arguments.limit or DEFAULT_PAGE_LENGTH)
	for flag in ("as_dict", "debug"):
		if arguments.get(flag) is not None:
			arguments[flag] = sbool(arguments[flag])
	return frappe.call(frappe.client.get_list, doctype, **arguments)


def read_document(doctype: str, name: str):
	if "run_method" in frappe.form_dict:
		return run_document_method(doctype, name)
	doc = frappe.get_doc(doctype, name)
	if not doc.has_permission("read"):
		raise frappe.PermissionError
	doc.apply_fieldlevel_read_permissions()
	return doc


def create_document(doctype: str):
	values = get_values()
	values.pop("doctype", None)
	if isinstance(values.get("name"), str) and values["name"]:
		frappe.flags.api_name_set = True
	return frappe.new_doc(doctype, **values).insert()


def update_document(doctype: str, name: str):
	"""Save the values sent; a changed `docstatus` submits or cancels. A row's parent is saved with it."""
	values = get_values()
	values.pop("flags", None)
	doc = frappe.get_doc(doctype, name, for_update=True)
	doc.update(values)
	doc.save()
	if doc.get("parenttype"):
		frappe.get_doc(doc.parenttype, doc.parent).save()
	return doc


def delete_document(doctype: str, name: str):
	frappe.delete_doc(doctype, name, ignore_missing=False)
	frappe.response.http_status_code = 202
	return "ok"


def run_document_method(doctype: str, name: str):
	"""Run a whitelisted method: GET needs the right to read the document, POST the right to write it."""
	method = frappe.form_dict.pop("run_method")
	doc = frappe.get_doc(doctype, name)
	doc.is_whitelisted(method)
	if not doc.has_permission("read" if frappe.request.method == "GET" else "write"):
		frappe.throw(_("Not permitted"), frappe.PermissionError)
	return doc.run_method(method, **frappe.form_dict)


def get_values() -> dict:
	"""Return the values of a document: the JSON in `data`, else the JSON body, else the form."""
	sent = frappe.form_dict.data
	try:
		return frappe.parse_json(frappe.request.get_data(as_text=True) if sent is None else sent)
	except ValueError:
		return frappe.form_dict


url_rules = [
	Rule("/method/<path:method>", endpoint=call_method),
	Rule("/resource/<doctype>", methods=["GET"], endpoint=list_documents),
	Rule("/resource/<doctype>", methods=["POST"], endpoint=create_document),
	Rule("/resource/<doctype>/<path:name>/", methods=["GET"], endpoint=read_document),
	Rule("/resource/<doctype>/<path:name>/", methods=["PUT"], endpoint=update_document),
	Rule("/resource/<doctype>/<path:name>/", methods=["DELETE"], endpoint=delete_document),
	Rule("/resource/<doctype>/<path:name>/", methods=["POST"], endpoint=run_document_method),
]
