"""What a user may not read is not there for them: it answers as a name that does not exist."""

from typing import Any
from urllib.parse import unquote

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.utils import sent_links
from crm_pipeline.utils.client_methods import AnsweringDocument
from crm_pipeline.utils.locking import ConcurrentDocument
from crm_pipeline.utils.messages import Messages


class ConfidentialDocument(AnsweringDocument, ConcurrentDocument):
	"""A document whose existence is told only to who may read it.

	Frappe answers 404 for what does not exist and 403 for what is hidden, from which names can be guessed. So a request
	that asks for a hidden record is told that there is none; code that asks about one gets its no, as from Frappe.
	"""

	def has_permission(self, permtype: str = "read", *args: Any, **kwargs: Any) -> bool:
		"""Return whether the user may do this to the document.

		Raises:
			frappe.DoesNotExistError: the request asks for it, and its user may not even read it.
			LinkNotText: its name is an object or a list.
		"""
		sent_links.refuse_name(self)
		messages = Messages()
		if super().has_permission(permtype, *args, **kwargs):
			return True
		if not kwargs.get("user") and self._is_hidden(permtype):
			messages.take_back()
			self._tell_missing(permtype)
		return False

	def refuse_if_hidden(self) -> None:
		"""Answer as if there were no such document if the session's user may not read it.

		Raises:
			frappe.DoesNotExistError
		"""
		messages = Messages()
		if not super().has_permission("read"):
			messages.take_back()
			self._tell_missing("read")

	def is_whitelisted(self, method_name: str) -> None:
		self.has_permission("read")
		super().is_whitelisted(method_name)

	def check_if_latest(self) -> None:
		messages = Messages()
		try:
			super().check_if_latest()
		except frappe.TimestampMismatchError:
			mismatch = messages.take_back()
			self.check_permission("read")
			frappe.local.message_log.extend(mismatch)
			raise

	def _is_hidden(self, permtype: str) -> bool:
		"""Return whether the request asks for it and it is out of the user's sight. For a DocType that is closed to them as a
		whole, Frappe makes the 404 a 403, as for a missing name."""
		if self.is_new() or not self._asked_for():
			return False
		return permtype == "read" or not super().has_permission("read")

	def _tell_missing(self, permtype: str) -> None:
		asked = self._asked_for() or self
		missing = frappe.DoesNotExistError(doctype=asked.doctype)
		if permtype == "delete":
			raise missing  # as Frappe does, without a word
		frappe.throw(_("{0} {1} not found").format(_(asked.doctype), asked.name), missing)

	def _asked_for(self) -> Document | None:
		"""Return the document, or the row of it, that the present request names in its path or in what it sends."""
		if not frappe.request:
			return None
		parts = (self, *self.get_all_children())
		return next((part for part in parts if part.name and _is_named_in_request(str(part.name))), None)


def _is_named_in_request(name: str) -> bool:
	"""Return whether a value that was sent, or one within JSON, is this name, and not only something that contains it."""
	if f"/{name}/" in f"{unquote(frappe.request.path)}/":
		return True
	sent = [value if isinstance(value, str) else frappe.as_json(value) for value in frappe.form_dict.values()]
	return any(value == name or f'"{name}"' in value for value in sent)


def require_record(doctype: str, name: str, permission: str = "read") -> Document:
	"""Return a stored record on which the session's user has a permission.

	Raises:
		frappe.DoesNotExistError: there is none of this name, or the user may not read it.
		frappe.PermissionError: the user may read it only.
	"""
	doc = _stored(doctype, name)
	doc.check_permission(permission)
	return doc


def visible_record(doctype: str, name: str) -> Document:
	"""Return a stored record that the session's user may read; in a job too, a hidden one answers as a missing one.

	Raises:
		frappe.DoesNotExistError: there is none of this name, or the user may not read it.
	"""
	doc = _stored(doctype, name)
	if isinstance(doc, ConfidentialDocument):
		doc.refuse_if_hidden()
	doc.check_permission("read")
	return doc


def _stored(doctype: str, name: str) -> Document:
	frappe.get_meta(
		doctype
	)  # says that there is no such DocType; `get_doc` would look for its code, and break
	return frappe.get_doc(doctype, name)
