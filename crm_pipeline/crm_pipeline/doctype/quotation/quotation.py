from typing import ClassVar

import frappe
from frappe import _
from frappe.contacts.doctype.address.address import get_address_display
from frappe.model.document import Document
from frappe.utils import getdate, today

from crm_pipeline.crm_pipeline.doctype.quotation.charges import Charges
from crm_pipeline.crm_pipeline.doctype.quotation.printing import Printing
from crm_pipeline.crm_pipeline.doctype.quotation.totals import Totals
from crm_pipeline.exceptions import LostReasonsMissing, OrderedOutOfTime, PartyUnlike, QuotationNotOpen
from crm_pipeline.parties.contact_details import party_display_name
from crm_pipeline.parties.organization import organization_of
from crm_pipeline.parties.related_documents import parties_of, party_of_opportunity
from crm_pipeline.parties.titles import title_of
from crm_pipeline.quoting.notifications import notify_of_order
from crm_pipeline.quoting.quotations import opportunities_of, refresh_opportunities
from crm_pipeline.quoting.quoting_document import QuotingDocument
from crm_pipeline.quoting.rights import refuse_to_move_others
from crm_pipeline.utils.expected_state import require_state
from crm_pipeline.utils.guarded_document import act_as_software
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.sent_values import rows_from
from crm_pipeline.utils.settled_document import Snapshot
from crm_pipeline.utils.stored_record import stored_record_method
from crm_pipeline.utils.validation import read_date

OUTCOME = ("ordered_on", "lost_reasons", "competitors", "order_lost_reason")


