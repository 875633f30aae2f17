"""Rows of opportunities and quotations."""

from typing import Any

import frappe

from crm_pipeline.permissions.field_levels import hidden_fields
from crm_pipeline.utils.client_methods import AnsweringDocument
from crm_pipeline.utils.guarded_document import GuardedRow
from crm_pipeline.utils.messages import Messages


class ChildRow(AnsweringDocument, GuardedRow):
	"""A row that is as visible as the document it stands in, also when it is read alone.

	Frappe asks the parent document only where the row knows it, and else no more than the user's roles.
	"""

	def has_permission(self, *args: Any, **options: Any) -> bool:
		"""Ask for the parent's permission, and let no message name a parent that is out of sight."""
		messages = Messages()
		allowed = super().has_permission(*args, **options)
		if not allowed:
			messages.take_back()
		return allowed

	def leave_out_unreadable(self) -> None:
		"""Empty what the user may not read in the document that the row stands in."""
		for field in hidden_fields(self.doctype, self.parenttype):
			self.set(field, None)

	def load_from_db(self) -> "ChildRow":
		super().load_from_db()
		self.parent_doc = frappe.get_doc(self.parenttype, self.parent)
		return self
