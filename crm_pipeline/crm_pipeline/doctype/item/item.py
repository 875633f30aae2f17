from crm_pipeline.utils.named_document import NamedDocument


class Item(NamedDocument):
	name_fields = ("item_code", "item_name")

	def validate(self) -> None:
		self.item_name = self.item_name or self.item_code
