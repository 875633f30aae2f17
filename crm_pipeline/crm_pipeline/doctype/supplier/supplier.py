from frappe.contacts.address_and_contact import delete_contact_and_address, load_address_and_contact

from crm_pipeline.controllers.input_checks import refuse_impossible_values
from crm_pipeline.utils.guarded_document import GuardedDocument
from crm_pipeline.utils.naming import name_after


class Supplier(GuardedDocument):
	def onload(self):
		load_address_and_contact(self)

	def autoname(self):
		self.name = name_after(self, "supplier_name")

	def before_validate(self):
		refuse_impossible_values(self)

	def on_trash(self):
		delete_contact_and_address(self.doctype, self.name)
