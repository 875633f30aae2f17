import frappe
from frappe import _
from frappe.contacts.address_and_contact import load_address_and_contact
from frappe.core.doctype.communication.communication import update_parent_document_on_communication
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.utils import cstr

from crm_pipeline.assignment.owner import AssignableDocument
from crm_pipeline.exceptions import CustomerExists, LeadNameMissing
from crm_pipeline.parties.contact_details import refuse_deletion_with_opportunities
from crm_pipeline.parties.organization import show_organization
from crm_pipeline.parties.renaming import show_present_name
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.indexes import index_creation
from crm_pipeline.utils.mapping_target import read_target
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.named_document import NamedDocument
from crm_pipeline.utils.sent_links import may_read


class Lead(AssignableDocument, NamedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		campaign: DF.Data | None
		company_name: DF.Data | None
		country: DF.Link | None
		email_id: DF.Data | None
		first_name: DF.Data | None
		industry: DF.Data | None
		job_title: DF.Data | None
		last_name: DF.Data | None
		lead_name: DF.Data | None
		lead_owner: DF.Link | None
		mobile_no: DF.Data | None
		naming_series: DF.Literal["CRM-LEAD-.YYYY.-"]
		no_of_employees: DF.Literal["", "1-10", "11-50", "51-200", "201-500", "501-1000", "1000+"]
		notes: DF.TextEditor | None
		phone: DF.Data | None
		source: DF.Link | None
		status: DF.Literal["Open", "Replied", "Opportunity", "Converted", "Do Not Contact"]
		territory: DF.Data | None
		website: DF.Data | None
	# end: auto-generated types
	name_fields = ("first_name", "last_name", "company_name", "lead_name")

	def onload(self) -> None:
		load_address_and_contact(self)
		self.set_onload("customer", self.visible_customer())

	def before_insert(self) -> None:
		super().before_insert()
		self.set_owner()

	def validate(self) -> None:
		self.set_lead_name()
		self.refuse_markup_in_names()
		self.set_email()
		self.mention_namesake()
		self.default_owner_from_assignment()

	def on_update(self) -> None:
		self.keep_tasks_finished()
		self.tell_organization()

	def on_change(self) -> None:
		if not self.flags.in_delete:
			self.refresh_owner()

	def on_trash(self) -> None:
		refuse_deletion_with_opportunities(self)

	def after_rename(self, old: str, new: str, merge: bool = False) -> None:
		super().after_rename(old, new, merge)
		show_present_name(self.doctype, self.name)

	def visible_customer(self) -> str | None:
		"""Return the customer that the lead became, unless it is hidden from the session's user."""
		customer = frappe.db.get_value("Customer", {"lead_name": self.name})
		return customer if customer and may_read("Customer", customer) else None

	def set_lead_name(self) -> None:
		"""Name a lead by the person, else the organization, else the address they wrote from."""
		self.split_full_name()
		person = " ".join(part for part in (self.first_name, self.last_name) if part)
		self.lead_name = person or self.company_name or self.email_id
		if not self.lead_name:
			frappe.throw(
				_("Enter the lead's name, organization or e-mail."), LeadNameMissing, title=_("Name Missing")
			)

	def split_full_name(self) -> None:
		"""Take first and last name from a full name that comes without them, as integrations and files send it."""
		full_name = " ".join(cstr(self.lead_name).split())
		names = ("first_name", "last_name")
		given = [field for field in names if self.is_new() or self.has_value_changed(field)]
		if (
			any(self.get(field) for field in given)
			or not full_name
			or full_name in (self.company_name, self.email_id)
		):
			return
		if self.is_new() or self.has_value_changed("lead_name"):
			self.first_name, _space, self.last_name = full_name.partition(" ")

	def set_email(self) -> None:
		if self.email_id:
			self.email_id = self.email_id.strip().lower()

	def mention_namesake(self) -> None:
		"""Name another lead of the same address, if there is one that the user may read; two may be meant."""
		if not self.email_id or not self.has_value_changed("email_id") or frappe.flags.in_mail_intake:
			return
		if not frappe.has_permission("Lead", "read"):
			return
		others = {"email_id": self.email_id, "name": ["!=", self.name]}
		for name, lead_name in frappe.get_list("Lead", others, ["name", "lead_name"], as_list=True, limit=1):
			frappe.msgprint(
				_("Lead {0} ({1}) has the address {2} too.").format(
					bold(name), escaped(lead_name), escaped(self.email_id)
				),
				title=_("Known Address"),
				indicator="orange",
			)

	def on_communication_update(self, communication: Document) -> None:
		"""Let mails of people do what Frappe has them do, and automatic ones nothing."""
		if communication.communication_type != "Automated Message":
			update_parent_document_on_communication(communication)

	def tell_organization(self) -> None:
		"""Let what was made from the lead show where the person works now."""
		before = self.get_doc_before_save()
		names = ("company_name", "lead_name")
		if before and any(before.get(field) != self.get(field) for field in names):
			show_organization(self.name)

	def mark_status(self, new_status: str) -> None:
		"""Follow what became of the lead, unless it is already further."""
		if self.status not in (new_status, "Converted"):
			self.db_set("status", new_status)


@frappe.whitelist(methods=["GET", "POST"])
def make_opportunity(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""Return an opportunity from a lead; a lead may have several.

	Args:
		source_name: the lead.
		target_doc: an opportunity to fill, as document or JSON.
	"""
	require_record("Lead", source_name)
	target_doc = read_target(target_doc, "Opportunity")

	def set_party(source: Document, target: Document) -> None:
		target.opportunity_from = "Lead"
		target.set_party_details()
		target.set_title()
		target.set_first_stage()

	head = {
		"doctype": "Opportunity",
		"field_map": {
			"name": "party_name",
			"lead_owner": "opportunity_owner",
			"email_id": "contact_email",
			"mobile_no": "contact_mobile",
		},
		"field_no_map": ["status"],
	}
	return get_mapped_doc("Lead", source_name, {"Lead": head}, target_doc, set_party)


@frappe.whitelist(methods=["GET", "POST"])
def make_customer(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""Return a customer from a lead.

	Args:
		source_name: the lead.
		target_doc: a customer to fill, as document or JSON.

	Raises:
		CustomerExists: the lead already became one.
	"""
	require_record("Lead", source_name)
	target_doc = read_target(target_doc, "Customer")
	refuse_second_customer(source_name)

	def set_name(source: Document, target: Document) -> None:
		target.customer_type = "Company" if source.company_name else "Individual"
		target.customer_name = source.company_name or source.lead_name

	head = {
		"doctype": "Customer",
		"field_map": {"name": "lead_name", "lead_owner": "account_manager"},
		"field_no_map": ["status", "email_id", "mobile_no"],
	}
	return get_mapped_doc("Lead", source_name, {"Lead": head}, target_doc, set_name)


def refuse_second_customer(lead: str) -> None:
	"""Refuse to make a second customer of a lead.

	Raises:
		CustomerExists
	"""
	if customer := frappe.db.get_value("Customer", {"lead_name": lead}):
		seen = frappe.has_permission("Customer", "read", customer)
		text = _("Lead {0} is already customer {1}.") if seen else _("Lead {0} is already a customer.")
		frappe.throw(
			text.format(escaped(lead), bold(customer)),
			CustomerExists,
			title=_("Customer Exists"),
		)


def on_doctype_update() -> None:
	"""Let lists begin with what was entered last."""
	index_creation("Lead")
