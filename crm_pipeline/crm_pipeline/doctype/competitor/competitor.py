from crm_pipeline.utils.named_document import NamedDocument


class Competitor(NamedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		competitor_name: DF.Data
		description: DF.SmallText | None
		website: DF.Data | None
	# end: auto-generated types
	name_fields = ("competitor_name",)
