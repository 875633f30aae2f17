import frappe
from frappe.model.document import Document


class PropertySetter(Document):
	def before_insert(self):
		raise frappe.missing("A Property Setter")
