import frappe
from frappe.model.document import Document
from frappe.utils.html_utils import sanitize_html


class Comment(Document):
	def validate(self):
		self.comment_email = self.comment_email or frappe.session.user
		self.content = sanitize_html(self.content, always_sanitize=True)
