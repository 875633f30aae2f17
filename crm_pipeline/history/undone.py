"""Changes that were taken back: they stay in the history, with when they were made and by whom, and count for nothing."""

import frappe
from frappe.utils import now_datetime

from crm_pipeline.history.as_of import change, opportunity
from crm_pipeline.history.changes import date_last_changes
from crm_pipeline.history.spans import date_spans
from crm_pipeline.rules.aging import UNDONE
from crm_pipeline.utils.bulk_sql import update_where


def take_back(name: str, number: int) -> None:
	"""Let the changes of a move and of its undoing count for nothing, so that the history tells the rest as if neither had been.

	Args:
		name: of an opportunity that is again as it was after a change.
		number: of that change, the last one that counts.
	"""
	of_move = (change.opportunity == name) & (change.idx > number) & (change.change != UNDONE)
	stamp = {"modified": now_datetime(), "modified_by": frappe.session.user}
	# In this order: MariaDB sets one field after the other.
	update_where(change, of_move, {"undone_change": change.change, "change": UNDONE, **stamp})
	date_spans(change.opportunity == name)
	date_last_changes(opportunity.name == name)
