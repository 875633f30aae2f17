from typing import Any

import frappe
from frappe.model.document import Document


class PropertySetter(Document):
	"""A property of a field, or of a DocType, that a site has changed."""

	def autoname(self) -> None:
		parts = {"doc_type": "", "field_name": "main", "property": ""}
		named = (self.get(part) or instead for part, instead in parts.items())
		self.name = "-".join(filter(None, named))

	def validate(self) -> None:
		"""Take the place of the one that was set before."""
		if self.doctype_or_field not in ("DocField", "DocType"):
			raise frappe.missing(f"A Property Setter on a {self.doctype_or_field}")
		fields = ("doc_type", "field_name", "property")
		if self.is_new():
			frappe.db.delete("Property Setter", {field: self.get(field) or "" for field in fields})

	def on_update(self) -> None:
		frappe.clear_cache(doctype=self.doc_type)

	def on_trash(self) -> None:
		frappe.clear_cache(doctype=self.doc_type)


def make_property_setter(
	doctype: str,
	fieldname: str | None,
	property: str,
	value: Any,
	property_type: str,
	for_doctype: bool = False,
) -> Document:
	"""Change a property of a field, or with `for_doctype` one of the DocType itself."""
	setter = frappe.new_doc("Property Setter", property=property, value=value, property_type=property_type)
	setter.update({"doc_type": doctype, "field_name": fieldname})
	setter.doctype_or_field = "DocType" if for_doctype else "DocField"
	return setter.insert(ignore_permissions=True)
