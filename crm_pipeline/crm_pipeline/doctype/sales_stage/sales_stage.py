import frappe
from frappe import _

from crm_pipeline.exceptions import StagesUnlike, StageTypeInUse
from crm_pipeline.processes.sales_processes import processes_with
from crm_pipeline.processes.workflows import follow_renamed_stage
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.named_document import NamedDocument


class SalesStage(NamedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		stage_name: DF.Data
		stage_type: DF.Literal["Open", "Won", "Lost"]
	# end: auto-generated types
	name_fields = ("stage_name",)

	def validate(self) -> None:
		self.refuse_type_change_in_use()

	def on_update(self) -> None:
		self.check_processes()

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		super().before_rename(old, new, merge)
		if merge:
			self.refuse_merging_with_unlike(new)

	def after_rename(self, old: str, new: str, merge: bool = False) -> None:
		super().after_rename(old, new, merge)
		follow_renamed_stage(old, new)
		if merge:
			self.merge_rows_of_processes()

	def refuse_type_change_in_use(self) -> None:
		"""Refuse to change what a stage means while opportunities stand in it; its name is free."""
		if self.is_new() or not self.has_value_changed("stage_type"):
			return
		if frappe.db.exists("Opportunity", {"sales_stage": self.name}):
			frappe.throw(
				_("Opportunities stand in {0}. Move them to another stage before changing its type.").format(
					bold(self.name)
				),
				StageTypeInUse,
				title=_("Stage in Use"),
			)

	def check_processes(self) -> None:
		"""Let the processes that name the stage know its new type; one that would lack a type refuses it."""
		before = self.get_doc_before_save()
		if not before or before.stage_type == self.stage_type:
			return
		for process in processes_with(self.name):
			process.save_as_consequence()

	def refuse_merging_with_unlike(self, other: str) -> None:
		"""Refuse to merge stages of different types: what stands in them would be won, lost or open in name only.

		Raises:
			StagesUnlike
		"""
		other_type = frappe.db.get_value(self.doctype, other, "stage_type")
		if other_type and other_type != self.stage_type:
			frappe.throw(
				_("{0} is of type {1} and {2} of type {3}. Only stages of one type can be merged.").format(
					bold(self.name), _(self.stage_type), bold(other), _(other_type)
				),
				StagesUnlike,
				title=_("Stages Unlike"),
			)

	def merge_rows_of_processes(self) -> None:
		"""Let a process that had both stages have this one once, where it stood."""
		for process in processes_with(self.name):
			process.merge_rows_of(self.name)
			process.save_as_consequence()
