from frappe.contacts.address_and_contact import delete_contact_and_address, load_address_and_contact

from crm_pipeline.parties.present_supplier import show_present_supplier
from crm_pipeline.parties.same_name import UniquelyNamed
from crm_pipeline.utils.named_document import NamedDocument
from crm_pipeline.utils.naming import name_after


class Supplier(UniquelyNamed, NamedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		correspondence_language: DF.Link | None
		country: DF.Link | None
		default_currency: DF.Link | None
		disabled: DF.Check
		name_key: DF.Data | None
		supplier_details: DF.Text | None
		supplier_name: DF.Data
		supplier_type: DF.Literal["Company", "Individual"]
		website: DF.Data | None
	# end: auto-generated types
	name_fields = ("supplier_name",)

	def onload(self) -> None:
		load_address_and_contact(self)

	def autoname(self) -> None:
		name_after(self, "supplier_name")

	def validate(self) -> None:
		self.set_name_key()

	def after_rename(self, old: str, new: str, merge: bool = False) -> None:
		super().after_rename(old, new, merge)
		show_present_supplier(self.name)

	def on_trash(self) -> None:
		delete_contact_and_address(self.doctype, self.name)
