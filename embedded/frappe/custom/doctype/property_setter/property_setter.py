import frappe
from frappe.model.document import Document


class PropertySetter(Document):
	"""A property of a DocType or of one of its fields, set to another value on this site."""

	def autoname(self):
		self.name = f"{self.doc_type}-{self.field_name or self.row_name or 'main'}-{self.property}"

	def validate(self):
		if self.is_new():
			delete_property_setter(self.doc_type, self.property, self.field_name, self.row_name)

	def on_update(self):
		frappe.clear_cache(doctype=self.doc_type)

	def on_trash(self):
		frappe.clear_cache(doctype=self.doc_type)


def make_property_setter(
	doctype: str,
	fieldname: str | None,
	property: str,
	value,
	property_type: str,
	for_doctype: bool = False,
	validate_fields_for_doctype: bool = True,
	is_system_generated: bool = True,
) -> PropertySetter:
	"""Set a property, of the DocType itself if `for_doctype`, in place of what was set before."""
	return frappe.get_doc(
		{
			"doctype": "Property Setter",
			"doctype_or_field": "DocType" if for_doctype else "DocField",
			"doc_type": doctype,
			"field_name": fieldname,
			"property": property,
			"value": value,
			"property_type": property_type,
			"is_system_generated": int(is_system_generated),
		}
	).insert(ignore_permissions=True)


def delete_property_setter(
	doc_type: str, property: str, field_name: str | None = None, row_name: str | None = None
) -> None:
	filters = {"doc_type": doc_type, "property": property, "field_name": field_name, "row_name": row_name}
	frappe.db.delete("Property Setter", {key: value for key, value in filters.items() if value})
