"""The document that a client wants a mapper to fill: not stored yet, so that nothing has checked it."""

import json
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.exceptions import TargetUnfit
from crm_pipeline.utils import sent_links


def read_target(target_doc: str | dict | Document | None, doctype: str) -> Document | None:
	"""Make a document of what a client sent to be filled, once it names nothing that the user may not read.

	Raises:
		TargetUnfit: it is no document of that DocType.
		LinkNotText, frappe.LinkValidationError
	"""
	if isinstance(target_doc, Document):
		return target_doc
	if not target_doc:
		return None
	values = _parsed(target_doc)
	if not isinstance(values, dict) or values.get("doctype") != doctype:
		frappe.throw(
			_("Send a document of {0} to fill, as a JSON object, or none.").format(_(doctype)),
			TargetUnfit,
			title=_("Document to Fill Unfit"),
		)
	target = frappe.get_doc(values)
	sent_links.refuse_other_than_text(target)
	sent_links.refuse_unreadable(target)
	return target


def _parsed(target_doc: str | dict) -> Any:
	try:
		return json.loads(target_doc) if isinstance(target_doc, str) else target_doc
	except ValueError:
		return None
