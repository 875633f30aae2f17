"""Workflows of a site's own on the status of our documents, which the software sets too."""

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.exceptions import WorkflowUnfit
from crm_pipeline.rules import quotation_status, status
from crm_pipeline.utils.markup import bold

FIELD = "status"
# Which docstatus goes with which status; every other one is of submitted documents.
DOCSTATUS = {"Draft": "0", "Cancelled": "2"}
# What submitting and cancelling make of a quotation. Its outcome has methods of its own, which ask for more.
MOVES = {
	"Quotation": {
		("Draft", "Open"),
		*((each, "Cancelled") for each in quotation_status.SUBMITTED),
	},
	"Supplier Quotation": {("Draft", "Submitted"), ("Submitted", "Cancelled"), ("Expired", "Cancelled")},
	"Opportunity": {
		(old, new) for (old, new), causes in status.TRANSITIONS.items() if status.BY_HAND in causes
	},
}


def check_workflow(workflow: Document, method: str | None = None) -> None:
	"""Refuse to switch on a workflow on the status whose actions could never do what they say.

	Raises:
		WorkflowUnfit
	"""
	doctype = workflow.document_type
	if not workflow.is_active or doctype not in MOVES or workflow.workflow_state_field != FIELD:
		return
	known = frappe.get_meta(doctype).get_field(FIELD).options.split("\n")
	for row in workflow.states:
		docstatus = "0" if doctype == "Opportunity" else DOCSTATUS.get(row.state, "1")
		if row.state not in known or str(row.doc_status or 0) != docstatus:
			refuse(
				workflow,
				_("{0} is no status of {1} with Doc Status {2}.").format(
					bold(row.state), _(doctype), row.doc_status or 0
				),
			)
	for row in workflow.transitions:
		if row.state != row.next_state and (row.state, row.next_state) not in MOVES[doctype]:
			refuse(
				workflow,
				_("No action can lead from {0} to {1}: that follows from other things.").format(
					bold(row.state), bold(row.next_state)
				),
			)


def refuse(workflow: Document, why: str) -> None:
	way = _("Give the workflow another Workflow State Field, such as {0}: Frappe makes a field of that name.")
	frappe.throw(
		f"{why} {way.format(bold('workflow_state'))}", WorkflowUnfit, title=_("Workflow Does Not Fit")
	)
