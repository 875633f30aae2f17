"""Methods of documents that clients call, Frappe's own too: Frappe answers with the document as the method leaves it."""

from typing import Any

import frappe
from frappe.model.document import Document

from crm_pipeline.utils.session import in_request


class AnsweringDocument(Document):
	"""A document that comes back from a method without what is on levels that its user may not read."""

	def run_method(self, method: str, *args: Any, **kwargs: Any) -> Any:
		answer = super().run_method(method, *args, **kwargs)
		if is_named_by_client(method):
			self.apply_fieldlevel_read_permissions()
		return answer


def is_named_by_client(method: str) -> bool:
	"""Return whether the present request asks for a document's method of this name."""
	if not in_request():
		return False
	sent = frappe.form_dict
	return method in (sent.get("method"), sent.get("run_method")) or frappe.request.path.endswith(
		f"/method/{method}"
	)
