from crm_pipeline.permissions.child_row import ChildRow


class SalesTaxesandCharges(ChildRow):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		base_tax_amount: DF.Currency
		base_total: DF.Currency
		charge_type: DF.Literal["On Net Total", "Actual"]
		description: DF.Data
		included_in_print_rate: DF.Check
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		rate: DF.Percent
		tax_amount: DF.Currency
		total: DF.Currency
	# end: auto-generated types
	pass
