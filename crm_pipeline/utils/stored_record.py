"""Methods of documents that clients call: they start from the record as it is stored, whatever was sent.

Desk sends the whole document along when a button of its form is pressed, and Frappe makes the document that the method
runs on of it. Nothing of it has been through a save, so none of it may be believed.
"""

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.exceptions import ArgumentsUnfit, DocumentNotSaved
from crm_pipeline.utils.markup import bold

expose = frappe.whitelist(methods=["POST"])


def stored_record_method(permission: str = "write") -> Callable:
	"""Let clients call a method of a document by POST, on the stored record and with a permission on that.

	The document that it is called on becomes the stored one, locked against others until the transaction ends. What
	code has set on it and not saved is forgotten; its flags stay.

	Args:
		permission: type of permission on the stored record that the caller needs.
	"""

	def decorate(method: Callable) -> Callable:
		checked = expose(method)  # by position, Frappe checks types of what it wraps itself only

		@wraps(method)
		def run(self: Document, *args: Any, **kwargs: Any) -> Any:
			start_from_stored_record(self)
			self.check_permission(permission)
			refuse_unfit(method, self, *args, **kwargs)
			return checked(self, *args, **kwargs)

		vars(run)["__signature__"] = signature(method)  # Frappe's `getfullargspec` follows no wrapper
		return expose(run)

	return decorate


def refuse_unfit(method: Callable, *args: Any, **kwargs: Any) -> None:
	"""Say which arguments a method takes if it cannot be called with these.

	Raises:
		ArgumentsUnfit
	"""
	called = signature(method)
	try:
		called.bind(*args, **kwargs)
	except TypeError:
		taken = [each for each in called.parameters.values() if each.name != "self"]
		needed = [each.name for each in taken if each.default is Parameter.empty]
		further = [each.name for each in taken if each.name not in needed]
		frappe.throw(
			_("These arguments do not fit {0}. It needs: {1}. It also takes: {2}.").format(
				bold(method.__name__), ", ".join(needed) or "-", ", ".join(further) or "-"
			),
			ArgumentsUnfit,
			title=_("Arguments Do Not Fit"),
		)


def start_from_stored_record(doc: Document) -> None:
	"""Make a document what is stored under its name, and hold the record.

	Raises:
		DocumentNotSaved: it is new.
		frappe.TimestampMismatchError: somebody has saved it since it was read.
	"""
	if doc.is_new() or not doc.name or not isinstance(doc.name, str):
		frappe.throw(
			_("Save the {0} first. This works on what is saved only.").format(_(doc.doctype)),
			DocumentNotSaved,
			title=_("Not Saved"),
		)
	doc._original_modified = doc.modified
	doc.check_if_latest()
	if stored := doc.get_doc_before_save():  # as of every record that is not new
		_become(doc, stored)


def _become(doc: Document, stored: Document) -> None:
	"""Make a document what another one of its name is, which was read to be held and is of no further use."""
	flags = doc.flags
	vars(doc).clear()
	vars(doc).update(vars(stored))
	vars(doc).pop("_weakref", None)  # by which rows know their document, in Frappe 16
	doc.flags.update(flags)
	for df in doc.meta.get_table_fields():
		doc.set(df.fieldname, stored.get(df.fieldname))  # rows say whose they are
