"""Deleting for good, within the transaction: no job is left to do, and no number is given anew.

`frappe.delete_doc` leaves comments, assignments and mails to a job that finds them by the record's name, and counts a
series down when its last record goes. A record that gets the name before the job has run would lose its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe.model.delete_doc import (
	check_if_doc_is_dynamically_linked,
	check_if_doc_is_linked,
	delete_dynamic_links,
)
from frappe.model.document import Document


def delete_at_once(doc: Document, force: bool = False) -> None:
	"""Delete a record and everything that tells of it, and keep no copy; rights and docstatus are the caller's business.

	Args:
		force: let others link to it.

	Raises:
		frappe.LinkExistsError: another record links to it.
	"""
	with numbers_kept():
		delete_for_good(doc, force)


def delete_for_good(doc: Document, force: bool = False) -> None:
	"""Do what `delete_at_once` does to one of many records; the caller keeps the numbers of all with `numbers_kept`."""
	doc.run_method("on_trash")
	if not force:
		check_if_doc_is_linked(doc)
		check_if_doc_is_dynamically_linked(doc)
	# What Frappe does before it loads a DocType or record anew: the row goes, and nothing is noted or queued.
	frappe.delete_doc(doc.doctype, doc.name, for_reload=True)
	delete_dynamic_links(doc.doctype, doc.name)


@contextmanager
def numbers_kept() -> Iterator[None]:
	"""Let every series stand afterwards at least where it stood before."""
	series = frappe.qb.DocType("Series")
	before = dict(frappe.qb.from_(series).select(series.name, series.current).run())
	yield
	after = dict(frappe.qb.from_(series).select(series.name, series.current).run())
	for name in [name for name, current in before.items() if after.get(name, 0) < current]:
		query = frappe.qb.update(series).set(series.current, before[name])
		query.where((series.name == name) & (series.current < before[name])).run()
