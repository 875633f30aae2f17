"""Rows of a document that somebody has picked, by their names."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.exceptions import PickedRowsUnfit, RowsMissing
from crm_pipeline.utils.sent_values import names_from, values_from


def filtered_children(args: dict | str | None) -> Any:
	"""Return the names of rows that Frappe hands to a mapper, with its arguments or beside them; None for all rows.

	`make_mapped_doc` leaves the arguments in `frappe.flags.args`, `map_docs` passes them on.
	"""
	given = values_from(args if args is not None else frappe.flags.args)
	return given.get("filtered_children")


def picked_rows(doc: Document, table: str, names: list | str) -> list[Document]:
	"""Return the rows of a table that are picked.

	Args:
		names: of rows, as a list or its JSON.

	Raises:
		UnreadableList
		RowsMissing: none is picked.
		PickedRowsUnfit: one is no row of the document.
	"""
	wanted = set(names_from(names))
	rows = [row for row in doc.get(table) if row.name in wanted]
	if not wanted:
		frappe.throw(
			_("Pick at least one row of {0}.").format(doc.name), RowsMissing, title=_("Nothing Picked")
		)
	if len(rows) != len(wanted):
		frappe.throw(
			_("Some of the picked rows are no rows of {0}. Reload it, and pick again.").format(doc.name),
			PickedRowsUnfit,
			title=_("Rows of Another Record"),
		)
	return rows
