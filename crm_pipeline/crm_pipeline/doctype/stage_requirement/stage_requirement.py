from crm_pipeline.utils.guarded_document import GuardedRow


class StageRequirement(GuardedRow):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		days: DF.Int
		fieldname: DF.Autocomplete | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		requirement: DF.Literal["Field", "Item", "Contact within Days", "Supplier Quotation"]
		sales_stage: DF.Link
	# end: auto-generated types
	pass
