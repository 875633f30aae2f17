"""What a request says it starts from, so that one that comes twice, or too late, changes nothing."""

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.exceptions import StateGone
from crm_pipeline.utils.markup import bold


def require_state(doc: Document, **expected: str | None) -> None:
	"""Refuse to go on from a state that is not the present one; what a request leaves out is not asked.

	Args:
		expected: values by field, such as the status that a dialog was opened on.

	Raises:
		StateGone
	"""
	for field, value in expected.items():
		if value and doc.get(field) != value:
			frappe.throw(
				_("{0} of {1} is {2} by now, no longer {3}. Nothing was changed: look at it again.").format(
					_(doc.meta.get_label(field)),
					doc.name,
					bold(_(doc.get(field), context=doc.doctype)),
					bold(_(value, context=doc.doctype)),
				),
				StateGone,
				title=_("Changed Meanwhile"),
			)
