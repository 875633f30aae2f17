"""What moved: how the pipeline of one day became that of another, figure by figure, each with the list behind it."""

from datetime import date, timedelta

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count, Sum
from frappe.utils import flt, format_date, getdate

from crm_pipeline.crm_pipeline.report.utils import (
	BLUE,
	GREEN,
	ORANGE,
	choice,
	column,
	owners_in,
	period,
	read,
	several,
	unit_of,
)
from crm_pipeline.crm_pipeline.report.what_moved.movement_list import CLOSING, OPENING, list_of
from crm_pipeline.exceptions import ImpossibleDate
from crm_pipeline.history import movements
from crm_pipeline.history.as_of import in_play_on, state, weighted
from crm_pipeline.history.movements import Scope
from crm_pipeline.money.exchange_rates import base_currency, decimals_of
from crm_pipeline.permissions.field_levels import refuse_hidden_fields
from crm_pipeline.rules import money
from crm_pipeline.utils.validation import read_date

VALUES = {"Amount": "amount", "Weighted Amount": "weighted"}
FIGURES = ("amount", "weighted")
NEEDED = ("status", "currency", "conversion_rate", "base_opportunity_amount", "probability")
COLORS = ["#fefefe", BLUE, GREEN, ORANGE]  # base, pipeline, more, less
SHOWN = (
	OPENING,
	movements.NEW,
	movements.REOPENED,
	movements.TRANSFERRED_IN,
	movements.PULLED_IN,
	movements.RAISED,
	movements.LOWERED,
	movements.CURRENCY,
	movements.PROBABILITY,
	movements.SLIPPED,
	movements.TRANSFERRED_OUT,
	movements.WON,
	movements.LOST,
	movements.CLOSED,
	CLOSING,
)


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None, dict | None]:
	"""Return what was in the pipeline before a period, what moved in it, and what is in it at its end; or one figure's list.

	Filters: from_date and to_date (the last 30 days), opportunity_owner, sales_team, sales_process, closing_from and closing_to of the
	expected closing, based_on (Amount) of the chart, show: a movement, to list what is behind it.

	Raises:
		FieldOutOfReach, frappe.PermissionError, ImpossibleDate, TeamUnknown, UnreadableFilters
	"""
	filters = read(filters)
	first, last = period(filters, 30)
	scope = get_scope(filters)
	value = choice(filters, "based_on", VALUES)
	refuse_hidden_fields("Opportunity", *NEEDED)
	if filters.get("show"):
		show = choice(filters, "show", {name: name for name in SHOWN})
		return list_of(show, first, last, scope)
	data = get_data(first, last, scope)
	if not any(row["listed"] for row in data):
		# A workspace draws the rows of a report without a chart: names of ten would be cut off there.
		ends = [row for row in data if row["movement"] in (OPENING, CLOSING)]
		return get_columns(), ends, _("Nothing was in the pipeline on any of these days."), None
	return get_columns(), data, None, get_chart(data, value)


def get_scope(filters: dict) -> Scope:
	"""Return the part of the pipeline that is asked for: by owner and process as they were, and days of the expected closing.

	Raises:
		FieldOutOfReach, ImpossibleDate, TeamUnknown
	"""
	owners, processes = owners_in(filters), several(filters.get("sales_process"))
	for field, asked in (("opportunity_owner", owners), ("sales_process", processes)):
		if asked:
			refuse_hidden_fields("Opportunity", field)
	labels = {"closing_from": _("Closing From"), "closing_to": _("Closing To")}
	days = {
		name: read_date(filters[name], "Date", label) for name, label in labels.items() if filters.get(name)
	}
	if days:
		refuse_hidden_fields("Opportunity", "expected_closing")
	if len(days) == len(labels) and getdate(days["closing_to"]) < getdate(days["closing_from"]):
		frappe.throw(_("Closing To lies before Closing From."), ImpossibleDate, title=_("Period Impossible"))
	return Scope(tuple(owners), tuple(processes), **{name: getdate(day) for name, day in days.items()})


def get_columns() -> list[dict]:
	return [
		column("label", _("Movement"), "Data", 250),
		column("opportunities", _("Opportunities"), "Int", 130),
		column("amount", _("Amount"), "Currency", 160, options="currency"),
		column("weighted", _("Weighted Amount"), "Currency", 160, options="currency"),
		column("listed", _("Rows in the List"), "Int", 130),
	]


