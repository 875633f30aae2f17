import frappe
from frappe.model.document import Document
from frappe.runtime.missing import missing_in

__getattr__ = missing_in(__name__)


class PropertySetter(Document):
	"""A property of a DocType or of one of its fields, set to another value on this site."""

	def autoname(self):
		self.name = f"{self.doc_type}-{self.field_name or self.row_name or 'main'}-{self.property}"

	def validate(self):
		if self.is_new():
			names = ("doc_type", "property", "field_name", "row_name")
			frappe.db.delete("Property Setter", {key: self.get(key) for key in names if self.get(key)})

	def on_update(self):
		frappe.clear_cache(doctype=self.doc_type)
		frappe.get_meta(self.doc_type)  # refuses what this host does not act on

	def on_trash(self):
		frappe.clear_cache(doctype=self.doc_type)
