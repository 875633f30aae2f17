"""Which owners have follow-ups to do, and which have opportunities without a next step; every figure opens the list behind it."""

from datetime import date, datetime

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count, Min, Sum
from frappe.utils import flt, get_datetime
from pypika import Case
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from crm_pipeline.board.states import (
	Moments,
	at_work,
	in_play,
	moments,
	of_those_in_play,
	of_those_that_ask,
)
from crm_pipeline.crm_pipeline.report import opportunity_list
from crm_pipeline.crm_pipeline.report.changes import count_of
from crm_pipeline.crm_pipeline.report.opportunity_list import Figure, Heading, figure_asked_for, refuse_figure
from crm_pipeline.crm_pipeline.report.utils import (
	BLUE,
	CHARTED,
	GREEN,
	ORANGE,
	column,
	in_order_of_index,
	read,
	visible_opportunities,
)
from crm_pipeline.history.as_of import opportunity
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.rules import money, time_zones
from crm_pipeline.rules.status import PAUSED
from crm_pipeline.rules.view_filters import NO_STEP, OVERDUE, TODAY
from crm_pipeline.utils.people import full_names
from crm_pipeline.utils.time_zones import zones_of

NEEDED = ("opportunity_owner", "next_contact_date", "base_opportunity_amount")
NARROWED_BY = ("opportunity_owner", "sales_process")
WEEK, ALL = "next_7_days", "opportunities"
COUNTS = (OVERDUE, TODAY, WEEK, NO_STEP, ALL)
VALUES = {"overdue_amount": OVERDUE, "amount": ALL}  # of which count


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return a row per owner: follow-ups overdue, today and in the seven days after, and what has no next step; or one figure's list.

	Days are those of the reader's own clock, as on My Day: what was due earlier today is overdue. What is paused asks for
	nothing, but for a contact that was missed. Whatever is planned for later is left out.

	Filters: opportunity_owner, sales_team, sales_process, show: a figure, to list what is behind it.

	Raises:
		FieldOutOfReach, frappe.PermissionError, TeamUnknown, UnreadableFilters
	"""
	filters = read(filters)
	refuse_hidden_fields("Opportunity", *NEEDED)
	at = moments()
	if figure := figure_asked_for(filters):
		return get_list(filters, at, figure)
	rows = get_rows(filters, at)
	data = [*rows, get_total(rows)] if rows else []
	return get_columns(), data, None, get_chart(rows)


def get_columns() -> list[dict]:
	return [
		column("owner_name", _("Owner"), "Data", 156),
		column(OVERDUE, _("Overdue"), "Int", 90),
		column("oldest", _("Overdue Since"), "Date", 130),
		column("overdue_amount", _("Amount Overdue"), "Currency", 140, options="currency"),
		column(TODAY, _("Today"), "Int", 90),
		column(WEEK, _("Next 7 Days"), "Int", 110),
		column(NO_STEP, _("No Next Step"), "Int", 130),
		column(ALL, _("All of These"), "Int", 110),
		column("amount", _("Amount"), "Currency", 140, options="currency"),
	]


def criteria(at: Moments) -> dict[str, Criterion]:
	"""Return what each count has, of opportunities in play; none is in two of them but in that of all."""
	of_states = {state: of_those_in_play(state, at) for state in (OVERDUE, TODAY, NO_STEP)}
	counted = {**of_states, WEEK: at_work() & in_week(at)}
	return {**counted, ALL: Criterion.any(counted.values())}


def in_week(at: Moments) -> Criterion:
	planned = opportunity.next_contact_date
	return (planned > at.today) & (planned <= at.week)


def in_scope(filters: dict) -> QueryBuilder:
	"""Return the query on what is in play, nothing selected yet."""
	return visible_opportunities(filters, *NARROWED_BY).where(in_play())


def get_rows(filters: dict, at: Moments) -> list[dict]:
	"""Return a row for each owner who has something: whoever has most overdue first.

	What `criteria` ask of each opportunity is asked of its next contact alone, and of its status once those of one are added up.
	Of each part it is counted how many are due before an end; what lies between two ends is the difference.
	"""
	part = get_parts(filters, at)
	row, awake = Coalesce(part.owner, "").as_("row"), part.status != PAUSED
	states = {
		TODAY: part.until_today - part[OVERDUE],
		WEEK: part.planned - part.until_today,
		NO_STEP: part["count"] - part.planned,
	}
	sums = {
		OVERDUE: part[OVERDUE],
		**{name: Case().when(awake, term).else_(0) for name, term in states.items()},
		"amount": Case().when(awake, part.amount).else_(part.overdue_amount),
		"overdue_amount": part.overdue_amount,
	}
	query = frappe.qb.from_(part).groupby(row).select(row, Min(part.oldest).as_("oldest"))
	query = query.select(*(Sum(term).as_(name) for name, term in sums.items()))
	found = query.run(as_dict=True)
	for each in found:
		each[ALL] = sum(each[name] for name in COUNTS if name != ALL)
	found = [each for each in found if each[ALL]]
	names = full_names(row.row for row in found)
	rows = [get_row(row, names) for row in found]
	return sorted(rows, key=lambda row: (-row[OVERDUE], row["oldest"] or date.max, row["owner_name"]))


def get_parts(filters: dict, at: Moments) -> QueryBuilder:
	"""Return the query of what is due within a week or has no next step, added up in the order of an index."""
	planned, amount = opportunity.next_contact_date, opportunity.base_opportunity_amount
	overdue = of_those_that_ask(OVERDUE, at)
	terms = {
		"status": opportunity.status,
		"owner": opportunity.opportunity_owner,
		"oldest": Min(planned),
		"count": Count("*"),
		"planned": Count(planned),
		OVERDUE: count_of(overdue),
		"until_today": count_of(planned <= at.today),
		"amount": Sum(amount),
		"overdue_amount": Sum(Case().when(overdue, amount).else_(0)),
	}
	query = in_scope(filters).where(planned.isnull() | (planned <= at.week)).groupby(*in_order_of_index())
	return query.select(*(term.as_(name) for name, term in terms.items())).as_("part")


def get_row(found: frappe._dict, names: dict[str, str]) -> dict:
	return {
		"row": found.row,
		"owner_name": names.get(found.row, found.row) or _("Not Set"),
		"currency": base_currency(),
		"oldest": get_day(found.oldest) if found[OVERDUE] else None,
		**{name: int(found[name]) for name in COUNTS},
		**{name: money.round_to(flt(found[name]), decimals_of(base_currency())) for name in VALUES},
	}


def get_day(moment: datetime | str) -> date:
	"""Return the day that the reader's clock shows at a moment of the site."""
	return time_zones.in_zone(get_datetime(moment), *zones_of(frappe.session.user)).date()


