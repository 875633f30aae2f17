"""What a run of auto-close would do on a day, and why."""

from datetime import date

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import get_datetime
from pypika import Case

from crm_pipeline.auto_close.closing import reason
from crm_pipeline.auto_close.due import (
	CLOSED,
	PASSED_OVER,
	deal,
	due_on,
	is_broken,
	quiet_since,
	what_is_broken,
)
from crm_pipeline.permissions import visible
from crm_pipeline.rules import quiet

FIELDS = (
	"name",
	"title",
	"customer_name",
	"opportunity_owner",
	"sales_stage",
	"currency",
	"opportunity_amount",
)


def count_due(day: date) -> int:
	"""How many of the opportunities that the session's user may see are due on a day."""
	criterion = due_on(day)
	if criterion is None:
		return 0
	query = frappe.qb.from_(deal).select(Count(deal.name)).where(criterion).where(visible("Opportunity"))
	return query.run()[0][0]


def rows_due(day: date, start: int, limit: int) -> list[dict]:
	"""Those opportunities, the longest quiet first.

	Returns: for each its `name`, title, party, owner, stage and amount, `quiet_since`, `days_quiet`, `result` (Closed,
	or Passed Over) and `why`.
	"""
	criterion = due_on(day)
	if criterion is None:
		return []
	broken, since = is_broken(), quiet_since()
	query = frappe.qb.from_(deal).select(*(deal[field] for field in FIELDS), since.as_("quiet_since"))
	query = query.select(
		Case(alias="result").when(broken, PASSED_OVER).else_(CLOSED),
		Case(alias="why").when(broken, what_is_broken()).else_(reason()),
	)
	query = query.where(criterion).where(visible("Opportunity")).orderby(since).orderby(deal.name)
	rows = query.limit(limit).offset(start).run(as_dict=True)
	for row in rows:
		row.quiet_since = get_datetime(row.quiet_since)
		row.days_quiet = quiet.days_quiet(row.quiet_since, day)
	return rows
