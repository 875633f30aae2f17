"""What the form of Desk calls to load a document."""

import frappe
from frappe import _
from frappe.permissions import check_doctype_permission
from frappe.permissions import get_doc_permissions as get_permissions


@frappe.whitelist()
def getdoc(doctype, name):
	"""Put a document into `docs` and what belongs to it into `docinfo`; an unknown name gives no error."""
	try:
		doc = frappe.get_doc(doctype, name)
	except frappe.DoesNotExistError:
		check_doctype_permission(doctype)
		frappe.clear_last_message()
		return []

	if not doc.has_permission("read"):
		check_doctype_permission(doctype)
		label = frappe.bold(f"{_(doctype)} {name}")
		frappe.flags.error_message = _("Insufficient Permission for {0}").format(label)
		raise frappe.PermissionError(("read", doctype, name))

	run_onload(doc)
	doc.apply_fieldlevel_read_permissions()
	get_docinfo(doc)
	frappe.response.docs.append(doc)


@frappe.whitelist()
def getdoctype(doctype, with_parent=False, cached_timestamp=None):
	raise NotImplementedError("frappe.desk.form.load.getdoctype is not in the embedded host; a bench has it")


@frappe.whitelist()
def get_docinfo(doc=None, doctype=None, name=None):
	"""Set `docinfo`: comments, e-mails, assignments, versions and permissions of a document."""
	if not doc:
		doc = frappe.get_doc(doctype, name)
		doc.check_permission("read")
	frappe.response["docinfo"] = {
		"doctype": doc.doctype,
		"name": doc.name,
		"comments": _linked("Comment", doc, ["creation", "content", "owner", "comment_type"]),
		"communications": _linked(
			"Communication",
			doc,
			["creation", "subject", "content", "sender", "recipients", "sent_or_received"],
		),
		"assignments": _open_assignments(doc),
		"versions": _versions(doc),
		"permissions": get_permissions(doc),
		"attachments": [],
		"shared": [],
	}


def run_onload(doc):
	doc.set("__onload", frappe._dict())
	doc.run_method("onload")


def _linked(doctype, doc, fields):
	filters = {"reference_doctype": doc.doctype, "reference_name": doc.name}
	return frappe.get_all(doctype, filters=filters, fields=["name", *fields], order_by="creation desc")


def _open_assignments(doc):
	filters = {"reference_type": doc.doctype, "reference_name": doc.name, "status": "Open"}
	return frappe.get_all("ToDo", filters=filters, fields=["name", "allocated_to as owner", "description"])


def _versions(doc):
	filters = {"ref_doctype": doc.doctype, "docname": doc.name}
	fields = ["name", "owner", "creation", "data"]
	return frappe.get_all("Version", filters=filters, fields=fields, order_by="creation desc", limit=10)
