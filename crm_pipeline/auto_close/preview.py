"""What a run of auto-close would do on a day, and why."""

from datetime import date

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import get_datetime, get_fullname
from pypika import Case
from pypika.queries import QueryBuilder

from crm_pipeline.auto_close.closing import reason
from crm_pipeline.auto_close.due import (
	CLOSED,
	SKIPPED,
	due_on,
	inactive_since,
	is_broken,
	opportunity,
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
	"""Return how many of the opportunities that the session's user may see, or of those of some owners, are due on a day."""
	query = _due(day, owners)
	return query.select(Count(opportunity.name)).run()[0][0] if query else 0


def rows_due(day: date, start: int, limit: int, owners: list[str] | None = None) -> list[frappe._dict]:
	"""Return those opportunities, the longest inactive first.

	Returns: for each its `name`, title, party, owner (`opportunity_owner`, `owner_name`), stage and amount,
	`inactive_since`, `days_inactive`, `result` (Closed, or Skipped) and `why`.
	"""
	query, broken, since = _due(day, owners), is_broken(), inactive_since()
	if not query:
		return []
	query = query.select(
		*(opportunity[field] for field in readable("Opportunity", FIELDS)), since.as_("inactive_since")
	).select(
		Case(alias="result").when(broken, SKIPPED).else_(CLOSED),
		Case(alias="why").when(broken, what_is_broken()).else_(reason()),
	)
	rows = query.orderby(since).orderby(opportunity.name).limit(limit).offset(start).run(as_dict=True)
	for row in rows:
		row.inactive_since = get_datetime(row.inactive_since)
		row.days_inactive = inactivity.days_inactive(row.inactive_since, day)
		row.owner_name = get_fullname(row.opportunity_owner) if row.get("opportunity_owner") else None
	return rows


def owners_to_warn(day: date) -> list[tuple[str, int]]:
	"""Return whom a run on a day would warn of the next ones, and of how many, after it has closed what is due."""
	soon, now = to_warn_on(day), due_on(day)
	if soon is None:
		return []
	query = frappe.qb.from_(opportunity).where(soon if now is None else soon & ~now)
	query = query.groupby(opportunity.opportunity_owner).orderby(opportunity.opportunity_owner)
	return query.select(opportunity.opportunity_owner, Count(opportunity.name)).run()


def _due(day: date, owners: list[str] | None) -> QueryBuilder | None:
	"""Return the query for what is due, nothing selected yet; None if nothing ever is."""
	criterion = due_on(day)
	if criterion is None:
		return None
	query = frappe.qb.from_(opportunity).where(criterion).where(visible("Opportunity"))
	return query.where(opportunity.opportunity_owner.isin(owners)) if owners else query
