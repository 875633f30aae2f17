"""The forecast of the pipeline page: what is in play by the month in which it is expected to close, narrowed as the board."""

from datetime import date

import frappe
from frappe import _
from frappe.utils import cint
from pypika import Case
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from crm_pipeline.board.cards import cards_of
from crm_pipeline.board.opportunities import seen_in, urgency
from crm_pipeline.board.states import in_play, in_state, moments
from crm_pipeline.board.sums import adding, figure
from crm_pipeline.exceptions import UnreadableFilters
from crm_pipeline.history.rotting import opportunity
from crm_pipeline.permissions.field_levels import is_readable, refuse_hidden_fields
from crm_pipeline.rules import status
from crm_pipeline.rules.forecast_columns import NO_DATE, ForecastColumn, columns_on, month_key
from crm_pipeline.rules.view_filters import Filters, closing_span
from crm_pipeline.utils.markup import bold
from crm_pipeline.utils.time_zones import today_of

WON = "won"


def own_today() -> date:
	"""Return the day that the session's user has, which the columns begin with.

	Raises:
		FieldOutOfReach: they may not read when opportunities are expected to close.
	"""
	refuse_hidden_fields("Opportunity", "expected_closing")
	return today_of(frappe.session.user)


def forecast(process: str, filters: Filters, limit: int) -> tuple[list[dict], dict]:
	"""Return the columns with their figures and first cards, and the legend of the cards.

	Args:
		limit: of cards of each column.

	Returns:
		columns: `key`, `first_day`, `last_day`, `count`, `amount`, `weighted`, `cards`, and `won`, which is None but in
			the present month: `count` and `amount` (revenue) of what was won since its first day, both None where the
			user may not read when opportunities ended.
	"""
	today = own_today()
	shown, sums = columns_on(today), sums_by_column(process, filters, today)
	first = [
		(column, name)
		for column in shown
		if column.key in sums
		for name in names_in_column(process, filters, column, 0, limit)
	]
	cards, legend = cards_of([name for _column, name in first])
	place = {name: column for column, name in first}
	return [
		{
			**column._asdict(),
			**_figures(sums.get(column.key)),
			"won": _won(sums.get(WON)) if column.key == month_key(today) else None,
			"cards": [card for card in cards if place[card.name] is column],
		}
		for column in shown
	], legend


def sums_by_column(process: str, filters: Filters, today: date) -> dict[str, frappe._dict]:
	"""Return `count` and sums by column, and as WON of what was won in the month of `today`: all of one statement.

	A state is one of what is in play; what was won counts whatever it is.
	"""
	in_columns, counted = Case(), in_state(filters.state, moments()) if filters.state else in_play()
	if is_readable("Opportunity", "closed_on"):
		won = opportunity.status == status.CONVERTED
		in_columns = in_columns.when(won, WON)
		first, last = closing_span("this_month", today, today)
		counted |= won & opportunity.closed_on[first:last]
	for column in columns_on(today):
		in_columns = in_columns.when(standing_in(column), column.key)
	query = seen_in(process, filters._replace(state=None)).where(counted)
	query = query.select(in_columns.as_("forecast_column")).groupby(in_columns)
	rows = adding(query, "amount", "weighted", "revenue").run(as_dict=True)
	return {row.forecast_column: row for row in rows}


def names_in_column(
	process: str, filters: Filters, column: ForecastColumn, start: int, limit: int
) -> list[str]:
	"""Return the names of a column: what is to close first comes first, then as on the board."""
	query = _of_column(process, filters, column).select(opportunity.name)
	query = query.orderby(opportunity.expected_closing).orderby(urgency()).orderby(opportunity.name)
	return [name for (name,) in query.limit(limit).offset(start).run()]


def column_of(key: str) -> ForecastColumn:
	"""Return a column by its key.

	Raises:
		UnreadableFilters: there is none, or no longer.
		FieldOutOfReach
	"""
	shown = {column.key: column for column in columns_on(own_today())}
	if key not in shown:
		frappe.throw(
			_("The forecast has no column {0}. Choose one of: {1}").format(bold(key[:40]), ", ".join(shown)),
			UnreadableFilters,
			title=_("Column Unknown"),
		)
	return shown[key]


def standing_in(column: ForecastColumn) -> Criterion:
	"""Match what a column holds of what is in play."""
	closing = opportunity.expected_closing
	if column.key == NO_DATE:
		return closing.isnull()
	ends = [closing >= _text(column.first_day)] if column.first_day else []
	ends += [closing <= _text(column.last_day)] if column.last_day else []
	return Criterion.all(ends)


def _text(day: date) -> str:
	"""Return a day as databases keep it, within a CASE too."""
	return f"{day:%Y-%m-%d}"


def _of_column(process: str, filters: Filters, column: ForecastColumn) -> QueryBuilder:
	return seen_in(process, filters).where(in_play() & standing_in(column))


def _figures(row: frappe._dict | None) -> dict:
	row = row or frappe._dict(count=0)
	return {
		"count": cint(row["count"]),
		"amount": figure(row.amount, "amount"),
		"weighted": figure(row.weighted, "weighted"),
	}


def _won(row: frappe._dict | None) -> dict:
	if not is_readable("Opportunity", "closed_on"):
		return {"count": None, "amount": None}
	row = row or frappe._dict(count=0)
	return {"count": cint(row["count"]), "amount": figure(row.revenue, "revenue")}
