"""My Day: what a salesperson does next."""

import frappe
from frappe.utils import now_datetime

from crm_pipeline.board.filters import read_view_filters
from crm_pipeline.board.my_day import sections_of_day
from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.rules.view_filters import MINE
from crm_pipeline.utils.paging import portion

MOST_ROWS = 200


@frappe.whitelist(methods=["GET"])
def get_my_day(scope: str = MINE, limit: int = 50, filters: dict | str | None = None) -> dict:
	"""Return what to do next, over all sales processes, each opportunity in the first section that has it.

	Args:
		scope: "mine", "team", "all" or `user:` and a user's id; whose opportunities, where `filters` do not say so.
		limit: how many rows of each section to include, 1 to 200.
		filters: as in `pipeline.get_board`.

	Returns:
		`now` (site time), `sections` in order, each with `key` (overdue, today, tomorrow, waiting, no_step), `label`,
		`count` and `amount` (base currency) of all, and `rows`: cards with `rank`, by which all sections but today and
		tomorrow are ordered, which go by the hour; and `people` and `decimals` as `get_board` gives them. Days are those of the
		user's own clock. Sections that follow from fields which the user may not read are left out.

	Raises:
		UnreadableFilters, FieldOutOfReach
	"""
	require_reading()
	asked = read_view_filters(filters or {"scope": scope})
	sections, legend = sections_of_day(asked, portion(0, limit, MOST_ROWS)[1])
	return {"now": f"{now_datetime():%Y-%m-%d %H:%M:%S}", "sections": sections, **legend}
