"""REST version 2: answers in `data`, errors as a list, methods of a document under its own path."""

import json

import frappe
import frappe.client
import frappe.handler
from frappe import _
from frappe.api.v1 import DEFAULT_PAGE_LENGTH, delete_document
from frappe.modules.utils import load_doctype_module
from werkzeug.routing import Rule

PERMISSION_OF_METHOD = {"GET": "read", "POST": "write"}


def call_method(method: str, doctype: str | None = None):
	"""Call a whitelisted function, or one of a DocType's controller module; its result is the data."""
	if doctype:
		method = f"{load_doctype_module(doctype).__name__}.{method}"
	return frappe.handler.call_whitelisted(method, _("Failed to get method {0} with {1}"))


def login():
	"""The login itself has happened when the session was made."""


def logout():
	frappe.local.login_manager.logout()


def list_documents(doctype: str):
	arguments = frappe.form_dict
	if arguments.fields:
		arguments.fields = json.loads(arguments.fields)
	arguments.limit_page_length = arguments.limit or DEFAULT_PAGE_LENGTH
	return frappe.call(frappe.client.get_list, doctype, **arguments)


def count(doctype: str) -> int:
	from frappe.desk.reportview import get_count

	frappe.form_dict.doctype = doctype
	return get_count()


def read_document(doctype: str, name: str):
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("read")
	doc.apply_fieldlevel_read_permissions()
	return doc


def create_document(doctype: str):
	values = frappe.form_dict
	values.pop("doctype", None)
	if isinstance(values.get("name"), str) and values["name"]:
		frappe.flags.api_name_set = True
	return frappe.new_doc(doctype, **values).insert()


def copy_document(doctype: str, name: str, ignore_no_copy: bool = True):
	"""Return the values of an unsaved copy."""
	copy = frappe.copy_doc(read_document(doctype, name), ignore_no_copy=ignore_no_copy)
	return copy.as_dict(no_private_properties=True, no_nulls=True)


def update_document(doctype: str, name: str):
	values = frappe.form_dict
	values.pop("flags", None)
	doc = frappe.get_doc(doctype, name, for_update=True)
	doc.update(values)
	doc.save()
	doc.apply_fieldlevel_read_permissions()
	if doc.get("parenttype"):
		frappe.get_doc(doc.parenttype, doc.parent).save()
	return doc


def get_meta(doctype: str):
	frappe.only_for("All")
	return frappe.get_meta(doctype)


def run_document_method(doctype: str, name: str, method: str):
	doc = frappe.get_doc(doctype, name)
	doc.is_whitelisted(method)
	doc.check_permission(PERMISSION_OF_METHOD[frappe.request.method])
	return doc.run_method(method, **frappe.form_dict)


url_rules = [
	Rule("/method/login", endpoint=login),
	Rule("/method/logout", endpoint=logout),
	Rule("/method/ping", endpoint=frappe.handler.ping),
	Rule("/method/upload_file", endpoint=frappe.handler.upload_file),
	Rule("/method/<method>", endpoint=call_method),
	Rule("/method/<doctype>/<method>", endpoint=call_method),
	Rule("/document/<doctype>", methods=["GET"], endpoint=list_documents),
	Rule("/document/<doctype>", methods=["POST"], endpoint=create_document),
	Rule("/document/<doctype>/<path:name>/", methods=["GET"], endpoint=read_document),
	Rule("/document/<doctype>/<path:name>/copy", methods=["GET"], endpoint=copy_document),
	Rule("/document/<doctype>/<path:name>/", methods=["PATCH", "PUT"], endpoint=update_document),
	Rule("/document/<doctype>/<path:name>/", methods=["DELETE"], endpoint=delete_document),
	Rule(
		"/document/<doctype>/<path:name>/method/<method>/",
		methods=["GET", "POST"],
		endpoint=run_document_method,
	),
	Rule("/doctype/<doctype>/meta", methods=["GET"], endpoint=get_meta),
	Rule("/doctype/<doctype>/count", methods=["GET"], endpoint=count),
]
