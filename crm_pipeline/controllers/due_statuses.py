"""What a date alone changes: quotations expire, and the status of opportunities follows; pauses end.

Both go through the deals a portion at a time with a fixed number of statements. Only a deal that turns out to be
lost, since all its quotations are, is saved by itself: it takes over their reasons.
"""

from datetime import date

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Trim
from frappe.utils import now_datetime
from pypika import Case, Table
from pypika.terms import Criterion, Term

from crm_pipeline.controllers.acting import language_of_site, speaking
from crm_pipeline.controllers.history import record_change_of_many
from crm_pipeline.controllers.job_runs import Progress, in_portions, unwatched, with_tries
from crm_pipeline.controllers.quotations import names_it, refresh_opportunity
from crm_pipeline.controllers.sql import (
	PLACE,
	Exists,
	escaped,
	hold,
	insert_from,
	names_after,
	replace,
	text_with,
	update_where,
)
from crm_pipeline.rules import status
from crm_pipeline.utils.guarded_document import BY_SOFTWARE

deal = Table("tabOpportunity")
PLAIN = (status.OPEN, status.REPLIED)
REASON = "\ue000"  # for private use; stands for the reason in the words of a reminder


def expire_quotations_on(day: date, progress: Progress = unwatched) -> None:
	"""Mark the open quotations whose last valid day is past; opportunities say Quotation no longer.

	Args:
		progress: told how many opportunities were just done with.
	"""
	with_tries(lambda: frappe.db.set_value("Quotation", overdue_on(day), "status", "Expired"))
	without_quotation = outlived_on(day)
	plain = without_quotation & deal.own_status.isin(PLAIN) & ~names_it("Ordered", "Lost")
	_in_portions(plain, _show_own_status, progress)
	_in_portions(without_quotation & ~plain, _refresh, progress)


def overdue_on(day: date) -> dict:
	"""Filters for the open quotations whose last valid day is past on a day."""
	return {"docstatus": 1, "status": "Open", "valid_till": ["<", day]}


def outlived_on(day: date) -> Criterion:
	"""The opportunities that say Quotation, though none of theirs is valid on a day."""
	return (deal.status == status.QUOTATION) & ~names_it("Open", valid_on=day)


def wake_on(day: date, progress: Progress = unwatched) -> None:
	"""Take up the opportunities whose pause ends on a day or before, and give their owners a task.

	Args:
		progress: told how many opportunities were just done with.
	"""
	rested = rested_on(day)
	plain = rested & (names_it("Open") | ~names_it("Ordered", "Lost"))
	_in_portions(plain, _wake, progress)
	_in_portions(rested & ~plain, _wake_one_by_one, progress)


def rested_on(day: date) -> Criterion:
	"""The opportunities whose pause ends on a day or before."""
	return (deal.status == status.PAUSED) & (deal.paused_until <= day)


def _in_portions(criterion: Criterion, act, progress: Progress) -> None:
	def act_on_what_is_left(names: list[str]) -> None:
		if still_due := hold(deal, criterion, names):
			act(still_due)

	in_portions(
		lambda after, limit: names_after(deal, criterion, after, limit),
		act_on_what_is_left,
		progress=progress,
	)


def _show_own_status(names: list[str]) -> None:
	_set_status(names, deal.own_status, {})


def _refresh(names: list[str]) -> None:
	for name in names:
		refresh_opportunity(name)


def _wake(names: list[str]) -> None:
	_remind_owners(names)
	own = own_status_after_pause()
	shown = Case().when(names_it("Open"), status.QUOTATION).else_(own)
	_set_status(names, shown, {"own_status": own, "paused_until": None, "pause_reason": None})


def _wake_one_by_one(names: list[str]) -> None:
	_remind_owners(names)
	for name in names:
		opportunity = frappe.get_doc("Opportunity", name, for_update=True)
		# The job acts for the system, whoever it runs as; an unrelated broken link must not keep a deal asleep.
		opportunity.flags.update(BY_SOFTWARE)
		opportunity.ask_for(opportunity.status_after_pause(), status.BY_JOB)


def own_status_after_pause() -> Term:
	"""What `LifeCycle.status_after_pause` says of one deal, for many."""
	contacted, answered = deal.last_contacted_on, deal.last_response_on
	they_are_next = contacted.isnotnull() & (answered.isnull() | (contacted >= answered))
	return Case().when(they_are_next, status.REPLIED).else_(status.OPEN)


def _set_status(names: list[str], shown: Term, values: dict) -> None:
	moment = now_datetime()
	values |= {
		"status": shown,
		"status_since": moment,
		"modified": moment,
		"modified_by": frappe.session.user,
	}
	update_where(deal, deal.name.isin(names), values)
	record_change_of_many(names, "Status")
	frappe.clear_document_cache("Opportunity")


def _remind_owners(names: list[str]) -> None:
	"""A task for the owner of each deal, in his language; the deal names it as assigned to him."""
	owned = deal.name.isin(names) & _owner_is()
	for language in _languages_of_owners(owned):
		with speaking(language or language_of_site()):
			_insert_reminders(owned & _owner_is(language))
	update_where(deal, owned, {"_assign": _assigned_to_owner_too()})


def _owner_is(language: str | None = None) -> Criterion:
	"""That the deal's owner is a user and, unless it is None, speaks a language ("" for the site's)."""
	user = frappe.qb.DocType("User")
	owner = frappe.qb.from_(user).select(user.name).where(user.name == deal.opportunity_owner)
	return Exists(owner if language is None else owner.where(Coalesce(user.language, "") == language))


def _languages_of_owners(owned: Criterion) -> list[str]:
	user = frappe.qb.DocType("User")
	query = frappe.qb.from_(deal).join(user).on(user.name == deal.opportunity_owner).where(owned)
	return [row[0] for row in query.select(Coalesce(user.language, "")).distinct().run()]


def _insert_reminders(owned: Criterion) -> None:
	moment = now_datetime()
	insert_from(
		"ToDo",
		{
			"status": "Open",
			"priority": "Medium",
			"date": moment.date(),
			"allocated_to": deal.opportunity_owner,
			"assigned_by": frappe.session.user,
			"reference_type": "Opportunity",
			"reference_name": deal.name,
			"description": _reminder(),
		},
		deal.name,
		lambda query: query.from_(deal).where(owned),
	)


def _reminder() -> Term:
	words = _("The pause of {0} is over.").format(PLACE)
	with_title = text_with(f"{words} {REASON}", escaped(deal.title))
	return Trim(replace(with_title, REASON, Coalesce(escaped(deal.pause_reason), "")))


def _assigned_to_owner_too() -> Term:
	"""Frappe keeps who is assigned as a JSON list in `_assign`."""
	assigned, owner = deal["_assign"], text_with(f'"{PLACE}"', deal.opportunity_owner)
	nobody = assigned.isnull() | (assigned == "") | (assigned == "[]")
	known = replace(assigned, owner, "") != assigned
	others_too = replace(assigned, "]", text_with(f', "{PLACE}"]', deal.opportunity_owner))
	alone = text_with(f'["{PLACE}"]', deal.opportunity_owner)
	return Case().when(nobody, alone).when(known, assigned).else_(others_too)
