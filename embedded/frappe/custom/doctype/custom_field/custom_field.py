import frappe
from frappe.model.document import Document


class CustomField(Document):
	"""A field that an app's fixtures add to a DocType. Its column comes with it, and stays."""

	def on_update(self) -> None:
		frappe.clear_cache(doctype=self.dt)
		frappe.db.updatedb(self.dt)

	def on_trash(self) -> None:
		frappe.clear_cache(doctype=self.dt)
