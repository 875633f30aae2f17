import frappe
from frappe import _

from crm_pipeline.controllers.workflows import follow_renamed_stage
from crm_pipeline.exceptions import StageTypeInUse
from crm_pipeline.utils.locking import ConcurrentDocument


class SalesStage(ConcurrentDocument):
	def validate(self):
		self.refuse_type_change_in_use()

	def after_rename(self, old: str, new: str, merge: bool = False):
		follow_renamed_stage(old, new)

	def refuse_type_change_in_use(self):
		"""What a stage means is fixed while opportunities stand in it; its name is free."""
		if self.is_new() or not self.has_value_changed("stage_type"):
			return
		if frappe.db.exists("Opportunity", {"sales_stage": self.name}):
			frappe.throw(
				_("Opportunities stand in {0}. Move them to another stage before changing its type.").format(
					self.name
				),
				StageTypeInUse,
				title=_("Stage in Use"),
			)
