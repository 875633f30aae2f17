"""Names of records that are called by what a person typed."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists

from crm_pipeline.exceptions import NameMissing
from crm_pipeline.utils.markup import bold


def name_after(doc: Document, field: str) -> str:
	"""Return a free name for a record from one of its fields, with a number behind it where that name is taken.

	Raises:
		NameMissing
	"""
	value = doc.get(field)
	if isinstance(value, int) and not isinstance(value, bool):
		value = str(value)
	if not isinstance(value, str) or not value.strip():
		frappe.throw(
			_("Enter {0} as text.").format(bold(_(doc.meta.get_label(field)))),
			NameMissing,
			title=_("Name Missing"),
		)
	doc.set(field, value)
	return append_number_if_name_exists(doc.doctype, value, separator=" - ")
