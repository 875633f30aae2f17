from collections import Counter

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count, Sum
from frappe.utils import flt
from pypika import Case
from pypika.queries import QueryBuilder

from crm_pipeline.crm_pipeline.report.changes import changes_in_period, count_of
from crm_pipeline.crm_pipeline.report.opportunity_list import Heading, figure_asked_for, person
from crm_pipeline.crm_pipeline.report.owner_performance.owner_lists import list_of
from crm_pipeline.crm_pipeline.report.utils import (
	CHARTED,
	GREEN,
	ORANGE,
	column,
	period,
	read,
	visible_opportunities,
)
from crm_pipeline.history.as_of import change, opportunity
from crm_pipeline.history.changes import FOLLOW_UP
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.permissions.visibility import KEPT_FIELDS
from crm_pipeline.rules import money, shares
from crm_pipeline.rules.status import CONVERTED, LOST
from crm_pipeline.utils.bulk_sql import days_between
from crm_pipeline.utils.people import full_names

DAYS = 365  # of the period unless it is asked for
NARROWING = ("opportunity_owner", "sales_process", "opportunity_type", "source")
ASKED = (*KEPT_FIELDS, "closed_on", "transaction_date", "base_close_revenue")


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return what each owner won and lost in a period, how quickly, and how many follow-ups they did; or one figure's list.

	The rate is the share of what was won in what was won or lost; what is closed without either counts for neither. It
	comes with the interval in which it lies with a certainty of 95 %, since few opportunities say little. Days are calendar days
	from an opportunity's date to its closing date, on the average of what was won.

	Filters: from_date and to_date of the closing (the last 365 days), opportunity_owner, sales_team, sales_process,
	opportunity_type, source, show: a figure, to list what is behind it.

	Raises:
		FieldOutOfReach, ImpossibleDate, TeamUnknown, UnreadableFilters
	"""
	filters = read(filters)
	refuse_hidden_fields("Opportunity", *ASKED)
	if figure := figure_asked_for(filters):
		return list_of(ended(filters), followed_up(filters), Heading(figure, get_columns(), person))
	outcomes, follow_ups = ended_by_owner(filters), follow_ups_by_user(filters)
	rows = get_rows(outcomes, follow_ups)
	data = [*rows, get_total(outcomes, follow_ups)] if len(rows) > 1 else rows
	return get_columns(), data, None, get_chart(rows) if rows else None


def get_columns() -> list[dict]:
	return [
		column("owner_name", _("Owner"), "Data", 170),
		column("won", _("Won"), "Int", 80),
		column("lost", _("Lost"), "Int", 80),
		column("win_rate", _("Win Rate"), "Percent", 100, precision=1),
		column("rate_from", _("At Least"), "Percent", 100, precision=1),
		column("rate_to", _("At Most"), "Percent", 100, precision=1),
		column("revenue", _("Revenue"), "Currency", 130, options="currency"),
		column("days_to_win", _("Days to Win"), "Float", 110, precision=1),
		column("follow_ups", _("Follow-ups Done"), "Int", 150),
	]


def get_rows(outcomes: dict[str, frappe._dict], follow_ups: Counter) -> list[dict]:
	"""Return a row for whoever won, lost or followed up something, the most revenue first."""
	users = {*outcomes, *follow_ups}
	names = full_names(users)
	rows = [get_row(user, names, outcomes.get(user) or frappe._dict(), follow_ups[user]) for user in users]
	return sorted(rows, key=lambda row: (-row["revenue"], -row["won"], row["owner_name"]))


def get_total(outcomes: dict[str, frappe._dict], follow_ups: Counter) -> dict:
	"""Return the row of all together, whose rate and days are those of all opportunities, no average of rows."""
	sums = {
		name: sum(flt(ended[name]) for ended in outcomes.values())
		for name in ("won", "lost", "revenue", "days")
	}
	total = get_row("", {}, frappe._dict(sums), follow_ups.total())
	return {**total, "row": None, "owner_name": _("Total"), "bold": 1}


def get_row(user: str, names: dict, ended: frappe._dict, follow_ups: int) -> dict:
	won, lost = (int(ended.get(outcome) or 0) for outcome in ("won", "lost"))
	rate = shares.share(won, won + lost)
	return {
		"row": user,
		"owner_name": (names.get(user) or user) if user else _("Not Set"),
		"won": won,
		"lost": lost,
		"win_rate": rate.found,
		"rate_from": rate.low,
		"rate_to": rate.high,
		"revenue": money.round_to(flt(ended.get("revenue")), decimals_of(base_currency())),
		"currency": base_currency(),
		"days_to_win": int(ended.days or 0) / won if won else None,
		"follow_ups": follow_ups,
	}


def ended(filters: dict) -> QueryBuilder:
	"""Return the query on what was won or lost in the period, nothing selected yet."""
	first, last = period(filters, DAYS)
	query = visible_opportunities(filters, *NARROWING).where(opportunity.closed_on[first:last])
	return query.where(opportunity.status.isin([CONVERTED, LOST]))


def ended_by_owner(filters: dict) -> dict[str, frappe._dict]:
	"""Return `won`, `lost`, `revenue` and the `days` from the date to the closing date of all that was won, by owner."""
	owner = Coalesce(opportunity.opportunity_owner, "")
	query = ended(filters).groupby(owner)
	is_won = opportunity.status == CONVERTED
	days = days_between(opportunity.transaction_date, opportunity.closed_on)
	query = query.select(
		owner.as_("owner"),
		count_of(is_won).as_("won"),
		count_of(opportunity.status == LOST).as_("lost"),
		Sum(Case().when(is_won, opportunity.base_close_revenue).else_(0)).as_("revenue"),
		Sum(Case().when(is_won, days).else_(0)).as_("days"),
	)
	return {row.owner: row for row in query.run(as_dict=True)}


def followed_up(filters: dict) -> QueryBuilder:
	"""Return the query on the follow-ups done in the period, nothing selected yet."""
	return changes_in_period(filters, DAYS, *NARROWING).where(change.change == FOLLOW_UP)


def follow_ups_by_user(filters: dict) -> Counter:
	"""Return how many follow-ups each user did on opportunities that the filters leave, whoever owns these."""
	query = followed_up(filters)
	return Counter(dict(query.select(change.by, Count(change.name)).groupby(change.by).run()))


def get_chart(rows: list[dict]) -> dict:
	charted = rows[:CHARTED]
	return {
		"type": "bar",
		"colors": [GREEN, ORANGE],
		"data": {
			"labels": [row["owner_name"] for row in charted],
			"datasets": [
				{"name": _("Won"), "values": [row["won"] for row in charted]},
				{"name": _("Lost"), "values": [row["lost"] for row in charted]},
			],
		},
	}
