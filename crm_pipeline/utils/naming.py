"""Names of records that are called by what a person typed."""

import re

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.exceptions import NameMissing
from crm_pipeline.rules.names import plain_name
from crm_pipeline.utils.markup import bold

NUMBER_BEHIND = re.compile(r" - (\d+)$")


def name_after(doc: Document, field: str) -> None:
	"""Name a record by one of its fields, with a number behind it where that name is taken.

	A site that names such records otherwise, in Customize Form, has it done by Frappe.

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
	doc.set(field, plain_name(value))
	if not doc.meta.autoname:
		doc.name = free_name(doc.doctype, doc.get(field))


def free_name(doctype: str, name: str) -> str:
	"""Return a name that no record has, by what the database takes for the same."""
	if not frappe.db.exists(doctype, name):
		return name
	numbered = frappe.get_all(doctype, {"name": ["like", f"{_literal(name)} - %"]}, pluck="name")
	number = max((int(match[1]) for each in numbered if (match := NUMBER_BEHIND.search(each))), default=0)
	while frappe.db.exists(doctype, free := f"{name} - {number + 1}"):
		number += 1
	return free


def _literal(text: str) -> str:
	"""Return the text for a pattern of LIKE; a backslash has meanings that differ between databases, so any character may stand there."""
	return re.sub(r"[\\%]", "_", text)
