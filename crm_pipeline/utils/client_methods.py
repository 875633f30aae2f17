"""What a request is answered with: Frappe answers with a document as a save or a method of it leaves it, levels or not."""

from typing import Any
from urllib.parse import unquote

import frappe
from frappe.model.document import Document

from crm_pipeline.utils.session import in_request

RESOURCES = ("api/resource/", "api/v1/resource/", "api/v2/document/")
WRITING = ("frappe.client.", "frappe.desk.form.save.")  # functions of Frappe that answer with what they saved


class AnsweringDocument(Document):
	"""A document that a request is answered with without what is on levels that its user may not read."""

	def insert(self, *args: Any, **kwargs: Any) -> Document:
		super().insert(*args, **kwargs)
		return self._as_answer()

	def save(self, *args: Any, **kwargs: Any) -> Document:
		super().save(*args, **kwargs)
		return self._as_answer()

	def run_method(self, method: str, *args: Any, **kwargs: Any) -> Any:
		answer = super().run_method(method, *args, **kwargs)
		if _is_called_by_client(self, method):
			self.leave_out_unreadable()
		return answer

	def leave_out_unreadable(self) -> None:
		"""Empty what the user may not read; nothing of it is to be saved after that."""
		if frappe.session.user == "Administrator":
			return
		readable = self.get_permlevel_access("read")
		for part in (self, *self.get_all_children()):
			for df in part.meta.fields:
				if df.permlevel and df.permlevel not in readable:
					part.set(df.fieldname, None)

	def _as_answer(self) -> Document:
		if not self.flags.by_software and _is_saved_by_client(self.doctype):
			self.leave_out_unreadable()
		return self


def _is_saved_by_client(doctype: str) -> bool:
	"""Return whether the present request has Frappe save a record of a DocType, and answer with it."""
	if not in_request():
		return False
	path = unquote(frappe.request.path).strip("/")
	for resource in RESOURCES:
		if path.startswith(resource):
			return path.removeprefix(resource).partition("/")[0] == doctype
	called = str(frappe.form_dict.get("cmd") or path.rpartition("/method/")[2])
	return called.startswith(WRITING) and _sent_doctype() == doctype


def _sent_doctype() -> str | None:
	sent = frappe.parse_json(frappe.form_dict.get("doc")) or frappe.form_dict
	return sent.get("doctype") if isinstance(sent, dict) else None


def _is_called_by_client(doc: Document, method: str) -> bool:
	"""Return whether the present request asks for this method; hooks are out of its reach, whatever it calls them."""
	if not in_request():
		return False
	sent, path = frappe.form_dict, frappe.request.path
	is_named = method in (sent.get("method"), sent.get("run_method")) or path.endswith(f"/method/{method}")
	function = getattr(type(doc), method, None)
	return is_named and getattr(function, "__func__", function) in frappe.whitelisted
