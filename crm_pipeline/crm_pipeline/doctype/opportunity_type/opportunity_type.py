from crm_pipeline.utils.named_document import NamedDocument


class OpportunityType(NamedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		description: DF.SmallText | None
		type_name: DF.Data
	# end: auto-generated types
	name_fields = ("type_name",)