class Quotation(Charges, Totals, Printing, QuotingDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from crm_pipeline.crm_pipeline.doctype.competitor_detail.competitor_detail import CompetitorDetail
		from crm_pipeline.crm_pipeline.doctype.lost_reason_detail.lost_reason_detail import LostReasonDetail
		from crm_pipeline.crm_pipeline.doctype.quotation_item.quotation_item import QuotationItem
		from crm_pipeline.crm_pipeline.doctype.sales_taxes_and_charges.sales_taxes_and_charges import (
			SalesTaxesandCharges,
		)

		additional_discount_percentage: DF.Percent
		address_display: DF.Text | None
		amended_from: DF.Link | None
		amounts_before: DF.LongText | None
		base_currency: DF.Link | None
		base_discount_amount: DF.Currency
		base_grand_total: DF.Currency
		base_net_total: DF.Currency
		base_total: DF.Currency
		base_total_taxes_and_charges: DF.Currency
		company_name: DF.Data | None
		competitors: DF.TableMultiSelect[CompetitorDetail]
		contact_email: DF.Data | None
		contact_mobile: DF.Data | None
		contact_person: DF.Link | None
		conversion_rate: DF.Float
		currency: DF.Link
		customer_address: DF.Link | None
		customer_name: DF.Data | None
		discount_amount: DF.Currency
		grand_total: DF.Currency
		inverse_rate: DF.Float
		items: DF.Table[QuotationItem]
		lost_reasons: DF.TableMultiSelect[LostReasonDetail]
		naming_series: DF.Literal["SAL-QTN-.YYYY.-"]
		net_total: DF.Currency
		opportunity: DF.Link | None
		order_lost_reason: DF.SmallText | None
		ordered_on: DF.Date | None
		party_name: DF.DynamicLink
		quotation_to: DF.Link
		status: DF.Literal["Draft", "Open", "Ordered", "Lost", "Expired", "Cancelled"]
		taxes: DF.Table[SalesTaxesandCharges]
		taxes_and_charges: DF.Link | None
		terms: DF.TextEditor | None
		territory: DF.Data | None
		title: DF.Data | None
		total: DF.Currency
		total_qty: DF.Float
		total_taxes_and_charges: DF.Currency
		transaction_date: DF.Date
		valid_till: DF.Date | None
	# end: auto-generated types
	open_status = "Open"
	system_fields = OUTCOME
	fields_by_saving = (*Totals.fields_by_saving, "ordered_on")
	linked_rows: ClassVar = {
		**QuotingDocument.linked_rows,
		"supplier_quotation_item": ("Supplier Quotation Item", "supplier_quotation"),
	}

	def settle_fields(self) -> None:
		self.refuse_other_party()
		self.check_quantities()
		self.set_charges()  # before the amounts, which they are part of
		super().settle_fields()
		self.fill_list_prices()
		self.set_address_display()

	def before_submit(self) -> None:
		self.refuse_to_move_others()
		self.require_a_price()

	def on_submit(self) -> None:
		refresh_opportunities(self)

	def before_cancel(self) -> None:
		self.refuse_to_move_others()
		super().before_cancel()

	def on_cancel(self) -> None:
		refresh_opportunities(self)

	def before_update_after_submit(self) -> None:
		super().before_update_after_submit()
		if self.has_value_changed("valid_till"):  # where a site lets people change it
			self.refuse_to_move_others()
		self.keep_outcome()

	def on_update_after_submit(self) -> None:
		refresh_opportunities(self)

	def refuse_to_move_others(self) -> None:
		"""Refuse people what changes opportunities that they may not; the software is not asked.

		Raises:
			QuotationOfOthers
		"""
		if not (self.flags.by_software or self.flags.ignore_permissions):
			refuse_to_move_others(self)

	def set_party_name(self) -> None:
		self.customer_name = party_display_name(self.quotation_to, self.party_name)
		self.company_name = organization_of(self.quotation_to, self.party_name)
		self.title = title_of(self.customer_name, self.company_name)

	def party(self) -> tuple[str, str]:
		return self.quotation_to, self.party_name

	def refuse_other_party(self) -> None:
		"""Refuse a party that is neither the opportunity's nor the customer that its lead became.

		Raises:
			PartyUnlike
		"""
		fields = ("opportunity", "quotation_to", "party_name")
		changed = self.is_new() or any(self.has_value_changed(field) for field in fields)
		if not self.opportunity or not changed:
			return
		party_type, party = party_of_opportunity(self.opportunity)
		if party and self.party_name not in parties_of(party_type, party).get(self.quotation_to, ()):
			frappe.throw(
				_("{0} is an opportunity of {1}. Quote to that party, or leave the opportunity out.").format(
					escaped(self.opportunity), bold(party_display_name(party_type, party))
				),
				PartyUnlike,
				title=_("Other Party"),
			)

	def set_address_display(self) -> None:
		address = self.customer_address
		self.address_display = (
			get_address_display(frappe.get_doc("Address", address).as_dict()) if address else None
		)

	def settle_submitted(self, settled: Snapshot) -> None:
		"""Forget, where the software acts, what another app made of the outcome meanwhile, and people are refused it."""
		if self.flags.by_software:
			settled.restore(self, settled.differences_from(self).intersection({"status", *OUTCOME}))
		self.keep_outcome()
		super().settle_submitted(settled)

	def keep_outcome(self) -> None:
		"""Refuse to order or lose a submitted quotation by a bare update."""
		before = self.get_doc_before_save()
		if self.flags.by_software or self.outcome() == before.outcome():
			return
		frappe.throw(
			_("Use Mark as Ordered or Declare Lost to change the outcome of {0}.").format(self.name),
			QuotationNotOpen,
			title=_("Status Change Not Possible"),
		)

	def outcome(self) -> tuple:
		"""Return what the methods below decide after submission."""
		reasons = [row.lost_reason for row in self.lost_reasons]
		competitors = [row.competitor for row in self.competitors]
		return self.status, self.ordered_on, reasons, competitors, self.order_lost_reason or ""

	@stored_record_method(permission="submit")
	def mark_ordered(self, ordered_on: str | None = None, from_status: str | None = None) -> Document:
		"""Return the customer accepted: the quotation is ordered and its opportunities are won.

		One that was closed by hand stays closed, and its owner is told.

		Args:
			ordered_on: day (YYYY-MM-DD), today if left out.
			from_status: the status that it is to start from; refused if it is another by now.

		Raises:
			StateGone, QuotationNotOpen, QuotationOfOthers, ImpossibleDate, OrderedOutOfTime
		"""
		require_state(self, status=from_status)
		self.require_open()
		self.refuse_to_move_others()
		self.ordered_on = read_date(ordered_on or today(), "Date", _("Ordered On"))
		now = getdate(today())
		if not min(getdate(self.transaction_date), now) <= self.ordered_on <= now:
			frappe.throw(
				_("Ordered On must lie between the date of the quotation and today."),
				OrderedOutOfTime,
				title=_("Ordered out of Time"),
			)
		self.set_outcome("Ordered")
		notify_of_order(self.name, opportunities_of(self))
		return self

	@stored_record_method(permission="submit")
	def declare_lost(
		self,
		lost_reasons: list | str,
		competitors: list | str | None = None,
		detailed_reason: str | None = None,
		from_status: str | None = None,
	) -> Document:
		"""Return the customer declined. Opportunities all of whose quotations are lost are lost, for these reasons.

		Args:
			lost_reasons: names of Lost Reason records, at least one.
			competitors: names of Competitor records.
			detailed_reason: free text.
			from_status: the status that it is to start from; refused if it is another by now.

		Raises:
			StateGone, QuotationNotOpen, QuotationOfOthers, LostReasonsMissing
		"""
		require_state(self, status=from_status)
		self.require_open()
		self.refuse_to_move_others()
		self.set("lost_reasons", rows_from(lost_reasons, "lost_reason"))
		self.set("competitors", rows_from(competitors, "competitor"))
		self.order_lost_reason = detailed_reason
		if not self.lost_reasons:
			frappe.throw(
				_("Choose at least one reason for losing the quotation."),
				LostReasonsMissing,
				title=_("Lost Reasons Missing"),
			)
		return self.set_outcome("Lost")

	def require_open(self) -> None:
		if self.docstatus != 1 or self.status not in ("Open", "Expired"):
			frappe.throw(
				_("Quotation {0} is {1}; only a submitted, open one can be ordered or lost.").format(
					self.name, bold(_(self.status, context="Quotation"))
				),
				QuotationNotOpen,
				title=_("Quotation Not Open"),
			)

	def set_outcome(self, outcome: str) -> Document:
		"""Save an outcome, which was allowed; what people must fill could not be filled any more."""
		self.require_known("lost_reasons", "lost_reason")
		self.require_known("competitors", "competitor")
		former = self.flags.copy()
		self.status = outcome
		act_as_software(self)
		try:
			return self.save()
		finally:
			self.flags = former

	def require_known(self, table: str, field: str) -> None:
		"""Refuse names that no record has, as Frappe does where it looks at links.

		Raises:
			frappe.LinkValidationError
		"""
		for row in self.get(table):
			doctype = row.meta.get_field(field).options
			if not frappe.db.exists(doctype, row.get(field)):
				frappe.throw(
					_("Could not find {0}").format(f"{_(doctype)}: {bold(row.get(field))}"),
					frappe.LinkValidationError,
				)
