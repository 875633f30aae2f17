"""What mails and calls on a quotation do: they move its opportunities as those on them do, and it is answered."""

from collections.abc import Collection

import frappe
from frappe.model.document import Document
from frappe.utils import today

from crm_pipeline.quoting.quotations import (
	hold_opportunities,
	opportunities_of,
	refresh_opportunity,
	state_on,
)
from crm_pipeline.quoting.quoting_document import QuotingDocument
from crm_pipeline.rules import quotation_status
from crm_pipeline.rules.conversation import Contact
from crm_pipeline.utils.guarded_document import act_as_software


class Conversation(QuotingDocument):
	def followers(self) -> list[str]:
		"""Return the names of the opportunities that mails on it move."""
		return opportunities_of(self)

	def follow_contact(self, contact: Contact, barely: bool = False, heard: Collection[str] = ()) -> None:
		"""Let a mail or call move the opportunities, whoever may write them, and say that the customer has answered.

		Args:
			barely: write only what follows for the opportunities, where one cannot be saved today.
			heard: the opportunities that it has moved already.
		"""
		hold_opportunities(self)
		for name in self.followers():
			if name not in heard:
				opportunity = frappe.get_doc("Opportunity", name, for_update=True)
				act_as_software(opportunity).follow_contact(contact, barely)
		if not barely:
			self.follow_answer(contact)

	def save_followers(self, contact: Contact) -> None:
		"""Do what a mail or call that was followed barely has left to do."""
		hold_opportunities(self)
		for name in self.followers():
			refresh_opportunity(name)
		self.follow_answer(contact)

	def follow_answer(self, contact: Contact) -> None:
		"""Say that the customer has answered, unless more is known of the quotation by now."""
		if not contact.is_mail or contact.from_us:
			return
		stored = frappe.get_doc("Quotation", self.name, for_update=True)
		if stored.docstatus == 1 and state_on(stored, today()) == quotation_status.OPEN:
			stored.set_outcome(quotation_status.REPLIED)

	def on_communication_update(self, communication: Document) -> None:
		"""Keep Frappe from opening a replied quotation again for a mail; `mail.judging` decides what mails do."""
