"""Whose an opportunity is, and what it is called after."""

import frappe
from frappe import _

from crm_pipeline.exceptions import OpportunityNameMissing, PartyTypeNotAllowed
from crm_pipeline.money.priced_document import PricedDocument
from crm_pipeline.parties.carry_over import carry_over
from crm_pipeline.parties.contact_details import set_contact_details
from crm_pipeline.parties.facts import party_facts
from crm_pipeline.utils.disabled import refuse_as_disabled
from crm_pipeline.utils.markup import bold, escaped


class Party(PricedDocument):
	# Fields that it writes.
	customer_name: str | None
	company_name: str | None
	title: str | None

	def set_party_details(self) -> None:
		if not self.party_name:
			self.customer_name = self.company_name = None
		else:
			self.validate_party_type()
			party = party_facts(self.opportunity_from, self.party_name)
			is_new = not frappe.flags.in_mail_intake and self.has_value_changed("party_name")
			if party.disabled and is_new:
				refuse_as_disabled(self.opportunity_from, self.party_name)
			self.customer_name, self.company_name = party.name, party.organization
		set_contact_details(self, self.opportunity_from, self.party_name)

	def validate_party_type(self) -> None:
		"""Refuse a party type that the settings do not have; one that left them keeps its opportunities."""
		before = self.get_doc_before_save()
		if before and before.opportunity_from == self.opportunity_from:
			return
		allowed = frappe.get_cached_doc("Selling Settings").allowed_party_types()
		if self.opportunity_from not in allowed:
			frappe.throw(
				_(
					"An opportunity may come from {0}, not from {1}. Selling Settings lists the party types."
				).format(
					", ".join(escaped(_(party_type)) for party_type in allowed),
					bold(_(self.opportunity_from)),
				),
				PartyTypeNotAllowed,
				title=_("Party Type Not Allowed"),
			)

	def set_title(self) -> None:
		"""Set the name: as typed; else, and while it was only that, the party's name or the contact's e-mail."""
		before = self.get_doc_before_save()
		if before and self.title == before.title == before.customer_name:
			self.title = self.customer_name
		self.title = self.title or self.customer_name or self.contact_email
		if not self.title:
			frappe.throw(
				_("Enter a name for the opportunity, or choose its party."),
				OpportunityNameMissing,
				title=_("Name Missing"),
			)

	def take_over_from_lead(self) -> None:
		if self.party_name and self.opportunity_from == "Lead":
			frappe.get_doc("Lead", self.party_name).mark_status("Opportunity")
			carry_over("Lead", self.party_name, self)
