"""What the charts of Desk's workspaces draw that are of no report."""

from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import format_date, getdate

from crm_pipeline.crm_pipeline.report.utils import read
from crm_pipeline.crm_pipeline.report.what_moved.what_moved import NEEDED, get_scope
from crm_pipeline.history.trend import trend
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.permissions.switch import require_reading

WEEKS = 26


@frappe.whitelist(methods=["GET", "POST"])
def get_weighted_trend(filters: dict | str | None = None) -> dict | None:
	"""Return the weighted value of the pipeline today, and on the same day of the week in each of the 26 weeks before, as a chart.

	Each point is what was in play at the end of its day, in the base currency, of the opportunities that the user may see now.

	Args:
		filters: an object or its JSON, of owners, teams and processes as the report What Moved has them: as they were then.

	Returns: `labels` and `datasets` of Frappe's charts, the earliest first; None if the pipeline was worth nothing on all of these days.

	Raises:
		FieldOutOfReach, frappe.PermissionError, OpportunitiesSwitchedOff, TeamUnknown, UnreadableFilters
	"""
	require_reading()
	scope = get_scope(read(_parsed(filters)))
	refuse_hidden_fields("Opportunity", *NEEDED)
	today = getdate()
	days = [today - timedelta(weeks=weeks) for weeks in range(WEEKS, -1, -1)]
	points = trend(days, scope, decimals_of(base_currency()))
	if not any(point.weighted for point in points):
		return None
	return {
		"labels": [format_date(point.day, "d MMM") for point in points],
		"datasets": [{"name": _("Weighted Amount"), "values": [point.weighted for point in points]}],
	}


def _parsed(filters: dict | str | None) -> object:
	"""Return what a text of JSON says; any other text as it is, for `read` to refuse."""
	try:
		return frappe.parse_json(filters)
	except ValueError:
		return filters
