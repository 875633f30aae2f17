from crm_pipeline.controllers.input_checks import refuse_impossible_values
from crm_pipeline.utils.locking import ConcurrentDocument


class Item(ConcurrentDocument):
	def before_validate(self):
		refuse_impossible_values(self)

	def validate(self):
		self.item_name = self.item_name or self.item_code
