"""Opportunities that an earlier version closed by itself kept the next contact that was missed, and its Event.

What is closed has no next contact; should the closing be undone, it comes back.
"""

import frappe

from crm_pipeline.auto_close.due import CLOSED, ROW
from crm_pipeline.follow_ups.calendar_bulk import remove_events
from crm_pipeline.rules import status
from crm_pipeline.utils.batches import run_in_batches
from crm_pipeline.utils.bulk_sql import Value, literal_list, names_after, update_where


def execute() -> None:
	run_in_batches(left_over, clear)


def left_over(after: str, limit: int) -> list[str]:
	"""Names, after the given one, of closed opportunities that have a next contact, or an Event of one."""
	opportunity = frappe.qb.DocType("Opportunity")
	left = opportunity.next_contact_date.isnotnull() | (opportunity.follow_up_event != "")
	closed = (opportunity.status == status.CLOSED) & (opportunity.auto_closed == 1)
	return names_after(opportunity, closed & left, after, limit)


def clear(names: list[str]) -> None:
	keep_for_undoing(names)
	remove_events(names)
	opportunity = frappe.qb.DocType("Opportunity")
	update_where(opportunity, opportunity.name.isin(literal_list(names)), {"next_contact_date": None})
	frappe.clear_document_cache("Opportunity")


def keep_for_undoing(names: list[str]) -> None:
	"""Note the next contact where undoing looks for it."""
	row, opportunity = frappe.qb.DocType(ROW), frappe.qb.DocType("Opportunity")
	due = Value(
		frappe.qb.from_(opportunity)
		.select(opportunity.next_contact_date)
		.where(opportunity.name == row.opportunity)
	)
	unnoted = (row.result == CLOSED) & row.next_contact_before.isnull()
	update_where(row, unnoted & row.opportunity.isin(literal_list(names)), {"next_contact_before": due})
