"""Auto-close by hand: what a run would do, and undoing what one did."""

import frappe
from frappe import _
from frappe.utils import getdate, today

from crm_pipeline.auto_close import preview, undo
from crm_pipeline.auto_close.due import BATCH, settings
from crm_pipeline.auto_close.undo_job import undo_later
from crm_pipeline.permissions.switch import refuse_unless_manager, require_reading
from crm_pipeline.utils.paging import portion
from crm_pipeline.utils.validation import read_date

# As clients of the first version know them.
FORMER_NAMES = {"quiet_since": "inactive_since", "days_quiet": "days_inactive"}
MOST_ROWS = 500
MOST_AT_ONCE = 5000  # opportunities brought back while the user waits


@frappe.whitelist(methods=["GET"])
def preview_auto_close(day: str | None = None, start: int = 0, limit: int = 100) -> dict:
	"""Return what auto-close would do, and why; of the opportunities that the user may see.

	Args:
		day: the day of the run (YYYY-MM-DD), today if left out.
		start, limit: the portion of rows, at most 500.

	Returns: `day`, `after_days` (the limit, 0 for never), `total` and `rows`, each with `name`, `title`,
	`customer_name`, `opportunity_owner`, `owner_name`, `sales_stage`, `currency`, `opportunity_amount`, `inactive_since`,
	`days_inactive`, `result` (Closed or Skipped) and `why`; the days also as `quiet_since` and `days_quiet`, as before.

	Raises:
		OpportunitiesSwitchedOff, ImpossibleDate
	"""
	require_reading()
	on = read_date(day, "Date", _("Day")) if day else getdate(today())
	return {
		"day": str(on),
		"after_days": settings().auto_close_days(),
		"total": preview.count_due(on),
		"rows": [_with_former_names(row) for row in preview.rows_due(on, *portion(start, limit, MOST_ROWS))],
	}


@frappe.whitelist(methods=["POST"])
def undo_auto_close(batch: str) -> dict[str, int]:
	"""Bring back what a batch of auto-close closed, for a Sales Manager or System Manager.

	Returns: `undone`, the number of opportunities that are as they were before, `left`, the number of those that
	somebody touched since, and `queued`: more than 5,000 are brought back in the background, and the user is told
	when they are.

	Raises:
		BatchUnderWay
	"""
	refuse_unless_manager(_("Only a Sales Manager or System Manager undoes what was closed automatically."))
	batch = frappe.get_doc(BATCH, batch).name
	if (queued := undo.to_undo(batch)) > MOST_AT_ONCE:
		undo_later(batch)
		return {"undone": 0, "left": 0, "queued": queued}
	return {**undo.undo(batch), "queued": 0}


def _with_former_names(row: frappe._dict) -> frappe._dict:
	return frappe._dict(row, **{former: row[name] for former, name in FORMER_NAMES.items()})
