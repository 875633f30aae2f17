"""A pause: what it needs, and what an opportunity becomes after it, ended by somebody or by the nightly job."""

from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Coalesce, Trim
from frappe.utils import getdate, now_datetime, today
from pypika import Case
from pypika.terms import Criterion, Term

from crm_pipeline.crm_pipeline.doctype.opportunity.bulk_status import opportunity, set_status
from crm_pipeline.crm_pipeline.doctype.opportunity.outcome import name_in_answer
from crm_pipeline.exceptions import PauseDateMissing, PauseDatePassed
from crm_pipeline.money.priced_document import PricedDocument
from crm_pipeline.quoting.quotations import has_quotation_in
from crm_pipeline.rules import quotation_status, response, status
from crm_pipeline.utils.batches import Progress, no_progress, run_in_batches_where
from crm_pipeline.utils.bulk_sql import PLACEHOLDER, Exists, escaped, fill, insert_from, replace, update_where
from crm_pipeline.utils.guarded_document import act_as_software
from crm_pipeline.utils.session import in_language, language_of_site

REASON = "\ue000"  # for private use; stands for the reason in the words of a reminder


class Pausing(PricedDocument):
	# Fields that it writes.
	paused_until: str | date | None
	pause_reason: str | None

	def check_pause(self, before: Document | None) -> None:
		"""Refuse a pause without a day to wake on; only a paused opportunity has one."""
		if self.own_status != status.PAUSED:
			self.paused_until = self.pause_reason = None
			return
		if not self.paused_until:
			name_in_answer(self)
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
		"""Return what an opportunity is after its pause: with whoever is to speak next. `own_status_after_pause` says it of many."""
		waiting = response.waiting_for(self.last_contacted_on, self.last_response_on)
		return status.REPLIED if waiting == response.THEM else status.OPEN


def resume_paused(day: date, progress: Progress = no_progress) -> None:
	"""Take up the opportunities whose pause ends on a day or before, and give their owners a task.

	Args:
		progress: told how many opportunities were just done with.
	"""
	ending = pauses_ending_by(day)
	stands, decided = (
		has_quotation_in(*states) for states in (quotation_status.IN_PLAY, quotation_status.DECIDED)
	)
	plain = ending & (stands | ~decided)
	run_in_batches_where(opportunity, plain, _resume, progress)
	run_in_batches_where(opportunity, ending & ~plain, _resume_one_by_one, progress)


def pauses_ending_by(day: date) -> Criterion:
	"""Return the opportunities whose pause ends on a day or before."""
	return (opportunity.status == status.PAUSED) & (opportunity.paused_until <= day)


def _resume(names: list[str]) -> None:
	_remind_owners(names)
	own = own_status_after_pause()
	stands = has_quotation_in(*quotation_status.IN_PLAY)
	shown = Case().when(stands, status.QUOTATION).else_(own)
	set_status(names, shown, {"own_status": own, "paused_until": None, "pause_reason": None})


def _resume_one_by_one(names: list[str]) -> None:
	_remind_owners(names)
	for name in names:
		paused = frappe.get_doc("Opportunity", name, for_update=True)
		# The job acts for the system, whoever it runs as; an unrelated broken link must not keep an opportunity asleep.
		act_as_software(paused)
		paused.request_status(paused.status_after_pause(), status.BY_JOB)


def own_status_after_pause() -> Term:
	"""Return what `Pausing.status_after_pause` says of one opportunity, for many."""
	contacted, answered = opportunity.last_contacted_on, opportunity.last_response_on
	they_are_next = contacted.isnotnull() & (answered.isnull() | (contacted >= answered))
	return Case().when(they_are_next, status.REPLIED).else_(status.OPEN)


def _remind_owners(names: list[str]) -> None:
	"""Make a task for the owner of each opportunity, in their language; the opportunity names it as assigned to them."""
	owned = opportunity.name.isin(names) & _owner_is()
	for language in _languages_of_owners(owned):
		with in_language(language or language_of_site()):
			_insert_reminders(owned & _owner_is(language))
	update_where(opportunity, owned, {"_assign": _assigned_to_owner_too()})


def _owner_is(language: str | None = None) -> Criterion:
	"""That the opportunity's owner is a user and, unless it is None, speaks a language ("" for the site's)."""
	user = frappe.qb.DocType("User")
	owner = frappe.qb.from_(user).select(user.name).where(user.name == opportunity.opportunity_owner)
	return Exists(owner if language is None else owner.where(Coalesce(user.language, "") == language))


def _languages_of_owners(owned: Criterion) -> list[str]:
	user = frappe.qb.DocType("User")
	query = (
		frappe.qb.from_(opportunity).join(user).on(user.name == opportunity.opportunity_owner).where(owned)
	)
	return [row[0] for row in query.select(Coalesce(user.language, "")).distinct().run()]


def _insert_reminders(owned: Criterion) -> None:
	moment = now_datetime()
	insert_from(
		"ToDo",
		{
			"status": "Open",
			"priority": "Medium",
			"date": moment.date(),
			"allocated_to": opportunity.opportunity_owner,
			"assigned_by": frappe.session.user,
			"reference_type": "Opportunity",
			"reference_name": opportunity.name,
			"description": _reminder(),
		},
		opportunity.name,
		lambda query: query.from_(opportunity).where(owned),
	)


def _reminder() -> Term:
	words = _("The pause of {0} is over.").format(PLACEHOLDER)
	with_title = fill(f"{words} {REASON}", escaped(opportunity.title))
	return Trim(replace(with_title, REASON, Coalesce(escaped(opportunity.pause_reason), "")))


def _assigned_to_owner_too() -> Term:
	"""Frappe keeps who is assigned as a JSON list in `_assign`."""
	assigned, owner = opportunity["_assign"], fill(f'"{PLACEHOLDER}"', opportunity.opportunity_owner)
	nobody = assigned.isnull() | (assigned == "") | (assigned == "[]")
	known = replace(assigned, owner, "") != assigned
	others_too = replace(assigned, "]", fill(f', "{PLACEHOLDER}"]', opportunity.opportunity_owner))
	alone = fill(f'["{PLACEHOLDER}"]', opportunity.opportunity_owner)
	return Case().when(nobody, alone).when(known, assigned).else_(others_too)
