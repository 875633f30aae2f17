"""What a run of auto-close would do on a day, and why."""

from datetime import date

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import get_datetime, get_fullname
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
from crm_pipeline.auto_close.notices import to_warn_on
from crm_pipeline.permissions.field_levels import readable
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.rules import inactivity

FIELDS = (
	"name",
	"title",
	"customer_name",
	"opportunity_owner",
	"sales_stage",
	"currency",
	"opportunity_amount",
)


def count_due(day: date, owners: list[str] | None = None) -> int:
	"""How many of the opportunities that the session's user may see, or of those of some owners, are due on a day."""
	query = _due(day, owners)
	return query.select(Count(deal.name)).run()[0][0] if query else 0


def rows_due(day: date, start: int, limit: int, owners: list[str] | None = None) -> list[dict]:
	"""Those opportunities, the longest quiet first.

	Returns: for each its `name`, title, party, owner (`opportunity_owner`, `owner_name`), stage and amount,
	`quiet_since`, `days_quiet`, `result` (Closed, or Passed Over) and `why`.
	"""
	query, broken, since = _due(day, owners), is_broken(), quiet_since()
	if not query:
		return []
	query = query.select(
		*(deal[field] for field in readable("Opportunity", FIELDS)), since.as_("quiet_since")
	).select(
		Case(alias="result").when(broken, PASSED_OVER).else_(CLOSED),
		Case(alias="why").when(broken, what_is_broken()).else_(reason()),
	)
	rows = query.orderby(since).orderby(deal.name).limit(limit).offset(start).run(as_dict=True)
	for row in rows:
		row.quiet_since = get_datetime(row.quiet_since)
		row.days_quiet = inactivity.days_quiet(row.quiet_since, day)
		row.owner_name = get_fullname(row.opportunity_owner) if row.get("opportunity_owner") else None
	return rows


def owners_to_warn(day: date) -> list[tuple[str, int]]:
	"""Whom a run on a day would warn of the next ones, and of how many, after it has closed what is due."""
	soon, now = to_warn_on(day), due_on(day)
	if soon is None:
		return []
	query = frappe.qb.from_(deal).where(soon if now is None else soon & ~now)
	query = query.groupby(deal.opportunity_owner).orderby(deal.opportunity_owner)
	return query.select(deal.opportunity_owner, Count(deal.name)).run()


def _due(day: date, owners: list[str] | None):
	"""The query for what is due, nothing selected yet; None if nothing ever is."""
	criterion = due_on(day)
	if criterion is None:
		return None
	query = frappe.qb.from_(deal).where(criterion).where(visible("Opportunity"))
	return query.where(deal.opportunity_owner.isin(owners)) if owners else query
