"""What happens to quotations when their last valid day is past, and to the opportunities that they name."""

from datetime import date
from functools import partial

import frappe
from pypika.terms import Criterion

from crm_pipeline.crm_pipeline.doctype.opportunity.bulk_status import opportunity, set_status
from crm_pipeline.quoting.quotations import has_quotation_in, refresh_opportunity
from crm_pipeline.rules import quotation_status, status
from crm_pipeline.utils.batches import Progress, no_progress, run_in_batches_where, with_retries

PLAIN = (status.OPEN, status.REPLIED)


def expire_quotations_on(day: date, progress: Progress = no_progress) -> None:
	"""Mark the quotations in play whose last valid day is past; opportunities say Quotation no longer.

	Amounts that follow quotations, and what is won tonight with the ordered part of one, do so first: afterwards nothing
	tells which quotation ended tonight.

	Args:
		progress: told how many opportunities were just done with.
	"""
	ending = following_expired_quotations(day) | with_orders_complete(day)
	run_in_batches_where(opportunity, ending, _refresh, progress)
	for stored in quotation_status.IN_PLAY:
		with_retries(partial(_end, day, stored))
	without_quotation = with_expired_quotations(day)
	decided = has_quotation_in(*quotation_status.DECIDED)
	plain = without_quotation & opportunity.own_status.isin(PLAIN) & ~decided
	run_in_batches_where(opportunity, plain, _show_own_status, progress)
	run_in_batches_where(opportunity, without_quotation & ~plain, _refresh, progress)


def _end(day: date, stored: str) -> None:
	frappe.db.set_value(
		"Quotation", overdue_on(day, stored), "status", quotation_status.after_last_day(stored)
	)


def overdue_on(day: date, *states: str) -> dict:
	"""Return the filters for the quotations in play, or in some states, whose last valid day is past on a day."""
	return {
		"docstatus": 1,
		"status": ["in", states or quotation_status.IN_PLAY],
		"valid_till": ["<", day],
	}


def with_expired_quotations(day: date) -> Criterion:
	"""Return the opportunities that say Quotation, though none of theirs is valid on a day."""
	return (opportunity.status == status.QUOTATION) & ~has_quotation_in(
		*quotation_status.IN_PLAY, valid_on=day
	)


def following_expired_quotations(day: date) -> Criterion:
	"""Return the opportunities in play whose amount follows quotations, one of which is to end on a day."""
	follows = opportunity.amount_follows_quotation == 1
	ending = has_quotation_in(*quotation_status.IN_PLAY, overdue_on=day)
	return follows & opportunity.status.isin(sorted(status.IN_PLAY)) & ending


def with_orders_complete(day: date) -> Criterion:
	"""Return the opportunities, unless closed, that have ordered a part of a quotation of which no more is to come on a day."""
	complete = has_quotation_in(quotation_status.PARTIALLY_ORDERED, overdue_on=day)
	return (opportunity.status != status.CLOSED) & complete


def _show_own_status(names: list[str]) -> None:
	set_status(names, opportunity.own_status, {})


def _refresh(names: list[str]) -> None:
	for name in names:
		refresh_opportunity(name)
