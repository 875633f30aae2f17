import frappe
from frappe.model.document import Document
from frappe.model.naming import parse_naming_series
from frappe.utils import cint


class DocumentNamingRule(Document):
	def apply(self, doc: "Document") -> None:
		"""Name a document by the prefix and the next number of this rule."""
		if self.conditions:
			raise frappe.missing("Conditions of a Document Naming Rule")
		number = cint(frappe.db.get_value(self.doctype, self.name, "counter", for_update=True)) + 1
		frappe.db.set_value(self.doctype, self.name, "counter", number)
		doc.name = parse_naming_series(self.prefix.split("."), doc) + str(number).zfill(self.prefix_digits)
