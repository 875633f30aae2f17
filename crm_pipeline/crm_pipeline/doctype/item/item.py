from crm_pipeline.utils.indexes import index_creation
from crm_pipeline.utils.named_document import NamedDocument


class Item(NamedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		description: DF.TextEditor | None
		disabled: DF.Check
		item_code: DF.Data
		item_group: DF.Data | None
		item_name: DF.Data | None
		standard_rate: DF.Currency
		stock_uom: DF.Data
	# end: auto-generated types
	name_fields = ("item_code", "item_name")

	def validate(self) -> None:
		self.item_name = self.item_name or self.item_code


def on_doctype_update() -> None:
	"""Let lists begin with what was entered last."""
	index_creation("Item")
