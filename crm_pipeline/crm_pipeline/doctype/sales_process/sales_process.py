import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.exceptions import (
	DefaultProcessMissing,
	ProbabilityOutOfRange,
	SalesProcessIncomplete,
	StageRequirementInvalid,
)
from crm_pipeline.rules import requirements
from crm_pipeline.rules.stages import FIXED_PROBABILITY, LOST_STAGE, OPEN_STAGE, WON_STAGE
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.named_document import NamedDocument
from crm_pipeline.utils.single_default import unset_other_defaults


class SalesProcess(NamedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from crm_pipeline.crm_pipeline.doctype.sales_process_stage.sales_process_stage import (
			SalesProcessStage,
		)
		from crm_pipeline.crm_pipeline.doctype.stage_requirement.stage_requirement import StageRequirement

		disabled: DF.Check
		is_default: DF.Check
		process_name: DF.Data
		requirements: DF.Table[StageRequirement]
		stages: DF.Table[SalesProcessStage]
	# end: auto-generated types
	name_fields = ("process_name",)

	def validate(self) -> None:
		self.keep_a_default()
		self.set_stage_types()
		self.validate_stages()
		self.set_fixed_probabilities()
		self.validate_requirements()

	def on_update(self) -> None:
		unset_other_defaults(self)

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		super().before_rename(old, new, merge)
		if merge and self.is_default:
			self._refuse_to_end_default()

	def on_trash(self) -> None:
		if self.is_default:
			self._refuse_to_end_default()

	def keep_a_default(self) -> None:
		"""Keep a process for new opportunities to start in: another takes over the default, it is not just ended."""
		before = self.get_doc_before_save()
		if before and before.is_default and (self.disabled or not self.is_default):
			self._refuse_to_end_default()

	def _refuse_to_end_default(self) -> None:
		frappe.throw(
			_("Make another sales process the default first; then {0} no longer is.").format(bold(self.name)),
			DefaultProcessMissing,
			title=_("Default Process Missing"),
		)

	def set_stage_types(self) -> None:
		for row in self.stages:
			# Not from the cache, which would keep a change of type that is refused in a moment.
			row.stage_type = frappe.db.get_value("Sales Stage", row.sales_stage, "stage_type")

	def validate_stages(self) -> None:
		"""Refuse a process that cannot be entered, won and lost, or names a stage twice."""
		names = [row.sales_stage for row in self.stages]
		types = {row.stage_type for row in self.stages}
		if len(names) != len(set(names)) or not types >= {OPEN_STAGE, WON_STAGE, LOST_STAGE}:
			frappe.throw(
				_(
					"{0}: a sales process has at least one open, one won and one lost stage, and each stage once."
				).format(bold(self.name or self.process_name)),
				SalesProcessIncomplete,
				title=_("Sales Process Incomplete"),
			)

	def set_fixed_probabilities(self) -> None:
		for row in self.stages:
			row.probability = FIXED_PROBABILITY.get(row.stage_type, row.probability or 0)
			if not 0 <= row.probability <= 100:
				frappe.throw(
					_("Row {0}: probability must be between 0 and 100 percent.").format(row.idx),
					ProbabilityOutOfRange,
					title=_("Probability Out of Range"),
				)

	def validate_requirements(self) -> None:
		"""Each requirement is for a stage of the process and says which field or how many days it means."""
		stages = {row.sales_stage for row in self.stages}
		fields = {df.fieldname for df in frappe.get_meta("Opportunity").fields}
		for row in self.requirements:
			if row.requirement != requirements.FIELD:
				row.fieldname = None
			if row.requirement != requirements.CONTACT:
				row.days = 0
			if row.sales_stage not in stages:
				self._refuse_requirement(
					row, _("{0} is not a stage of this process.").format(bold(row.sales_stage))
				)
			if row.requirement == requirements.FIELD and row.fieldname not in fields:
				self._refuse_requirement(row, _("Choose a field of the opportunity."))
			if row.requirement == requirements.CONTACT and not row.days:
				self._refuse_requirement(row, _("Enter the number of days."))

	def _refuse_requirement(self, row: Document, why: str) -> None:
		frappe.throw(
			_("Requirement {0}: {1}").format(row.idx, why),
			StageRequirementInvalid,
			title=_("Requirement Not Possible"),
		)

	def merge_rows_of(self, stage: str) -> None:
		"""Leave the first row of a stage that is named more than once, and each of its requirements once."""
		rows = [row for row in self.stages if row.sales_stage == stage]
		self.set("stages", [row for row in self.stages if row not in rows[1:]])
		once = {(row.sales_stage, row.requirement, row.fieldname, row.days): row for row in self.requirements}
		self.set("requirements", list(once.values()))

	def save_as_consequence(self) -> None:
		"""Save what follows from a change of a stage, which was allowed."""
		# The change of the stage was allowed.
		self.flags.update(ignore_permissions=True, ignore_links=True, ignore_mandatory=True)
		self.save()
