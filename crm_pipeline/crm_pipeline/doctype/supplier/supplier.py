from frappe.contacts.address_and_contact import delete_contact_and_address, load_address_and_contact

from crm_pipeline.parties.present_supplier import show_present_supplier
from crm_pipeline.parties.same_name import UniquelyNamed
from crm_pipeline.utils.named_document import NamedDocument
from crm_pipeline.utils.naming import name_after


class Supplier(UniquelyNamed, NamedDocument):
	name_fields = ("supplier_name",)

	def onload(self):
		load_address_and_contact(self)

	def autoname(self):
		name_after(self, "supplier_name")

	def validate(self):
		self.set_name_key()

	def after_rename(self, old: str, new: str, merge: bool = False):
		super().after_rename(old, new, merge)
		show_present_supplier(self.name)

	def on_trash(self):
		delete_contact_and_address(self.doctype, self.name)
