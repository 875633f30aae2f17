import frappe
from frappe import _

from crm_pipeline.controllers.input_checks import refuse_impossible_values
from crm_pipeline.exceptions import (
	DefaultProcessMissing,
	ProbabilityOutOfRange,
	SalesProcessIncomplete,
	StageRequirementInvalid,
)
from crm_pipeline.rules import requirements
from crm_pipeline.rules.stages import FIXED_PROBABILITY, LOST_STAGE, OPEN_STAGE, WON_STAGE
from crm_pipeline.utils.locking import ConcurrentDocument


class SalesProcess(ConcurrentDocument):
	def before_validate(self):
		refuse_impossible_values(self)

	def validate(self):
		self.keep_a_default()
		self.set_stage_types()
		self.validate_stages()
		self.set_fixed_probabilities()
		self.validate_requirements()

	def on_update(self):
		self.be_the_only_default()

	def keep_a_default(self):
		"""New opportunities need a process to start in: another takes over the default, it is not just ended."""
		before = self.get_doc_before_save()
		if before and before.is_default and (self.disabled or not self.is_default):
			frappe.throw(
				_("Make another sales process the default first; then {0} no longer is.").format(self.name),
				DefaultProcessMissing,
				title=_("Default Process Missing"),
			)

	def set_stage_types(self):
		for row in self.stages:
			row.stage_type = frappe.get_cached_value("Sales Stage", row.sales_stage, "stage_type")

	def validate_stages(self):
		"""Every process can be entered, won and lost, and names each stage once."""
		names = [row.sales_stage for row in self.stages]
		types = {row.stage_type for row in self.stages}
		if len(names) != len(set(names)) or not types >= {OPEN_STAGE, WON_STAGE, LOST_STAGE}:
			frappe.throw(
				_("A sales process has at least one open, one won and one lost stage, and each stage once."),
				SalesProcessIncomplete,
				title=_("Sales Process Incomplete"),
			)

	def set_fixed_probabilities(self):
		for row in self.stages:
			row.probability = FIXED_PROBABILITY.get(row.stage_type, row.probability or 0)
			if not 0 <= row.probability <= 100:
				frappe.throw(
					_("Row {0}: probability must be between 0 and 100 percent.").format(row.idx),
					ProbabilityOutOfRange,
					title=_("Probability Out of Range"),
				)

	def validate_requirements(self):
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
					row, _("{0} is not a stage of this process.").format(row.sales_stage)
				)
			if row.requirement == requirements.FIELD and row.fieldname not in fields:
				self._refuse_requirement(row, _("Choose a field of the opportunity."))
			if row.requirement == requirements.CONTACT and not row.days:
				self._refuse_requirement(row, _("Enter the number of days."))

	def _refuse_requirement(self, row, why: str):
		frappe.throw(
			_("Requirement {0}: {1}").format(row.idx, why),
			StageRequirementInvalid,
			title=_("Requirement Not Possible"),
		)

	def be_the_only_default(self):
		if self.is_default:
			frappe.db.set_value(
				"Sales Process",
				{"name": ["!=", self.name], "is_default": 1},
				"is_default",
				0,
				update_modified=False,
			)
