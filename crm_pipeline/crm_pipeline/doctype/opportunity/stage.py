"""Process, stage and probability of an opportunity."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from crm_pipeline.crm_pipeline.doctype.opportunity.requirements import (
	judged_requirements,
	requirements_of,
	unmet_requirements,
)
from crm_pipeline.exceptions import (
	NoFurtherStage,
	ProbabilityOutOfRange,
	StageNotInProcess,
	StageRequirementsMissing,
)
from crm_pipeline.history.changes import last_open_state
from crm_pipeline.money.exchange_rates import decimals_of
from crm_pipeline.money.priced_document import PricedDocument
from crm_pipeline.permissions.managing import manages_sales
from crm_pipeline.processes.sales_processes import first_stage_of_type, process_for, stages_of
from crm_pipeline.rules import money, stages, status
from crm_pipeline.rules.requirements import Requirement
from crm_pipeline.utils.customized_defaults import forget_gone_defaults
from crm_pipeline.utils.markup import bold, escaped


class Stage(PricedDocument):
	# Fields that it writes; the first two are names once they are set.
	sales_process: Any
	sales_stage: Any
	probability: float | None
	override_reason: str | None
	# Whether a person asks for the stage that this save brings.
	stage_requested: bool = False
	# Of a manager who passes requirements: what is missing, and why they may be passed, for the history.
	override: tuple[str, str] | None = None

	def set_process_and_stage(self) -> None:
		"""Set process and stage, a stage of that process: the first one for a new opportunity, that of the same name in another process."""
		before = self.get_doc_before_save()
		if not before:
			self.forget_default_of_other_process()
		if before:
			self.sales_process = self.sales_process or before.sales_process
			self.sales_stage = self.sales_stage or before.sales_stage
		self.sales_process = self.sales_process or process_for(self.sales_stage)
		process = stages_of(self.sales_process)
		if not self.sales_stage:
			self.sales_stage = first_stage_of_type(self.sales_process, stages.OPEN_STAGE).name
		if not stages.find(process, self.sales_stage):
			self.sales_stage = self._stage_instead(before, process)

	def forget_default_of_other_process(self) -> None:
		"""Forget the default that a site gives to the stage where the process does not have it."""
		default = self.meta.get_field("sales_stage").default
		if default and self.sales_process and self.sales_stage == default:
			if not stages.find(stages_of(self.sales_process), default):
				self.sales_stage = None

	def set_first_stage(self) -> None:
		"""Stage and probability of an opportunity that is still to be inserted, so that what is shown is what is saved."""
		forget_gone_defaults(self)
		self.set_process_and_stage()
		self.probability = self.present_stage().probability

	def _stage_instead(self, before: Document | None, process: list[stages.Stage]) -> str:
		"""Return the stage of an opportunity whose present one the process does not have.

		An opportunity may stay where the process was changed under it; an ended one goes to the stage of its type.
		"""
		if before and self.sales_stage == before.sales_stage:
			if self.sales_process == before.sales_process:
				return self.sales_stage
			if before.status in status.ENDED:
				return first_stage_of_type(self.sales_process, stages.type_for_status(self.status)).name
		frappe.throw(
			_("{0} is not a stage of {1}. Choose one of: {2}.").format(
				bold(self.sales_stage),
				escaped(self.sales_process),
				", ".join(escaped(stage.name) for stage in process),
			),
			StageNotInProcess,
			title=_("Stage Not in Process"),
		)

	def present_stage(self) -> stages.Stage:
		"""Return the stage the opportunity stands in, even if its process has lost it meanwhile."""
		stage = stages.find(stages_of(self.sales_process), self.sales_stage)
		if stage:
			return stage
		stage_type = frappe.get_cached_value("Sales Stage", self.sales_stage, "stage_type")
		return stages.Stage(self.sales_stage, stage_type, flt(self.probability))

	def set_weighted_amount(self) -> None:
		self.weighted_amount = money.weighted(
			flt(self.base_opportunity_amount), flt(self.probability), decimals_of(self.base_currency)
		)

	def align_stage(self, before: Document | None) -> None:
		"""Give the stage the type that the status demands, and the probability that goes with the stage."""
		wanted = stages.type_for_status(self.status)
		stage = self.present_stage()
		if stage.type != wanted:
			stage, self.probability = self._stage_of_type(wanted)
			self.sales_stage = stage.name
		elif before and before.status in (status.CONVERTED, status.LOST) and wanted == stages.OPEN_STAGE:
			self.probability = stage.probability
		else:
			self._follow_stage(before, stage)
		if not 0 <= flt(self.probability) <= 100:
			frappe.throw(
				_("Probability must be between 0 and 100 percent."),
				ProbabilityOutOfRange,
				title=_("Probability Out of Range"),
			)

	def _stage_of_type(self, wanted: str) -> tuple[stages.Stage, float]:
		"""Return the stage to move to and its probability; back in play, both are as they last were."""
		if wanted != stages.OPEN_STAGE:
			return first_stage_of_type(self.sales_process, wanted), stages.FIXED_PROBABILITY[wanted]
		process = stages_of(self.sales_process)
		names = [stage.name for stage in process if stage.type == stages.OPEN_STAGE]
		last = last_open_state(self.name, names)
		if last and (stage := stages.find(process, last.sales_stage)):
			return stage, last.probability
		stage = first_stage_of_type(self.sales_process, wanted)
		return stage, stage.probability

	def _follow_stage(self, before: Document | None, stage: stages.Stage) -> None:
		set_by_hand = before and flt(self.probability) != flt(before.probability)
		if stage.type in stages.FIXED_PROBABILITY:
			self.probability = stages.FIXED_PROBABILITY[stage.type]
		elif not before:
			self.probability = stages.probability_after(self.probability, None, stage)
		elif before.sales_stage != self.sales_stage and not set_by_hand:
			old = stages.find(stages_of(before.sales_process), before.sales_stage)
			self.probability = stages.probability_after(self.probability, old, stage)

	def check_requirements(self) -> None:
		"""Refuse a move that a person asked for into a stage whose requirements the opportunity does not meet.

		Who manages sales may pass with a reason, which goes into the history.
		"""
		reason, self.override_reason = self.override_reason, None
		missing = unmet_requirements(self) if self.stage_requested and self._enters_stage() else []
		if not missing:
			return
		if reason and manages_sales():
			self.override = (", ".join(missing), reason)
			return
		frappe.throw(
			_("Before entering {0}, the opportunity needs: {1}.").format(
				bold(self.sales_stage), ", ".join(escaped(each) for each in missing)
			),
			StageRequirementsMissing,
			title=_("Stage Requirements Missing"),
		)

	def requirements_for(self, stage: str) -> list[tuple[Requirement, str, bool]]:
		"""Return what a stage of its process requires, each in words and with whether the opportunity meets it."""
		return judged_requirements(self, stage)

	def required_fields(self, stage: str) -> list[str]:
		"""Return the fields that must be filled before the opportunity enters a stage of its process."""
		return [each.fieldname for each in requirements_of(self.sales_process, stage) if each.fieldname]

	def _enters_stage(self) -> bool:
		before = self.get_doc_before_save()
		return not before or any(
			before.get(field) != self.get(field) for field in ("sales_process", "sales_stage")
		)

	def is_guarded(self) -> bool:
		"""Return whether a workflow guards this save; one on the stage guards the moves that people ask for within its states.

		What follows from quotations, mails and jobs passes, as do opportunities of a process it does not know.
		"""
		name = self.meta.get_workflow()
		workflow = frappe.get_cached_doc("Workflow", name) if name else None
		if not workflow or workflow.workflow_state_field != "sales_stage":
			return super().is_guarded()
		before = self.get_doc_before_save() or self
		states = {row.state for row in workflow.states}
		return self.stage_requested and states >= {before.sales_stage, self.sales_stage}

	def move_stage(self, step: int) -> Document:
		"""Move one stage on (+1) or back (-1)."""
		stage = stages.neighbour(stages_of(self.sales_process), self.sales_stage, step)
		if self.status in (status.LOST, status.CLOSED) or not stage:
			frappe.throw(
				_("There is no stage to move to from {0} while {1}.").format(
					bold(self.sales_stage), bold(_(self.status, context="Opportunity"))
				),
				NoFurtherStage,
				title=_("No Further Stage"),
			)
		self.sales_stage = stage.name
		return self.save()
