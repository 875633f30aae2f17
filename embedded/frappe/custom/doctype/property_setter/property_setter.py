import frappe
from frappe.model.document import Document


class PropertySetter(Document):
	"""A property of a field, or of a DocType, that a site has changed."""

	def autoname(self):
		self.name = "-".join(filter(None, (self.doc_type, self.field_name or "main", self.property)))

	def validate(self):
		if self.doctype_or_field not in ("DocField", "DocType"):
			raise frappe.missing(f"A Property Setter on a {self.doctype_or_field}")
		if self.is_new():
			place = {
				"doc_type": self.doc_type,
				"property": self.property,
				"field_name": self.field_name or "",
			}
			frappe.db.delete("Property Setter", place)

	def on_update(self):
		frappe.clear_cache(doctype=self.doc_type)

	def on_trash(self):
		frappe.clear_cache(doctype=self.doc_type)


def make_property_setter(
	doctype: str, fieldname: str | None, property: str, value, property_type: str, for_doctype: bool = False
) -> Document:
	"""Change a property of a field, or with `for_doctype` one of the DocType itself."""
	place = "DocType" if for_doctype else "DocField"
	setter = {"doctype_or_field": place, "doc_type": doctype, "field_name": fieldname}
	what = {"property": property, "value": value, "property_type": property_type}
	return frappe.get_doc({"doctype": "Property Setter", **setter, **what}).insert(ignore_permissions=True)
