import frappe
from frappe.model.document import Document
from frappe.utils.html_utils import sanitize_html


class Comment(Document):
	def validate(self) -> None:
		clean = sanitize_html(self.content, always_sanitize=True)
		self.update({"comment_email": self.comment_email or frappe.session.user, "content": clean})
