"""How opportunities come along, from their history."""

from collections import defaultdict

import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from crm_pipeline.rules import aging
from crm_pipeline.utils.bulk_sql import in_list

CHANGES = (*aging.STAYS, aging.EXPECTED_CLOSING)


def progress_of(opportunity: Document) -> dict:
	"""Days, and how the closing date moved.

	Returns:
		days_in_stage: without those on which the opportunity rested; None once it has ended.
		total_days: from the opportunity's date to its closing date or today.
		closing_pushed: how many times the expected closing was postponed.
		closing_pushed_days: by how many days altogether.
	"""
	changes = changes_of([opportunity.name])[opportunity.name]
	closed_on = getdate(opportunity.closed_on) if opportunity.closed_on else None
	pushes = aging.pushes(changes)
	return {
		"days_in_stage": aging.days_in_stage(changes, getdate()),
		"total_days": aging.total_days(getdate(opportunity.transaction_date), closed_on, getdate()),
		"closing_pushed": pushes.times,
		"closing_pushed_days": pushes.days,
	}


def changes_of(names: list[str]) -> dict[str, list[aging.Change]]:
	"""Return what the clock needs of the history of each opportunity, in order, with one query."""
	rows = frappe.get_all(
		"Pipeline Change",
		filters={"opportunity": ["in", in_list(names)], "change": ["in", CHANGES]},
		fields=["opportunity", "change", "at", "status", "old_value", "new_value"],
		order_by="opportunity, idx",
	)
	changes = defaultdict(list)
	for row in rows:
		days = (row.old_value, row.new_value) if row.change == aging.EXPECTED_CLOSING else (None, None)
		old, new = (getdate(day) if day else None for day in days)
		changes[row.opportunity].append(aging.Change(getdate(row.at), row.change, row.status, old, new))
	return changes
