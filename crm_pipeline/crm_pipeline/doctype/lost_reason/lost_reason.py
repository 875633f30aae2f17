from crm_pipeline.utils.named_document import NamedDocument


class LostReason(NamedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		description: DF.SmallText | None
		lost_reason: DF.Data
	# end: auto-generated types
	name_fields = ("lost_reason",)
