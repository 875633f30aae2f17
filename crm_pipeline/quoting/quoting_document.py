"""What quotations to customers and from suppliers have in common."""

from datetime import date
from typing import ClassVar

import frappe
from frappe import _
from frappe.utils import flt, getdate, today

from crm_pipeline.exceptions import ValidityBeforeDate
from crm_pipeline.money.priced_document import PricedDocument
from crm_pipeline.parties.contact_details import party_field, set_contact_details
from crm_pipeline.quoting.rights import refuse_read_only_opportunities
from crm_pipeline.utils.disabled import refuse_disabled
from crm_pipeline.utils.settled_document import Snapshot
from crm_pipeline.utils.validation import refuse_impossible_values


class QuotingDocument(PricedDocument):
	"""A submittable price, asked for or given."""

	# Fields that it writes.
	transaction_date: str | date
	valid_till: str | date | None
	open_status = "Submitted"
	# What is settled anew where a site lets people change one of it after submission.
	prices: ClassVar = frozenset(("items", "total", "net_total", "base_net_total", "total_qty"))
	linked_rows: ClassVar = {"opportunity_item": ("Opportunity Item", "opportunity")}

	def before_insert(self) -> None:
		self.date_amendment()

	def settle_fields(self) -> None:
		refuse_read_only_opportunities(self)
		self.check_party()
		self.check_items()
		self.set_party_name()
		set_contact_details(self, *self.party())
		self.validate_validity()
		self.set_amounts()
		self.set_status()

	def restore_system_fields(self) -> None:
		"""Leave a submitted one that stays so to Frappe and `keep_outcome`, which refuse what is not a client's."""
		before = self.get_doc_before_save()
		if not (before and before.docstatus == 1 == self.docstatus):
			super().restore_system_fields()

	def before_update_after_submit(self) -> None:
		refuse_impossible_values(self)
		self._submitted = Snapshot(self)

	def run_before_save_methods(self) -> None:
		super().run_before_save_methods()
		if self._action == "update_after_submit" and (settled := self.__dict__.pop("_submitted", None)):
			self.settle_submitted(settled)

	def settle_submitted(self, settled: Snapshot) -> None:
		"""Prices that a site lets people change after submission still add up; Frappe refuses what it does not let."""
		if self.prices.intersection(Snapshot(self.get_doc_before_save() or self).differences_from(self)):
			self.set_row_prices()
			self.set_row_amounts()
			self.set_totals()

	def before_cancel(self) -> None:
		self.status = "Cancelled"

	def date_amendment(self) -> None:
		"""Give an amendment the dates of a new one; dates that somebody chose stay."""
		if not self.amended_from:
			return
		fields = ["transaction_date", "valid_till"]
		former = frappe.db.get_value(self.doctype, self.amended_from, fields, as_dict=True)
		if getdate(self.transaction_date) == former.transaction_date:
			self.transaction_date = today()
		past = self.valid_till and getdate(self.valid_till) < getdate(self.transaction_date)
		if past and getdate(self.valid_till) == former.valid_till:
			self.valid_till = self.meta.get_field("valid_till").default

	def check_party(self) -> None:
		"""Refuse a party that is newly named though it is disabled."""
		party_type, party = self.party()
		if self.is_new() or self.has_value_changed(party_field(self)):
			refuse_disabled(party_type, party)

	def validate_validity(self) -> None:
		if self.valid_till and getdate(self.valid_till) < getdate(self.transaction_date):
			frappe.throw(
				_("Valid Till must not lie before the date of the quotation."),
				ValidityBeforeDate,
				title=_("Validity before Date"),
			)

	def set_totals(self) -> None:
		super().set_totals()
		self.total_qty = sum(flt(row.qty) for row in self.items)

	def set_status(self) -> None:
		self.status = self.open_status if self.docstatus == 1 else "Draft"
