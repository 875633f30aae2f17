"""Texts of mails, with places to fill in."""

from __future__ import annotations

import frappe
from frappe.model.document import Document


class EmailTemplate(Document):
	def get_formatted_email(self, doc: dict) -> dict:
		"""Return the subject and message of a mail, filled in from a record or other values."""
		response = self.response_html if self.use_html else self.response
		return {
			"subject": frappe.render_template(self.subject, doc),
			"message": frappe.render_template(response, doc),
		}
