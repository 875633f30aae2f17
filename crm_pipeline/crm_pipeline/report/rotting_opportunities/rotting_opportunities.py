from collections.abc import Iterable
from datetime import date
from operator import itemgetter

from frappe import _
from frappe.utils import get_datetime, getdate

from crm_pipeline.crm_pipeline.report import first_rows
from crm_pipeline.crm_pipeline.report.utils import column, read, visible_opportunities
from crm_pipeline.history.ageing import last_activity
from crm_pipeline.history.rotting import limits, opportunity, rotting_on
from crm_pipeline.permissions.field_levels import readable, readable_columns
from crm_pipeline.rules import inactivity
from crm_pipeline.utils.bulk_sql import day_as_text
from crm_pipeline.utils.people import full_names

FIELDS = (
	"name",
	"title",
	"customer_name",
	"opportunity_owner",
	"sales_process",
	"sales_stage",
	"opportunity_amount",
	"currency",
)


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None]:
	"""Return the opportunities in play on which nothing has happened for longer than their stage allows, the longest first.

	Filters: rows (First, or All), opportunity_owner, sales_team, sales_process, sales_stage.

	Raises:
		FieldOutOfReach, TeamUnknown, UnreadableFilters
	"""
	return readable_columns("Opportunity", get_columns()), *get_data(read(filters))


def get_columns() -> list[dict]:
	"""Return what decides stands before the rest; all of it is seen on a screen of 1,400 pixels."""
	return [
		column("name", _("Opportunity"), "Link", 188, options="Opportunity"),
		column("title", _("Opportunity Name"), "Data", 160),
		column("days_idle", _("Idle (Days)"), "Int", 100),
		column("rotting_days", _("Limit"), "Int", 64),
		column("idle_since", _("Last Activity"), "Date", 116),
		column("sales_stage", _("Stage"), "Link", 90, options="Sales Stage"),
		column("owner_name", _("Owner"), "Data", 128),
		column("customer_name", _("Party Name"), "Data", 132),
		column("opportunity_amount", _("Amount"), "Currency", 114, options="currency"),
	]


def get_data(filters: dict) -> tuple[list[dict], str | None]:
	"""Return the rows, the longest idle first, and what is said if these are not all.

	Since when they are idle is read with them, whoever may see the fields that tell. The database says what follows from four
	moments, as one text, and what follows from a day is worked out once: there may be tens of thousands of rows.
	"""
	today, shown, is_cut = getdate(), readable("Opportunity", FIELDS), first_rows.is_cut(filters)
	rotting = visible_opportunities(filters, "opportunity_owner", "sales_process", "sales_stage")
	rotting = rotting.where(rotting_on(today))
	query, since = rotting, day_as_text(last_activity()).as_("idle_since")
	if is_cut:
		in_order = rotting.select(opportunity.name, since).orderby(since).orderby(opportunity.name)
		query, first = first_rows.beginning_of(in_order)
		since = first.idle_since
	found = query.select(*(opportunity[field] for field in shown), since).run()
	rows = get_rows(found, (*shown, "idle_since"), today)
	# One after the other: to compare two keys at once takes several times as long.
	rows.sort(key=itemgetter("name"))
	rows.sort(key=itemgetter("days_idle"), reverse=True)
	return first_rows.cut(rows, rotting) if is_cut else (first_rows.without_empty_columns(rows), None)


def get_rows(found: Iterable[tuple], fields: tuple[str, ...], today: date) -> list[dict]:
	rows: list[dict] = [dict(zip(fields, values, strict=True)) for values in found]
	limit_of = {(row.sales_process, row.sales_stage): row.rotting_days for row in limits()}
	names = full_names({row.get("opportunity_owner") for row in rows})
	idle = {}
	for text in {row["idle_since"] for row in rows}:
		since = get_datetime(text)
		idle[text] = since.date(), inactivity.days_inactive(since, today)
	for row in rows:
		row["idle_since"], row["days_idle"] = idle[row["idle_since"]]
		row["rotting_days"] = limit_of.get((row.get("sales_process"), row.get("sales_stage")))
		row["owner_name"] = names.get(row.get("opportunity_owner") or "")
	return rows
