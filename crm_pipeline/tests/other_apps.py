"""Another app whose hooks run after ours."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import frappe
from frappe.model.document import Document

PATH = f"{__name__}.act"
acts: list[Callable[[Document], object]] = []


def act(doc: Document, method: str | None = None) -> None:
	for each in acts:
		each(doc)


@contextmanager
def hooked(doctype: str, *events: str, then: Callable[[Document], object]) -> Iterator[None]:
	"""Let another app do something with documents of a DocType, in its hooks on these events."""
	installed = frappe.get_doc_hooks()
	handlers = dict(installed.get(doctype, {}))
	for event in events:
		handlers[event] = [*handlers.get(event, []), PATH]
	acts.append(then)
	try:
		with patch.object(frappe, "get_doc_hooks", lambda: {**installed, doctype: handlers}):
			yield
	finally:
		acts.remove(then)


@contextmanager
def setting(doctype: str, *events: str, **values) -> Iterator[None]:
	"""Let another app set fields on these events; `validate` and `before_save` if none is named."""
	with hooked(doctype, *(events or ("validate", "before_save")), then=lambda doc: doc.update(values)):
		yield
