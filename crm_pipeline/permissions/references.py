"""What core's records name: nobody finds out about a hidden record by naming it there."""

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.constants import MODULE
from crm_pipeline.permissions.own import PIPELINE_DOCTYPES
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.sent_links import may_read, told

# The fields of a record, or of its rows, that name another one.
REFERENCES = {
	"Communication": (None, "reference_doctype", "reference_name"),
	"Event": ("event_participants", "reference_doctype", "reference_docname"),
	"File": (None, "attached_to_doctype", "attached_to_name"),
	"ToDo": (None, "reference_type", "reference_name"),
}
UNSAVED = "new-"  # Desk's name for what is not saved yet, to which files may be attached


def refuse_hidden_references(doc: Document, method: str | None = None) -> None:
	"""Refuse to name a record that the user may not read, in Frappe's words for one that does not exist.

	Raises:
		frappe.LinkValidationError, frappe.PermissionError: a file for what the user may only read
	"""
	if doc.flags.ignore_permissions or doc.flags.ignore_links or frappe.session.user == "Administrator":
		return
	table, type_field, name_field = REFERENCES[doc.doctype]
	missing = [
		told(part, name_field)
		for part in (doc.get(table) if table else [doc])
		if _is_new_reference(doc, part, type_field, name_field)
		and not may_read(part.get(type_field), part.get(name_field))
	]
	if missing:
		frappe.throw(_("Could not find {0}").format(", ".join(missing)), frappe.LinkValidationError)
	if doc.doctype == "File" and _is_new_reference(doc, doc, type_field, name_field):
		require_right_to_attach(doc.get(type_field), doc.get(name_field))


def require_right_to_attach(doctype: str, name: str) -> None:
	"""Refuse to put a mail, call or file on a record that the user may not read, or of the pipeline not write.

	Raises:
		frappe.DoesNotExistError, frappe.PermissionError
	"""
	require_record(doctype, name, "write" if doctype in PIPELINE_DOCTYPES else "read")


def _is_new_reference(doc: Document, part: Document, type_field: str, name_field: str) -> bool:
	name = part.get(name_field)
	if not name or not _is_pipeline_doctype(part.get(type_field)) or str(name).startswith(UNSAVED):
		return False
	before = doc.get_doc_before_save()
	rows = (before.get(part.parentfield) if part.get("parentfield") else [before]) if before else []
	return (part.get(type_field), name) not in {(row.get(type_field), row.get(name_field)) for row in rows}


def _is_pipeline_doctype(doctype: str | None) -> bool:
	return bool(doctype) and frappe.db.get_value("DocType", doctype, "module", cache=True) == MODULE