def get_data(first: date, last: date, scope: Scope) -> list[dict]:
	"""Return a row for each movement that is possible: opening, plus what follows, is closing."""
	places = decimals_of(base_currency())
	moved = movements.sums(first, last, scope, places)
	moved[OPENING] = pipeline_on(first - timedelta(days=1), scope, places)
	moved[CLOSING] = closing_of(moved)
	nothing = frappe._dict(count=0, amount=0, weighted=0)
	return [
		{
			"movement": movement,
			"label": get_label(movement, first, last),
			"opportunities": opportunities_of(movement, moved.get(movement, nothing).count),
			"listed": moved.get(movement, nothing).count,
			"currency": base_currency(),
			"bold": int(movement in (OPENING, CLOSING)),
			**{
				figure: money.round_to(flt(moved.get(movement, nothing)[figure]), places)
				for figure in FIGURES
			},
		}
		for movement in get_movements(scope)
	]


def get_movements(scope: Scope) -> list[str]:
	"""Return what can move: nothing is transferred within the whole, and nothing slips where no window is asked for."""
	possible = {
		(movements.TRANSFERRED_IN, movements.TRANSFERRED_OUT): scope.is_of_some,
		(movements.PULLED_IN, movements.SLIPPED): scope.has_window,
	}
	hidden = {name for names, is_possible in possible.items() if not is_possible for name in names}
	return [movement for movement in SHOWN if movement not in hidden]


def opportunities_of(movement: str, count: int) -> int | None:
	"""Return what a movement does to the number of opportunities; None where it changes values alone."""
	if movement in movements.CHANGES:
		return None
	return -count if movement in movements.EXITS else count


def pipeline_on(day: date, scope: Scope, places: int) -> frappe._dict:
	"""Return `count`, `amount` and `weighted` of what was in the pipeline at the end of a day."""
	query = in_play_on(day).where(scope.holds(state))
	amount = Coalesce(state.base_opportunity_amount, 0)
	(row,) = query.select(
		Count("*").as_("count"),
		Sum(amount).as_("amount"),
		Sum(weighted(amount, state.probability, places)).as_("weighted"),
	).run(as_dict=True)
	return row


def closing_of(moved: dict[str, frappe._dict]) -> frappe._dict:
	"""Return `count`, `amount` and `weighted` of what is in the pipeline after all that moved."""
	count = sum(opportunities_of(movement, each.count) or 0 for movement, each in moved.items())
	return frappe._dict(
		count=count, **{figure: sum(flt(each[figure]) for each in moved.values()) for figure in FIGURES}
	)


def get_short_label(movement: str, label: str) -> str:
	"""Return what has room below a bar."""
	return {OPENING: _("Before"), CLOSING: _("After")}.get(movement, label)


def get_label(movement: str, first: date, last: date) -> str:
	labels = {
		OPENING: _("Pipeline on {0}").format(format_date(first - timedelta(days=1))),
		movements.NEW: _("New"),
		movements.REOPENED: _("Reopened"),
		movements.TRANSFERRED_IN: _("Transferred In"),
		movements.PULLED_IN: _("Pulled In"),
		movements.RAISED: _("Raised"),
		movements.LOWERED: _("Lowered"),
		movements.CURRENCY: _("Currency"),
		movements.PROBABILITY: _("Probability"),
		movements.SLIPPED: _("Slipped"),
		movements.TRANSFERRED_OUT: _("Transferred Out"),
		movements.WON: _("Won"),
		movements.LOST: _("Lost"),
		movements.CLOSED: _("Closed"),
		CLOSING: _("Pipeline on {0}").format(format_date(last)),
	}
	return labels[movement]


def get_chart(data: list[dict], value: str) -> dict:
	"""Return bars each of which begins where the one before ends, on a base that the report's script makes invisible."""
	drawn = [row for row in data if row[value] or row["movement"] in (OPENING, CLOSING)]
	level, bars = 0.0, []
	for row in drawn:
		change = row[value]
		if row["movement"] in (OPENING, CLOSING):
			level = change
			bars.append((0, change, 0, 0))
		else:
			level += change
			bars.append((min(level, level - change), 0, max(change, 0), max(-change, 0)))
	names, places = (_("Base"), _("Pipeline"), _("More"), _("Less")), decimals_of(base_currency())
	values = [[money.round_to(bar[position], places) for bar in bars] for position in range(len(names))]
	datasets = [{"name": name, "values": each} for name, each in zip(names, values, strict=True)]
	return {
		"type": "bar",
		"barOptions": {"stacked": 1, "spaceRatio": 0.3},
		"colors": COLORS,
		**unit_of(True),
		"data": {
			"labels": [get_short_label(row["movement"], row["label"]) for row in drawn],
			"datasets": datasets,
		},
	}
