"""What the form of Desk calls to save, submit and cancel."""

import frappe
from frappe import _
from frappe.desk.form.load import get_docinfo, run_onload

DOCSTATUS = {"Save": 0, "Submit": 1, "Update": 1, "Cancel": 2}


@frappe.whitelist(methods=["POST", "PUT"])
def savedocs(doc, action):
	"""Insert or save the document sent as JSON, or submit or cancel it; it comes back in `docs`."""
	doc = frappe.get_doc(frappe.parse_json(doc))
	_take_over_local_names(doc)
	doc.docstatus = DOCSTATUS[action]
	if DOCSTATUS[action] == 1:
		doc.submit()
	else:
		doc.save()
	run_onload(doc)
	_send(doc)
	status = _("Submitted") if doc.docstatus == 1 else _("Saved")
	frappe.msgprint(status, indicator="green", alert=True)


@frappe.whitelist(methods=["POST", "PUT"])
def cancel(doctype=None, name=None, workflow_state_fieldname=None, workflow_state=None):
	doc = frappe.get_doc(doctype, name)
	if workflow_state_fieldname and workflow_state:
		doc.set(workflow_state_fieldname, workflow_state)
	doc.cancel()
	_send(doc)
	frappe.msgprint(_("Cancelled"), indicator="red", alert=True)


def _send(doc):
	get_docinfo(doc)
	frappe.response.docs.append(doc.as_dict())


def _take_over_local_names(doc):
	"""A new document has a temporary name in the browser; it is kept as `localname`."""
	for part in [doc, *doc.get_all_children()]:
		if doc.get("__islocal") or part.get("__islocal"):
			part.localname, part.name = part.name, None
	if doc.get("__newname"):
		doc.name = doc.get("__newname")
