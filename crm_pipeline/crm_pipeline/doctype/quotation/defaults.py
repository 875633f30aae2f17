"""What a new quotation says that nobody has filled in."""

import frappe
from frappe.utils import add_days, getdate, today

from crm_pipeline.parties.addresses import default_address
from crm_pipeline.quoting.quoting_document import QuotingDocument


class Defaults(QuotingDocument):
	# Fields that it writes.
	terms: str | None
	customer_address: str | None

	def set_defaults(self) -> None:
		"""Set last valid day and terms by Selling Settings, and the party's address, each where it is empty.

		What continues another quotation without terms had its reason, too.
		"""
		settings = frappe.get_cached_doc("Selling Settings")
		if not self.valid_till and (days := settings.validity_days()):
			self.valid_till = add_days(getdate(self.transaction_date or today()), days)
		if not (self.replaces or self.amended_from):
			self.terms = self.terms or settings.default_quotation_terms
		self.customer_address = self.customer_address or default_address(self.quotation_to, self.party_name)

	def set_address(self) -> None:
		"""Let the address go along with the party, unless the same save names another."""
		before = self.get_doc_before_save()
		if not before or (before.quotation_to, before.party_name) == (self.quotation_to, self.party_name):
			return
		if self.customer_address == before.customer_address:
			self.customer_address = default_address(self.quotation_to, self.party_name)
