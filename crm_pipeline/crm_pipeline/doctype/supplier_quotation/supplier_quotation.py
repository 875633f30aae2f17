import frappe
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc

from crm_pipeline.crm_pipeline.doctype.supplier_quotation import request
from crm_pipeline.parties.contact_details import party_display_name
from crm_pipeline.permissions.field_levels import hidden_fields
from crm_pipeline.quoting.first_prices import refuse_declined, set_prices
from crm_pipeline.quoting.quoting_document import QuotingDocument
from crm_pipeline.quoting.supplier_rates import read_margin
from crm_pipeline.quoting.supplier_rows import refuse_hidden_rates
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.indexes import index_creation
from crm_pipeline.utils.mapping_target import read_target

HEAD_OF_ITS_OWN = (
	"title",
	"status",
	"contact_person",
	"contact_email",
	"contact_mobile",
	"currency",
	"conversion_rate",
	"inverse_rate",
	"total",
	"net_total",
	"base_net_total",
	"terms",
)  # which a quotation to a customer settles by itself: what a supplier asks is no business of theirs
PRICES_OF_ROWS = ("rate", "amount", "base_rate", "base_amount")


class SupplierQuotation(request.RateRequest, QuotingDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from crm_pipeline.crm_pipeline.doctype.supplier_quotation_item.supplier_quotation_item import (
			SupplierQuotationItem,
		)

		amended_from: DF.Link | None
		amounts_before: DF.LongText | None
		answer_by: DF.Date | None
		answered_on: DF.Datetime | None
		base_currency: DF.Link | None
		base_net_total: DF.Currency
		contact_email: DF.Data | None
		contact_mobile: DF.Data | None
		contact_person: DF.Link | None
		conversion_rate: DF.Float
		currency: DF.Link
		decline_reason: DF.SmallText | None
		inverse_rate: DF.Float
		items: DF.Table[SupplierQuotationItem]
		naming_series: DF.Literal["PUR-SQTN-.YYYY.-"]
		net_total: DF.Currency
		opened_on: DF.Datetime | None
		opportunity: DF.Link | None
		request_reminded_for: DF.Date | None
		request_status: DF.Literal["", "Asked", "Opened", "Answered", "Declined", "Late"]
		requested_on: DF.Datetime | None
		status: DF.Literal["Draft", "Submitted", "Expired", "Cancelled"]
		supplier: DF.Link
		supplier_name: DF.Data | None
		supplier_note: DF.SmallText | None
		terms: DF.TextEditor | None
		title: DF.Data | None
		total: DF.Currency
		total_qty: DF.Float
		transaction_date: DF.Date
		valid_till: DF.Date | None

	# end: auto-generated types
	system_fields = request.FIELDS

	def settle_fields(self) -> None:
		self.restart_for_new_supplier()
		super().settle_fields()
		self.set_request_status()

	def set_party_name(self) -> None:
		self.supplier_name = party_display_name("Supplier", self.supplier)
		self.title = self.supplier_name

	def party(self) -> tuple[str, str]:
		return "Supplier", self.supplier


@frappe.whitelist(methods=["GET", "POST"])
def make_quotation(
	source_name: str, target_doc: str | Document | None = None, margin: dict | str | None = None
) -> Document:
	"""Return a quotation to the customer from what a supplier offered.

	The party and the currency are the opportunity's, where the supplier quotation has one. The rates are cost plus the
	margin asked for; without one, those of the opportunity's rows, else of the items, else still to enter.

	Args:
		source_name: the supplier quotation.
		target_doc: a quotation to add to, as document or JSON.
		margin: `{"percentage": 20}`, of the price, or `{"amount": 500}`, for all rows, in the quotation's currency.

	Raises:
		MarginImpossible, SupplierRateMissing, PicksUnfit
	"""
	refuse_declined(require_record("Supplier Quotation", source_name))
	target_doc = read_target(target_doc, "Quotation")
	asked = read_margin(margin)
	if asked:
		refuse_hidden_rates()

	def set_customer(source: Document, target: Document) -> None:
		if not target_doc:
			target.currency = None  # else it has the site's, whatever the party's is
		copy_party(source.opportunity, target)
		target.set_currency()
		target.set_conversion_rate()
		set_prices(source, target, asked)
		target.run_method("set_amounts")

	head = {
		"doctype": "Quotation",
		"field_no_map": [
			*HEAD_OF_ITS_OWN,
			*hidden_fields("Supplier Quotation"),
		],
	}
	rows = {
		"doctype": "Quotation Item",
		"field_map": {"parent": "supplier_quotation", "name": "supplier_quotation_item"},
		"field_no_map": sorted(
			{*PRICES_OF_ROWS, *hidden_fields("Supplier Quotation Item", "Supplier Quotation")}
		),
	}
	return get_mapped_doc(
		"Supplier Quotation",
		source_name,
		{"Supplier Quotation": head, "Supplier Quotation Item": rows},
		target_doc,
		set_customer,
	)


def copy_party(opportunity: str | None, quotation: Document) -> None:
	"""Address a quotation to the party and contact of an opportunity, if the user sees that."""
	if not opportunity or not frappe.has_permission("Opportunity", "read", opportunity):
		return
	source = frappe.get_doc("Opportunity", opportunity)
	if source.party_name:
		quotation.quotation_to, quotation.party_name = source.opportunity_from, source.party_name
	for field in ("customer_name", "contact_person", "contact_email", "contact_mobile", "territory"):
		quotation.set(field, source.get(field))
	quotation.currency = quotation.currency or source.currency


def on_doctype_update() -> None:
	"""Let lists begin with what was entered last."""
	index_creation("Supplier Quotation")
