"""What quotations to customers and from suppliers have in common."""

from typing import ClassVar

import frappe
from frappe import _
from frappe.utils import flt, getdate

from crm_pipeline.controllers.parties import set_contact_details
from crm_pipeline.controllers.priced_document import PricedDocument
from crm_pipeline.exceptions import ValidityBeforeDate
from crm_pipeline.permissions.visibility import refuse_read_only_opportunities


class QuotingDocument(PricedDocument):
	"""A submittable price, asked for or given."""

	open_status = "Submitted"
	linked_rows: ClassVar = {"opportunity_item": ("Opportunity Item", "opportunity")}

	def validate(self):
		refuse_read_only_opportunities(self)
		self.set_party_name()
		set_contact_details(self, *self.party())
		self.validate_validity()
		self.set_amounts()
		self.set_status()

	def restore_system_fields(self):
		"""Of a submitted one that stays so, Frappe and `keep_outcome` refuse what is not a client's."""
		before = self.get_doc_before_save()
		if not (before and before.docstatus == 1 == self.docstatus):
			super().restore_system_fields()

	def before_cancel(self):
		self.status = "Cancelled"

	def validate_validity(self):
		if self.valid_till and getdate(self.valid_till) < getdate(self.transaction_date):
			frappe.throw(
				_("Valid Till must not lie before the date of the quotation."),
				ValidityBeforeDate,
				title=_("Validity before Date"),
			)

	def set_totals(self):
		super().set_totals()
		self.total_qty = sum(flt(row.qty) for row in self.items)

	def set_status(self):
		self.status = self.open_status if self.docstatus == 1 else "Draft"
