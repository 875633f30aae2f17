from typing import ClassVar

import frappe
from frappe import _
from frappe.contacts.doctype.address.address import get_address_display
from frappe.model.document import Document

from crm_pipeline.crm_pipeline.doctype.quotation.charges import Charges
from crm_pipeline.crm_pipeline.doctype.quotation.conversation import Conversation
from crm_pipeline.crm_pipeline.doctype.quotation.defaults import Defaults
from crm_pipeline.crm_pipeline.doctype.quotation.outcome import OUTCOME, Outcome
from crm_pipeline.crm_pipeline.doctype.quotation.printing import Printing
from crm_pipeline.crm_pipeline.doctype.quotation.revision import (  # noqa: F401 (its public address)
	Revision,
	make_revision,
)
from crm_pipeline.crm_pipeline.doctype.quotation.totals import Totals
from crm_pipeline.exceptions import PartyUnlike
from crm_pipeline.parties.contact_details import party_display_name
from crm_pipeline.parties.facts import party_facts
from crm_pipeline.parties.related_documents import parties_of, party_of_opportunity
from crm_pipeline.parties.titles import title_of
from crm_pipeline.quoting.margin_fields import HEAD_MARGINS
from crm_pipeline.quoting.margin_floor import PASSED, MarginFloor
from crm_pipeline.quoting.quotation_warnings import show_warnings
from crm_pipeline.quoting.quotations import hold_opportunities, refresh_opportunities
from crm_pipeline.quoting.quoting_document import QuotingDocument
from crm_pipeline.quoting.revisions import settle_revisions
from crm_pipeline.quoting.rights import refuse_to_move_others
from crm_pipeline.rules import quotation_status
from crm_pipeline.utils.indexes import index_creation
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.sent_links import may_read
from crm_pipeline.utils.settled_document import Snapshot


class Quotation(
	Outcome, Conversation, Revision, Defaults, MarginFloor, Charges, Totals, Printing, QuotingDocument
):
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
		base_cost: DF.Currency
		base_currency: DF.Link | None
		base_discount_amount: DF.Currency
		base_grand_total: DF.Currency
		base_margin: DF.Currency
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
		margin_passed_by: DF.Link | None
		margin_passed_on: DF.Datetime | None
		margin_percentage: DF.Percent
		naming_series: DF.Literal["SAL-QTN-.YYYY.-"]
		net_total: DF.Currency
		opportunity: DF.Link | None
		order_lost_reason: DF.SmallText | None
		ordered_on: DF.Date | None
		party_name: DF.DynamicLink
		passed_margin: DF.Percent
		quotation_to: DF.Link
		replaced_by: DF.Data | None
		replaces: DF.Link | None
		status: DF.Literal[
			"Draft", "Open", "Replied", "Partially Ordered", "Ordered", "Lost", "Expired", "Cancelled"
		]
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
	open_status = quotation_status.OPEN
	system_fields = (*OUTCOME, *PASSED, "replaced_by")
	fields_by_saving = (*Totals.fields_by_saving, "ordered_on", "replaces", "replaced_by", *HEAD_MARGINS)
	linked_rows: ClassVar = {
		**QuotingDocument.linked_rows,
		"supplier_quotation_item": ("Supplier Quotation Item", "supplier_quotation"),
	}

	def hold_related(self) -> None:
		if self.docstatus:
			hold_opportunities(self)

	def before_insert(self) -> None:
		super().before_insert()
		self.set_defaults()

	def settle_fields(self) -> None:
		self.refuse_other_party()
		self.settle_replaces()
		self.check_quantities()
		self.clear_ordered_rows()
		self.set_charges()  # before the amounts, which they are part of
		super().settle_fields()
		self.fill_list_prices()
		self.set_address()
		self.set_address_display()
		self.set_margins()
		self.check_margin_floor()

	def before_submit(self) -> None:
		self.refuse_to_move_others()
		self.require_a_price()
		show_warnings(self)

	def on_submit(self) -> None:
		self.mention_pass_on_submit()
		settle_revisions(self)
		refresh_opportunities(self)

	def before_cancel(self) -> None:
		self.refuse_to_move_others()
		super().before_cancel()
		self.ignore_revision_links()

	def on_cancel(self) -> None:
		settle_revisions(self)
		refresh_opportunities(self)

	def before_update_after_submit(self) -> None:
		super().before_update_after_submit()
		if self.has_value_changed("valid_till"):  # where a site lets people change it
			self.refuse_to_move_others()
		self.keep_outcome()

	def on_update_after_submit(self) -> None:
		if not self.became_replied():  # which changes nothing for opportunities
			refresh_opportunities(self)

	def refuse_to_move_others(self) -> None:
		"""Refuse people what changes opportunities that they may not; the software is not asked.

		Raises:
			QuotationOfOthers
		"""
		if not (self.flags.by_software or self.flags.ignore_permissions):
			refuse_to_move_others(self)

	def set_party_name(self) -> None:
		party = party_facts(self.quotation_to, self.party_name)
		self.customer_name, self.company_name = party.name, party.organization
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
		if (
			party_type
			and party
			and self.party_name not in parties_of(party_type, party).get(self.quotation_to, ())
		):
			frappe.throw(
				_("{0} is an opportunity of {1}. Quote to that party, or leave the opportunity out.").format(
					escaped(self.opportunity), bold(party_display_name(party_type, party))
				),
				PartyUnlike,
				title=_("Other Party"),
			)

	def is_known_link(self, row: Document, field: str) -> bool:
		"""Return whether a row names the offer that a row of a quotation does which the user reads.

		Copies and amendments by who may not read suppliers' quotations keep what they were made from.
		"""
		if field != "supplier_quotation" or not row.supplier_quotation_item:
			return False
		names = {each: row.get(each) for each in ("supplier_quotation", "supplier_quotation_item")}
		filters = {**names, "parenttype": "Quotation"}
		parents = frappe.get_all("Quotation Item", filters, pluck="parent", distinct=True)
		return any(may_read("Quotation", parent) for parent in parents)

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
		self.set_margins_at_fixed_cost()


def on_doctype_update() -> None:
	"""Let lists begin with what was entered last."""
	index_creation("Quotation")
