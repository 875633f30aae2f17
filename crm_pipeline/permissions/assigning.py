"""Who may assign what: an open ToDo on a record makes it its user's own."""

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.exceptions import OpportunityNotVisible, OpportunityReadOnly
from crm_pipeline.permissions.own import PIPELINE_DOCTYPES
from crm_pipeline.permissions.visibility import is_own
from crm_pipeline.utils.sent_links import may_read


def refuse_own_assignment(todo: Document, method: str | None = None) -> None:
	"""Refuse that somebody gets rights on a record by assigning it to themselves.

	Raises:
		OpportunityNotVisible, OpportunityReadOnly
	"""
	if (
		not todo.flags.ignore_permissions
		and todo.status == "Open"
		and todo.reference_type in PIPELINE_DOCTYPES
	):
		refuse_assignment(todo.reference_type, todo.reference_name)


def refuse_assignment(doctype: str, name: str) -> None:
	"""Let only those assign an opportunity or quotation who have it as their own, or may share it.

	An open ToDo makes it its user's own.

	Raises:
		OpportunityNotVisible, OpportunityReadOnly
	"""
	if not may_read(doctype, name):
		frappe.throw(
			_(
				"You do not have access to {0}. Ask its owner to share it with you, or to assign it to you."
			).format(name),
			OpportunityNotVisible,
			title=_("Not Permitted"),
		)
	if not is_own(doctype, name, "share"):
		frappe.throw(
			_("You may read {0}, but not assign it. Ask its owner to let you share it.").format(name),
			OpportunityReadOnly,
			title=_("Not Permitted"),
		)
