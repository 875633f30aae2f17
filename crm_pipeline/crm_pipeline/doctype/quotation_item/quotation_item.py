from crm_pipeline.permissions.child_row import ChildRow
from crm_pipeline.quoting.discounted import Discounted


class QuotationItem(Discounted, ChildRow):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		base_amount: DF.Currency
		base_cost: DF.Currency
		base_cost_rate: DF.Currency
		base_net_amount: DF.Currency
		base_net_rate: DF.Currency
		base_rate: DF.Currency
		cost_rate: DF.Currency
		description: DF.TextEditor | None
		discount_amount: DF.Currency
		discount_percentage: DF.Percent
		item_code: DF.Link | None
		item_name: DF.Data | None
		margin_percentage: DF.Percent
		net_amount: DF.Currency
		net_rate: DF.Currency
		opportunity: DF.Link | None
		opportunity_item: DF.Data | None
		ordered: DF.Check
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		price_list_rate: DF.Currency
		qty: DF.Float
		rate: DF.Currency
		supplier_quotation: DF.Link | None
		supplier_quotation_item: DF.Data | None
		uom: DF.Data | None
	# end: auto-generated types

	percentage_field = "discount_percentage"
