import frappe
from frappe.model.document import Document


class CustomDocPerm(Document):
	"""A permission row of a site's own. Where a DocType has any, they stand in for those that it came with."""

	def on_update(self) -> None:
		frappe.clear_cache(doctype=self.parent)

	def on_trash(self) -> None:
		frappe.clear_cache(doctype=self.parent)
