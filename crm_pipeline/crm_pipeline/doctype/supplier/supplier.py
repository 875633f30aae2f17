from frappe.contacts.address_and_contact import delete_contact_and_address, load_address_and_contact
from frappe.model.naming import append_number_if_name_exists

from crm_pipeline.controllers.input_checks import refuse_impossible_values
from crm_pipeline.utils.locking import ConcurrentDocument


class Supplier(ConcurrentDocument):
	def onload(self):
		load_address_and_contact(self)

	def autoname(self):
		self.name = append_number_if_name_exists(self.doctype, self.supplier_name, separator=" - ")

	def before_validate(self):
		refuse_impossible_values(self)

	def on_trash(self):
		delete_contact_and_address(self.doctype, self.name)
