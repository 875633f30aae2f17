"""Status, stage, probability and closing data of an opportunity, kept in agreement on every save."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate, today

from crm_pipeline.controllers.currencies import decimals_of, exchange_rate
from crm_pipeline.controllers.history import last_open_state
from crm_pipeline.controllers.multi_select import rows_from
from crm_pipeline.controllers.quotations import quotations_of
from crm_pipeline.controllers.sales_processes import process_for, stages_of
from crm_pipeline.exceptions import (
	ActiveQuotationStands,
	ClosedOutOfTime,
	IllegalStatusChange,
	LostReasonsMissing,
	NoFurtherStage,
	OrderedQuotationStands,
	PauseDateMissing,
	PauseDatePassed,
	ProbabilityOutOfRange,
	StageContradictsStatus,
	StageNotInProcess,
)
from crm_pipeline.rules import money, response, stages, status


class LifeCycle:
	def ask_for(self, own_status: str, cause: str = status.BY_METHOD) -> Document:
		"""Save with a change of the own status, allowed or refused by the transition table for `cause`."""
		self.flags.asked = (own_status, cause)
		return self.save()

	def set_process_and_stage(self):
		"""A stage of the deal's process; a new deal starts in the first one."""
		self.sales_process = self.sales_process or process_for(self.sales_stage)
		process = stages_of(self.sales_process)
		if not self.sales_stage:
			self.sales_stage = stages.first_of_type(process, stages.OPEN_STAGE).name
		if not stages.find(process, self.sales_stage):
			frappe.throw(
				_("{0} is not a stage of {1}. Choose one of: {2}.").format(
					frappe.bold(self.sales_stage), self.sales_process, ", ".join(s.name for s in process)
				),
				StageNotInProcess,
				title=_("Stage Not in Process"),
			)

	def apply_status(self):
		before = self.get_doc_before_save()
		quotations = quotations_of(self.name) if before else []
		asked = self.asked_status(before)
		if asked:
			self.allow_change(before, *asked, quotations)
			self.own_status = asked[0]
		self.status = status.derive(self.own_status, [quotation.state for quotation in quotations])
		self.carry_lost_reasons(quotations)
		self.check_lost()
		self.check_pause(before)
		self.align_stage(before)
		self.set_closing(before, quotations)

	def asked_status(self, before) -> tuple[str, str] | None:
		"""The own status this save asks for, and by what means; None if it asks for no change."""
		if self.flags.asked:
			return self.flags.pop("asked")
		stage = stages.find(stages_of(self.sales_process), self.sales_stage)
		implied = stages.status_for_type(stage.type)
		if not before:
			return self._asked_at_insert(stage, implied)
		if self.status != before.status:
			self._refuse_contradiction(stage, self.sales_stage != before.sales_stage)
			return self.status, status.BY_HAND
		if self.sales_stage == before.sales_stage:
			return None
		if implied and implied != self.status:
			return implied, status.BY_METHOD
		if not implied and self.status in (status.CONVERTED, status.LOST):
			return status.OPEN, status.BY_METHOD
		return None

	def _asked_at_insert(self, stage, implied) -> tuple[str, str]:
		if self.status == status.OPEN and implied:
			return implied, status.BY_METHOD
		self._refuse_contradiction(stage, bool(implied))
		return self.status or status.OPEN, status.BY_HAND

	def _refuse_contradiction(self, stage, stage_chosen: bool):
		if stage_chosen and stage.type != stages.type_for_status(self.status):
			frappe.throw(
				_("Stage {0} and status {1} exclude each other. Set one of them; the other follows.").format(
					frappe.bold(stage.name), frappe.bold(_(self.status))
				),
				StageContradictsStatus,
				title=_("Stage Contradicts Status"),
			)

	def allow_change(self, before, asked: str, cause: str, quotations: list):
		"""Refuse what the transition table does not have, and what standing quotations forbid."""
		if before:
			if not status.may_change(before.status, asked, cause):
				self._refuse_change(before.status, asked)
			self._refuse_against_quotations(before.status, asked, quotations)
		elif asked == status.QUOTATION:
			self._refuse_change(_("new"), asked)

	def _refuse_change(self, old: str, asked: str):
		hints = {
			status.QUOTATION: _("It becomes Quotation when a quotation is submitted."),
			status.CONVERTED: _("Use Won, or mark its quotation as ordered."),
		}
		choices = ", ".join(_(choice) for choice in status.choices_by_hand(old))
		hint = hints.get(asked) or (_("Possible from here: {0}.").format(choices) if choices else "")
		frappe.throw(
			_("An opportunity that is {0} cannot become {1}. {2}").format(
				frappe.bold(_(old)), frappe.bold(_(asked)), hint
			),
			IllegalStatusChange,
			title=_("Status Change Not Possible"),
		)

	def _refuse_against_quotations(self, old: str, asked: str, quotations: list):
		active = [quotation.name for quotation in quotations if quotation.state == "Open"]
		ordered = [quotation.name for quotation in quotations if quotation.state == "Ordered"]
		if asked == status.LOST and active:
			frappe.throw(
				_("Quotation {0} is still open. Declare it lost or cancel it first.").format(
					", ".join(active)
				),
				ActiveQuotationStands,
				title=_("Quotation Stands"),
			)
		if old == status.CONVERTED and ordered:
			frappe.throw(
				_("Quotation {0} was ordered. Cancel it before reopening the opportunity.").format(
					", ".join(ordered)
				),
				OrderedQuotationStands,
				title=_("Quotation Ordered"),
			)

	def set_lost_details(self, lost_reasons, competitors, detailed_reason: str | None):
		"""Fill the fields of a loss from names (a list, or its JSON) or from rows as Desk sends them."""
		self.set("lost_reasons", rows_from(lost_reasons, "lost_reason"))
		if competitors is not None:
			self.set("competitors", rows_from(competitors, "competitor"))
		self.order_lost_reason = detailed_reason or self.order_lost_reason

	def carry_lost_reasons(self, quotations: list):
		"""A deal that is lost because its quotations are takes over their reasons."""
		if self.status != status.LOST or self.own_status == status.LOST or self.lost_reasons:
			return
		lost = [frappe.get_doc("Quotation", q.name) for q in quotations if q.state == "Lost"]
		self.set(
			"lost_reasons",
			rows_from(_unique(r.lost_reason for q in lost for r in q.lost_reasons), "lost_reason"),
		)
		known = [row.competitor for row in self.competitors]
		won_against = _unique([*known, *(r.competitor for q in lost for r in q.competitors)])
		self.set("competitors", rows_from(won_against, "competitor"))
		texts = _unique(q.order_lost_reason for q in lost if q.order_lost_reason)
		self.order_lost_reason = self.order_lost_reason or "\n".join(texts)

	def check_lost(self):
		if self.status == status.LOST and not self.lost_reasons:
			frappe.throw(
				_("Choose at least one reason for losing the opportunity."),
				LostReasonsMissing,
				title=_("Lost Reasons Missing"),
			)

	def check_pause(self, before):
		"""A pause has a day to wake on; only a paused deal has one."""
		if self.own_status != status.PAUSED:
			self.paused_until = self.pause_reason = None
			return
		if not self.paused_until:
			frappe.throw(
				_("Enter the day until which to pause."), PauseDateMissing, title=_("Pause Date Missing")
			)
		unchanged = (
			before
			and before.own_status == status.PAUSED
			and getdate(before.paused_until) == getdate(self.paused_until)
		)
		if not unchanged and getdate(self.paused_until) <= getdate(today()):
			frappe.throw(
				_("Pause until a day after today, not {0}.").format(frappe.format(self.paused_until, "Date")),
				PauseDatePassed,
				title=_("Pause Date Passed"),
			)

	def status_after_pause(self) -> str:
		waiting = response.waiting_for(self.last_contacted_on, self.last_response_on)
		return status.REPLIED if waiting == response.THEM else status.OPEN

	def align_stage(self, before):
		"""Give the stage the type that the status demands, and the probability that goes with the stage."""
		process = stages_of(self.sales_process)
		wanted = stages.type_for_status(self.status)
		stage = stages.find(process, self.sales_stage)
		if stage.type != wanted:
			stage, self.probability = self._stage_of_type(process, wanted)
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

	def _stage_of_type(self, process: list, wanted: str) -> tuple[stages.Stage, float]:
		"""The stage to move to and its probability; back in play, both are as they last were."""
		if wanted != stages.OPEN_STAGE:
			stage = stages.first_of_type(process, wanted)
			return stage, stages.FIXED_PROBABILITY[wanted]
		names = [stage.name for stage in process if stage.type == stages.OPEN_STAGE]
		last = last_open_state(self.name, names)
		stage = stages.find(process, last.sales_stage) if last else stages.first_of_type(process, wanted)
		return stage, last.probability if last else stage.probability

	def _follow_stage(self, before, stage):
		set_by_hand = before and flt(self.probability) != flt(before.probability)
		if stage.type in stages.FIXED_PROBABILITY:
			self.probability = stages.FIXED_PROBABILITY[stage.type]
		elif not before:
			self.probability = stages.probability_after(self.probability, None, stage)
		elif before.sales_stage != self.sales_stage and not set_by_hand:
			old = stages.find(stages_of(before.sales_process), before.sales_stage)
			self.probability = stages.probability_after(self.probability, old, stage)

	def set_closing(self, before, quotations: list):
		"""Closing data exists exactly while the deal is ended."""
		if self.status not in status.ENDED:
			self.closed_on = self.close_revenue_currency = None
			self.close_revenue = 0
			if self.own_status != status.LOST and before and before.own_status == status.LOST:
				self.set("lost_reasons", [])
				self.order_lost_reason = None
			return
		self.closed_on = getdate(self.closed_on or today())
		if not getdate(self.transaction_date) <= self.closed_on <= getdate(today()):
			frappe.throw(
				_("Closed On must lie between the opportunity's date {0} and today.").format(
					frappe.format(self.transaction_date, "Date")
				),
				ClosedOutOfTime,
				title=_("Closed Out of Time"),
			)
		if self.status != status.CONVERTED:
			self.close_revenue, self.close_revenue_currency = 0, self.currency
		elif not before or before.status != status.CONVERTED:
			if before:
				self.close_revenue = self.close_revenue or None
			self.set_revenue_of_orders([q for q in quotations if q.state == "Ordered"])

	def set_revenue_of_orders(self, ordered: list):
		"""Revenue as typed, else what was ordered, in its currency if that is one, else in base currency."""
		if self.close_revenue or not ordered:
			self.close_revenue_currency = self.close_revenue_currency or self.currency
			return
		currencies = {quotation.currency for quotation in ordered}
		if len(currencies) == 1:
			self.close_revenue_currency = currencies.pop()
			self.close_revenue = sum(flt(quotation.value) for quotation in ordered)
		else:
			self.close_revenue_currency = self.base_currency
			self.close_revenue = sum(flt(quotation.base_value) for quotation in ordered)

	def set_close_revenue(self):
		"""Revenue of a won deal defaults to its amount; its base value uses the rate of the closing day."""
		if self.status == status.CONVERTED and self.close_revenue is None:
			self.close_revenue = self.opportunity_amount
		if not self.close_revenue:
			self.base_close_revenue = 0
			return
		rate = exchange_rate(self.close_revenue_currency, self.base_currency, getdate(self.closed_on))
		self.close_revenue = money.round_to(flt(self.close_revenue), decimals_of(self.close_revenue_currency))
		self.base_close_revenue = money.product(self.close_revenue, rate, decimals_of(self.base_currency))

	def move_stage(self, step: int) -> Document:
		"""Move one stage on (+1) or back (-1)."""
		stage = stages.neighbour(stages_of(self.sales_process), self.sales_stage, step)
		if self.status in (status.LOST, status.CLOSED) or not stage:
			frappe.throw(
				_("There is no stage to move to from {0} while {1}.").format(
					frappe.bold(self.sales_stage), frappe.bold(_(self.status))
				),
				NoFurtherStage,
				title=_("No Further Stage"),
			)
		self.sales_stage = stage.name
		return self.save()


def _unique(values) -> list:
	return list(dict.fromkeys(values))
