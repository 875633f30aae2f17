"""Tests of what holds for any record: a modest number of examples, the same in every run.

With EXAMPLES in the environment it is that many.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe.model.document import Document
from hypothesis import HealthCheck, Phase, settings

WHEN_SAVED = ("modified", "modified_by")


def bounded(examples: int) -> settings:
	"""Settings for tests that write records: so many examples, however long one takes."""
	return settings(
		max_examples=int(os.environ.get("EXAMPLES", examples)),
		deadline=None,
		derandomize=True,
		database=None,
		phases=[Phase.generate, Phase.shrink],
		suppress_health_check=list(HealthCheck),
	)


@contextmanager
def example() -> Iterator[None]:
	"""Undo what an example writes: the next one begins where this one did."""
	frappe.db.savepoint("before_example")
	try:
		yield
	finally:
		frappe.set_user("Administrator")
		frappe.db.rollback(save_point="before_example")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")


def picture(doc: Document) -> dict:
	"""All that is stored of a document and its rows, except when it was saved."""
	stored = frappe.get_doc(doc.doctype, doc.name)
	return {
		**_without(stored.get_valid_dict()),
		"rows": [_without(row.get_valid_dict()) for row in stored.get_all_children()],
	}


def _without(values: dict) -> dict:
	return {field: value for field, value in values.items() if field not in WHEN_SAVED}