def get_total(rows: list[dict]) -> dict:
	places = decimals_of(base_currency())
	return {
		"owner_name": _("Total"),
		"bold": 1,
		"currency": base_currency(),
		"oldest": min((row["oldest"] for row in rows if row["oldest"]), default=None),
		**{name: sum(row[name] for row in rows) for name in COUNTS},
		**{name: money.round_to(sum(row[name] for row in rows), places) for name in VALUES},
	}


def get_list(filters: dict, at: Moments, figure: Figure) -> opportunity_list.List:
	"""Return the opportunities of one figure, with their next contact.

	Raises:
		UnreadableFilters: there is no such figure.
	"""
	name = VALUES.get(figure.column, figure.column)
	counted = criteria(at)
	if name not in counted:
		refuse_figure(figure.column)
	query = in_scope(filters).where(counted[name])
	query = opportunity_list.of_row(query, figure, opportunity.opportunity_owner)
	next_contact = column("next_contact_date", _("Next Contact"), "Datetime", 176)
	heading = Heading(figure, get_columns(), opportunity_list.person)
	return opportunity_list.list_of(
		query, next_contact, of=heading, next_contact_date=opportunity.next_contact_date
	)


def get_chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	labels = {OVERDUE: _("Overdue"), TODAY: _("Today"), WEEK: _("Next 7 Days")}
	charted = rows[:CHARTED]
	datasets = [{"name": label, "values": [row[name] for row in charted]} for name, label in labels.items()]
	return {
		"type": "bar",
		"barOptions": {"stacked": 1},
		"colors": [ORANGE, BLUE, GREEN],
		"data": {"labels": [row["owner_name"] for row in charted], "datasets": datasets},
	}
