import frappe
from frappe.contacts.address_and_contact import delete_contact_and_address, load_address_and_contact
from frappe.contacts.doctype.address.address import get_address_display
from frappe.model.document import Document

from crm_pipeline.crm_pipeline.doctype.lead.lead import refuse_second_customer
from crm_pipeline.parties.carry_over import carry_over, pass_on_quotations
from crm_pipeline.parties.contact_details import refuse_deletion_with_opportunities
from crm_pipeline.parties.renaming import show_present_name
from crm_pipeline.parties.same_name import UniquelyNamed
from crm_pipeline.utils.indexes import index_creation
from crm_pipeline.utils.named_document import NamedDocument
from crm_pipeline.utils.naming import name_after


class Customer(UniquelyNamed, NamedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		account_manager: DF.Link | None
		annual_revenue: DF.Currency
		country: DF.Link | None
		customer_details: DF.Text | None
		customer_name: DF.Data
		customer_primary_address: DF.Link | None
		customer_primary_contact: DF.Link | None
		customer_type: DF.Literal["Company", "Individual"]
		default_currency: DF.Link | None
		disabled: DF.Check
		email_id: DF.Data | None
		employees: DF.Int
		founded_in: DF.Int
		industry: DF.Data | None
		lead_name: DF.Link | None
		mobile_no: DF.Data | None
		name_key: DF.Data | None
		parent_customer: DF.Link | None
		primary_address: DF.Text | None
		territory: DF.Data | None
		website: DF.Data | None
	# end: auto-generated types
	name_fields = ("customer_name",)
	system_fields = ("email_id", "mobile_no")  # fetched from the primary contact

	def onload(self) -> None:
		load_address_and_contact(self)

	def autoname(self) -> None:
		name_after(self, "customer_name")

	def validate(self) -> None:
		self.set_name_key()
		self.refuse_taken_lead()
		self.set_primary_address()

	def on_update(self) -> None:
		if self.has_value_changed("lead_name"):
			self.take_over_lead()

	def on_trash(self) -> None:
		refuse_deletion_with_opportunities(self)
		delete_contact_and_address(self.doctype, self.name)

	def after_rename(self, old: str, new: str, merge: bool = False) -> None:
		super().after_rename(old, new, merge)
		show_present_name(self.doctype, self.name)

	def refuse_taken_lead(self) -> None:
		if self.lead_name and self.has_value_changed("lead_name"):
			refuse_second_customer(self.lead_name)

	def set_primary_address(self) -> None:
		address = self.customer_primary_address
		self.primary_address = (
			get_address_display(frappe.get_doc("Address", address).as_dict()) if address else None
		)

	def take_over_lead(self) -> None:
		"""Convert the lead; its open tasks and quotations, its contacts and addresses are the customer's too."""
		if not self.lead_name:
			return
		frappe.get_doc("Lead", self.lead_name).mark_status("Converted")
		carry_over("Lead", self.lead_name, self)
		pass_on_quotations(self.lead_name, self)
		for doctype in ("Contact", "Address"):
			for name in frappe.get_all(
				"Dynamic Link",
				filters={"parenttype": doctype, "link_doctype": "Lead", "link_name": self.lead_name},
				pluck="parent",
				distinct=True,
			):
				self.link_record(frappe.get_doc(doctype, name))

	def link_record(self, record: Document) -> None:
		"""Add this customer to the links of a contact or address, unless it is there."""
		if any((row.link_doctype, row.link_name) == (self.doctype, self.name) for row in record.links):
			return
		record.append("links", {"link_doctype": self.doctype, "link_name": self.name})
		record.flags.ignore_permissions = True  # converting a lead needs no right on its contacts
		record.save()


def on_doctype_update() -> None:
	"""Let lists begin with what was entered last."""
	index_creation("Customer")
