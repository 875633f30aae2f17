"""Status of an opportunity, from which stage, probability and closing data follow on every save."""

from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from crm_pipeline.crm_pipeline.doctype.opportunity.corrections import Corrections
from crm_pipeline.crm_pipeline.doctype.opportunity.outcome import Outcome, name_in_answer
from crm_pipeline.crm_pipeline.doctype.opportunity.pausing import Pausing
from crm_pipeline.crm_pipeline.doctype.opportunity.stage import Stage
from crm_pipeline.exceptions import (
	ActiveQuotationStands,
	IllegalStatusChange,
	LostQuotationsStand,
	OrderedQuotationStands,
	StageContradictsStatus,
)
from crm_pipeline.history.changes import moment_of_change, noting_histories, opened_at
from crm_pipeline.quoting.quotations import quotations_of
from crm_pipeline.rules import quotation_status, stages, status
from crm_pipeline.utils.markup import bold


class Status(Stage, Outcome, Pausing, Corrections):
	# Fields that it writes.
	status_since: datetime | None
	last_change_on: datetime | None
	auto_closed: int
	# What this save asks for, while it does.
	status_request: status.StatusRequest | None = None
	is_being_saved: bool = False
	# When it changes by this save, once that is written.
	changed_at: datetime | None = None

	def insert(self, *args: Any, **kwargs: Any) -> Document:
		with noting_histories():
			return super().insert(*args, **kwargs)

	def save(self, *args: Any, **kwargs: Any) -> Document:
		self.is_being_saved = True
		try:
			return super().save(*args, **kwargs)
		finally:
			self.is_being_saved, self.changed_at = False, None

	def db_update(self) -> None:
		"""Write with all else when it changes by this save; the document says so with its history, which versions do not tell of."""
		known = self.last_change_on
		if self.is_being_saved and (moment := moment_of_change(self)):
			self.last_change_on = self.changed_at = moment
		try:
			super().db_update()
		finally:
			self.last_change_on = known

	def request_status(self, own_status: str, cause: str = status.BY_METHOD) -> Document:
		"""Save with a change of the own status, allowed or refused by the transition table for `cause`."""
		self.status_request = status.StatusRequest(own_status, cause)
		return self.save()

	def apply_status(self) -> None:
		before = self.get_doc_before_save()
		quotations = quotations_of(self.name, hold=bool(self.flags.by_software)) if before else []
		asked = self.asked_status(before)
		self.stage_requested = self._asks_for_stage(before, asked)
		if before and not asked and not self.flags.by_software:
			self.check_corrections(before)
		if asked:
			self.allow_change(before, *asked, quotations)
			self.own_status = asked.status
		self.status = status.derive(self.own_status, [quotation.state for quotation in quotations])
		self.carry_lost_reasons(quotations)
		self.check_lost(before)
		self.check_pause(before)
		if not before:
			self.set_dates_of_ended()
		self.set_status_since(before)
		self.align_stage(before)
		self.set_closing(before, quotations)

	def _asks_for_stage(self, before: Document | None, asked: status.StatusRequest | None) -> bool:
		"""Return whether a person moves the opportunity: by choosing stage or process, or by asking for a status."""
		if self.flags.by_software:
			return False
		return bool(asked) or self._enters_stage()

	def asked_status(self, before: Document | None) -> status.StatusRequest | None:
		"""Return the own status this save asks for, and by what means; None if it asks for no change."""
		if request := self.status_request:
			self.status_request = None
			return request
		stage = self.present_stage()
		implied = stages.status_for_type(stage.type)
		if not before:
			return self._asked_at_insert(stage, implied)
		if self.status != before.status:
			self._refuse_contradiction(stage, self.sales_stage != before.sales_stage)
			return status.StatusRequest(self.status, status.BY_HAND)
		if self.sales_stage == before.sales_stage:
			return None
		if implied and implied != self.status:
			return status.StatusRequest(implied, status.BY_METHOD)
		if not implied and self.status in (status.CONVERTED, status.LOST):
			return status.StatusRequest(status.OPEN, status.BY_METHOD)
		return None

	def _asked_at_insert(self, stage: stages.Stage, implied: str | None) -> status.StatusRequest:
		if self.status == status.OPEN and implied:
			return status.StatusRequest(implied, status.BY_METHOD)
		self._refuse_contradiction(stage, bool(implied))
		return status.StatusRequest(self.status or status.OPEN, status.BY_HAND)

	def _refuse_contradiction(self, stage: stages.Stage, stage_chosen: bool) -> None:
		if stage_chosen and stage.type != stages.type_for_status(self.status):
			frappe.throw(
				_("Stage {0} and status {1} exclude each other. Set one of them; the other follows.").format(
					bold(stage.name), bold(_(self.status, context="Opportunity"))
				),
				StageContradictsStatus,
				title=_("Stage Contradicts Status"),
			)

	def allow_change(self, before: Document | None, asked: str, cause: str, quotations: list) -> None:
		"""Refuse what the transition table does not have, and what standing quotations forbid."""
		if before:
			if not status.may_change(before.status, asked, cause, bool(before.auto_closed)):
				self._refuse_change(before.status, asked)
			self._refuse_against_quotations(before.status, asked, quotations)
		elif asked == status.QUOTATION:
			self._refuse_change(_("new"), asked)

	def _refuse_change(self, old: str, asked: str) -> None:
		hints = {
			status.QUOTATION: _("It becomes Quotation when a quotation is submitted."),
			status.CONVERTED: _("Use Won, or mark its quotation as ordered."),
		}
		choices = ", ".join(_(choice, context="Opportunity") for choice in status.choices_by_hand(old))
		hint = hints.get(asked) or (_("Possible from here: {0}.").format(choices) if choices else "")
		frappe.throw(
			_("An opportunity that is {0} cannot become {1}. {2}").format(
				bold(_(old, context="Opportunity")), bold(_(asked, context="Opportunity")), hint
			),
			IllegalStatusChange,
			title=_("Status Change Not Possible"),
		)

	def require_status(self, *allowed: str) -> None:
		"""Refuse what makes sense in some statuses only."""
		if self.status not in allowed:
			frappe.throw(
				_("{0} is {1}. This is possible only while it is {2}.").format(
					self.name,
					bold(_(self.status, context="Opportunity")),
					" / ".join(_(each, context="Opportunity") for each in sorted(allowed)),
				),
				IllegalStatusChange,
				title=_("Status Change Not Possible"),
			)

	def _refuse_against_quotations(self, old: str, asked: str, quotations: list) -> None:
		active = [each.name for each in quotations if each.state in quotation_status.IN_PLAY]
		ordered = [each.name for each in quotations if each.state == quotation_status.ORDERED]
		if asked == status.LOST and active:
			name_in_answer(self)
			frappe.throw(
				_("Quotation {0} is still open. Declare it lost or cancel it first.").format(
					", ".join(active)
				),
				ActiveQuotationStands,
				title=_("Quotation Stands"),
			)
		states = [quotation.state for quotation in quotations]
		if old == status.LOST and asked == status.OPEN and status.derive(asked, states) == status.LOST:
			frappe.throw(
				_(
					"All quotations of {0} are lost. Submit a new one to take the opportunity up again."
				).format(self.name),
				LostQuotationsStand,
				title=_("Quotations Lost"),
			)
		if old == status.CONVERTED and ordered:
			frappe.throw(
				_("Quotation {0} was ordered. Cancel it before reopening the opportunity.").format(
					", ".join(ordered)
				),
				OrderedQuotationStands,
				title=_("Quotation Ordered"),
			)

	def set_status_since(self, before: Document | None) -> None:
		"""Set when the status became what it is: for a new opportunity, when it came in, which is its first change too."""
		if not before:
			self.status_since = self.last_change_on = opened_at(self)
		elif self.status != before.status:
			self.status_since = now_datetime()
		self.auto_closed = self.auto_closed if self.status == status.CLOSED else 0
