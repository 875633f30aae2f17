from frappe.contacts.address_and_contact import delete_contact_and_address, load_address_and_contact
from frappe.model.naming import append_number_if_name_exists

from crm_pipeline.utils.validation import NamedDocument


class Supplier(NamedDocument):
	name_fields = ("supplier_name",)

	def onload(self):
		load_address_and_contact(self)

	def autoname(self):
		self.name = append_number_if_name_exists(self.doctype, self.supplier_name, separator=" - ")

	def on_trash(self):
		delete_contact_and_address(self.doctype, self.name)
