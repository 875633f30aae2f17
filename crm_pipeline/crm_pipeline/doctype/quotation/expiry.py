"""What happens to quotations when their last valid day is past, and to the opportunities that they name."""

from datetime import date

import frappe
from pypika.terms import Criterion

from crm_pipeline.crm_pipeline.doctype.opportunity.bulk_status import opportunity, set_status
from crm_pipeline.quoting.quotations import has_quotation_in, refresh_opportunity
from crm_pipeline.rules import status
from crm_pipeline.utils.batches import Progress, no_progress, run_in_batches_where, with_retries

PLAIN = (status.OPEN, status.REPLIED)


def expire_quotations_on(day: date, progress: Progress = no_progress) -> None:
	"""Mark the open quotations whose last valid day is past; opportunities say Quotation no longer.

	Args:
		progress: told how many opportunities were just done with.
	"""
	with_retries(lambda: frappe.db.set_value("Quotation", overdue_on(day), "status", "Expired"))
	without_quotation = with_expired_quotations(day)
	plain = without_quotation & opportunity.own_status.isin(PLAIN) & ~has_quotation_in("Ordered", "Lost")
	run_in_batches_where(opportunity, plain, _show_own_status, progress)
	run_in_batches_where(opportunity, without_quotation & ~plain, _refresh, progress)


def overdue_on(day: date) -> dict:
	"""Return the filters for the open quotations whose last valid day is past on a day."""
	return {"docstatus": 1, "status": "Open", "valid_till": ["<", day]}


def with_expired_quotations(day: date) -> Criterion:
	"""Return the opportunities that say Quotation, though none of theirs is valid on a day."""
	return (opportunity.status == status.QUOTATION) & ~has_quotation_in("Open", valid_on=day)


def _show_own_status(names: list[str]) -> None:
	set_status(names, opportunity.own_status, {})


def _refresh(names: list[str]) -> None:
	for name in names:
		refresh_opportunity(name)
