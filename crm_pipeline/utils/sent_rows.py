"""Rows that clients send with a document, or alone.

Frappe writes a row under the name that was sent, also where that is the name of a row elsewhere, which so moves over.
"""

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.exceptions import ForeignRow, RowWithoutDocument
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.numbers import read_number


def read_positions(doc: Document) -> None:
	"""Let the position of a document and of its rows be a number, as which it is stored, or refused by some databases only.

	Raises:
		ImpossibleNumber
	"""
	for part in (doc, *doc.get_all_children()):
		if part.idx:
			part.idx = read_number(part.idx, "No.", "Int")


def refuse_foreign_rows(doc: Document) -> None:
	"""Let the rows of a document be its own, in the table they stand in, each once; new ones are named by the system.

	Raises:
		ForeignRow
	"""
	before = doc.get_doc_before_save()
	own = {(row.parentfield, row.name) for row in before.get_all_children()} if before else set()
	for row in doc.get_all_children():
		if row.is_new() or not before:
			row.name, row.__islocal = None, 1
		elif isinstance(row.name, str) and (row.parentfield, row.name) in own:
			own.remove((row.parentfield, row.name))
		else:
			_refuse(doc, row)


def _refuse(doc: Document, row: Document) -> None:
	doc.check_permission("read")
	frappe.throw(
		_("{0}, row {1}: {2} is no row of {3}, or was sent twice. Leave out its name to add a row.").format(
			bold(_(doc.meta.get_label(row.parentfield))),
			row.idx,
			escaped(str(row.name)[:140]),
			doc.name,
		),
		ForeignRow,
		title=_("Row of Another Record"),
	)


def refuse_row_alone(row: Document) -> None:
	"""Refuse to write or delete a row without its document, whose totals and checks depend on it.

	Raises:
		RowWithoutDocument
	"""
	frappe.throw(
		_("{0} is written with its document only. Send that with all its rows.").format(_(row.doctype)),
		RowWithoutDocument,
		title=_("Row without Document"),
	)
