import frappe
from frappe.model.document import Document


class File(Document):
	"""The record of a file somewhere else. The host stores no contents."""

	def before_insert(self):
		if self.get("content") or not (self.file_url or self.is_folder):
			raise frappe.missing("Storing files")
