"""Mails, calls and files are as hidden as the record that they hang on, and their refusal does not name it."""

from importlib import import_module

import frappe
from frappe.model.document import Document
from pypika.terms import EmptyCriterion

from crm_pipeline.permissions.own import PIPELINE_DOCTYPES
from crm_pipeline.permissions.visibility import ATTACHED, matches, visible_to

OF_CORE = {
	"Communication": "frappe.core.doctype.communication.communication",
	"File": "frappe.core.doctype.file.file",
}


def has_permission(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	"""Refuse what hangs on a hidden record, else answer as core's own hook, as the hook `has_permission`.

	Frappe 15 asks no other hook after one that has answered, 16 takes no answer for a no.
	"""
	kind, name = (doc.get(field) for field in ATTACHED[doc.doctype])
	if kind in PIPELINE_DOCTYPES and name and ptype != "create":  # new ones are told by their reference
		criterion = visible_to(user or frappe.session.user, kind)
		if not isinstance(criterion, EmptyCriterion) and not matches(kind, name, criterion):
			return False
	answer = import_module(OF_CORE[doc.doctype]).has_permission(doc, ptype, user)
	return True if answer is None else bool(answer)
