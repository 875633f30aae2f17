"""What will be won when: by expected closing, beside what was won before and what was forecast a month ago."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count, Sum
from frappe.utils import add_to_date, flt, getdate
from pypika.queries import QueryBuilder
from pypika.terms import Term

from crm_pipeline.crm_pipeline.report.periods import label, periods_between
from crm_pipeline.crm_pipeline.report.sales_pipeline_analytics.sales_pipeline_analytics import MONTHS
from crm_pipeline.crm_pipeline.report.utils import (
	BLUE,
	ORANGE,
	choice,
	column,
	owners_in,
	period,
	read,
	several,
	unit_of,
	visible_opportunities,
)
from crm_pipeline.history.as_of import in_play_on, opportunity, state, weighted
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.rules import money, status

AHEAD = 335  # days of the default period, so that it ends in the twelfth month
NEEDED = (
	"status",
	"closed_on",
	"expected_closing",
	"base_opportunity_amount",
	"weighted_amount",
	"base_close_revenue",
	"probability",
)
NARROWED_BY = ("opportunity_owner", "sales_process")
OVERDUE, WITHOUT_DATE, PERIOD = "Overdue", "Without Date", "Period"
AMOUNTS = ("won", "weighted", "best_case", "forecast", "month_ago", "change", "previous")


class Group(NamedTuple):
	"""A row: a kind and, of a period, its first and last day; no day is within what is no period."""

	kind: str
	first: date = date.max
	last: date = date.min


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], None, dict]:
	"""Return what was won, and what is in play by its expected closing, in the base currency: a row per month or quarter.

	Filters: range (Monthly), from_date and to_date (twelve months), opportunity_owner, sales_team, sales_process.

	Raises:
		FieldOutOfReach, frappe.PermissionError, ImpossibleDate, TeamUnknown, TooManyPeriods, UnreadableFilters
	"""
	filters = read(filters)
	first, last = (getdate(day) for day in period(filters, AHEAD, ahead=True))
	months = choice(filters, "range", MONTHS)
	narrowed = [field for field in NARROWED_BY if several(filters.get(field))]
	refuse_hidden_fields("Opportunity", *NEEDED, *narrowed)
	data = get_data(filters, groups_of(periods_between(first, last, months), months), months)
	return get_columns(), data, None, get_chart(data)


def groups_of(starts: list[date], months: int) -> list[Group]:
	"""Return the rows: what is overdue, each period, and what has no date."""
	ends = [months_after(start, months) - timedelta(days=1) for start in starts]
	periods = [Group(PERIOD, start, end) for start, end in zip(starts, ends, strict=True)]
	return [Group(OVERDUE), *periods, Group(WITHOUT_DATE)]


def months_after(day: date, months: int) -> date:
	"""Return the same day some months later, or earlier; the last of the month if there is no such day."""
	return getdate(add_to_date(day, months=months))


def get_columns() -> list[dict]:
	amounts = {
		"won": _("Won"),
		"weighted": _("Weighted"),
		"forecast": _("Forecast"),
		"best_case": _("Best Case"),
		"month_ago": _("A Month Ago"),
		"change": _("Change"),
		"previous": _("Won Before"),
	}
	return [
		column("label", _("Expected Closing"), "Data", 150),
		column("opportunities", _("In Play"), "Int", 80),
		*(column(field, label, "Currency", 120, options="currency") for field, label in amounts.items()),
	]


def get_data(filters: dict, groups: list[Group], months: int) -> list[dict]:
	"""Return a row for each group, and their total."""
	today, ago = getdate(), months_after(getdate(), -1)
	periods = [group for group in groups if group.kind == PERIOD]
	shift = months * len(periods)
	won = won_by_day(filters, months_after(periods[0].first, -shift), periods[-1].last)
	now = _by_group(in_play_now(filters), groups, today)
	# What was to close since then, but before the rows begin, is beside what is overdue by now.
	then = _by_group(in_play_then(filters, ago), groups, max(ago, min(periods[0].first, today)))
	rows = []
	for group in groups:
		figures = {**_won(won, group, ago, shift), **now[group], "then": then[group]["weighted"]}
		rows.append(_row(group, figures, today, months))
	owners = owners_in(filters)
	return [*({**row, "owners": owners} for row in rows), _total(rows)]


def won_by_day(filters: dict, first: date, last: date) -> dict[date, float]:
	"""Return the revenue of what was won, by the day on which it was."""
	query = visible_opportunities(filters, *NARROWED_BY).where(opportunity.status == status.CONVERTED)
	query = query.where(opportunity.closed_on[first:last]).groupby(opportunity.closed_on)
	rows = query.select(opportunity.closed_on, Sum(opportunity.base_close_revenue)).run()
	return {getdate(day): flt(amount) for day, amount in rows}


def in_play_now(filters: dict) -> list[frappe._dict]:
	query = visible_opportunities(filters, *NARROWED_BY).where(
		opportunity.status.isin(sorted(status.IN_PLAY))
	)
	return _by_closing(query, opportunity, opportunity.weighted_amount)


def in_play_then(filters: dict, day: date) -> list[frappe._dict]:
	"""Return what was in play at the end of a day, of owners and processes that it had then."""
	query = in_play_on(day)
	asked = {"opportunity_owner": owners_in(filters), "sales_process": several(filters.get("sales_process"))}
	for field, values in asked.items():
		if values:
			query = query.where(state[field].isin(values))
	places = decimals_of(base_currency())
	return _by_closing(query, state, weighted(state.base_opportunity_amount, state.probability, places))


def _by_closing(query: QueryBuilder, table: Term, weight: Term) -> list[frappe._dict]:
	"""Return `count`, `amount` and `weighted` by expected closing."""
	return (
		query.groupby(table.expected_closing)
		.select(
			table.expected_closing.as_("day"),
			Count("*").as_("count"),
			Sum(Coalesce(table.base_opportunity_amount, 0)).as_("amount"),
			Sum(Coalesce(weight, 0)).as_("weighted"),
		)
		.run(as_dict=True)
	)


def _by_group(rows: Iterable[frappe._dict], groups: list[Group], day: date) -> dict[Group, dict]:
	"""Return the sums of each group, of what was in play on a day."""
	found = {group: dict.fromkeys(("count", "amount", "weighted"), 0.0) for group in groups}
	for row in rows:
		if group := _group_of(row.day and getdate(row.day), groups, day):
			for figure, value in found[group].items():
				found[group][figure] = value + flt(row[figure])
	return found


def _group_of(closing: date | None, groups: list[Group], day: date) -> Group | None:
	"""Return where an expected closing belongs on a day: what is past is overdue, whatever its period; None if nowhere."""
	if not closing:
		return Group(WITHOUT_DATE)
	if closing < day:
		return Group(OVERDUE)
	return next((each for each in groups if each.first <= closing <= each.last), None)


def _won(by_day: dict[date, float], group: Group, ago: date, shift: int) -> dict:
	"""Return the revenue of a period, what of it was there a month ago, and that of the period before.

	Args:
		shift: in months, from the period before to this one.
	"""
	if group.kind != PERIOD:
		return {"won": 0.0, "won_then": 0.0, "previous": 0.0}
	first, last = months_after(group.first, -shift), months_after(group.last + timedelta(days=1), -shift)
	return {
		"won": _sum(by_day, lambda day: group.first <= day <= group.last),
		"won_then": _sum(by_day, lambda day: group.first <= day <= min(group.last, ago)),
		"previous": _sum(by_day, lambda day: first <= day < last),
	}


def _sum(by_day: dict[date, float], counts: Callable[[date], bool]) -> float:
	return sum(amount for day, amount in by_day.items() if counts(day))


def _row(group: Group, figures: dict, today: date, months: int) -> dict:
	labels = {OVERDUE: _("Closing Passed"), WITHOUT_DATE: _("Without Date")}
	forecast, month_ago = figures["won"] + figures["weighted"], figures["won_then"] + figures["then"]
	amounts = {
		"won": figures["won"],
		"weighted": figures["weighted"],
		"best_case": figures["won"] + figures["amount"],
		"forecast": forecast,
		"month_ago": month_ago,
		"change": forecast - month_ago,
		"previous": figures["previous"],
	}
	return {
		"label": labels.get(group.kind) or label(group.first, months),
		"kind": group.kind,
		**_days(group, today),
		"opportunities": int(figures["count"]),
		"currency": base_currency(),
		**_rounded(amounts),
	}


def _days(group: Group, today: date) -> dict[str, date]:
	"""Return what the links of a row need: the days of its period, and from which on it is not overdue."""
	if group.kind != PERIOD:
		return {}
	return {"first_day": group.first, "last_day": group.last, "first_open_day": max(group.first, today)}


def _total(rows: list[dict]) -> dict:
	sums = {field: sum(row[field] for row in rows) for field in AMOUNTS}
	count = sum(row["opportunities"] for row in rows)
	return {
		"label": _("Total"),
		"bold": 1,
		"opportunities": count,
		"currency": base_currency(),
		**_rounded(sums),
	}


def _rounded(amounts: dict[str, float]) -> dict[str, float]:
	"""Return amounts free of what adding up binary fractions leaves."""
	return {field: money.round_to(amount, decimals_of(base_currency())) for field, amount in amounts.items()}


def get_chart(data: list[dict]) -> dict:
	periods = [row for row in data if row.get("kind") == PERIOD]
	labels = {"won": _("Won"), "weighted": _("Weighted")}
	return {
		"type": "bar",
		"barOptions": {"stacked": 1},
		"colors": [BLUE, ORANGE],
		**unit_of(True),
		"over_time": 1,
		"data": {
			"labels": [row["label"] for row in periods],
			"datasets": [
				{"name": label, "values": [row[field] for row in periods]} for field, label in labels.items()
			],
		},
	}
