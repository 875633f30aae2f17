"""What the pipeline page reads: stages and months with their totals, cards a portion at a time, lists, and what changed.

Everything obeys what the user may see. The number of queries does not depend on the number of opportunities.
"""

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import cint, getdate, now_datetime

from crm_pipeline.board import changes, columns, forecast, listing, postponed
from crm_pipeline.board.cards import cards_of
from crm_pipeline.board.filters import default_scope, read_view_filters
from crm_pipeline.board.opportunities import first_names, names_in_stage
from crm_pipeline.board.states import RECENT_DAYS
from crm_pipeline.board.sums import parts_of_board, pulse, sum_in_play, sums_by_stage
from crm_pipeline.crm_pipeline.doctype.opportunity.requirements import required_by_stage
from crm_pipeline.follow_ups.mails import pending, pending_in_lists, whole_minute
from crm_pipeline.history.rotting import rotting_on
from crm_pipeline.money.exchange_rates import base_currency
from crm_pipeline.permissions.switch import require_reading
from crm_pipeline.permissions.visibility import visible
from crm_pipeline.processes.sales_processes import process_for, process_to_read
from crm_pipeline.rules import stages
from crm_pipeline.utils.desk import offered
from crm_pipeline.utils.paging import portion
from crm_pipeline.utils.people import names_to_read
from crm_pipeline.utils.time_zones import zones_of

MOST_CARDS = 200
ROTTING = "Rotting Opportunities"  # the report


@frappe.whitelist(methods=["GET"])
def get_board(
	sales_process: str | None = None,
	limit_per_stage: int = 30,
	filters: dict | str | None = None,
	all_processes: int = 0,
) -> dict:
	"""Return the board of a sales process (the default one if left out).

	Args:
		limit_per_stage: how many cards of each open stage to include, 1 to 200.
		filters: as `rules.view_filters` has them, an object or its JSON; everybody's opportunities without.
		all_processes: 1 for `totals`, `overdue` and `pulse` of what is in play of all sales processes, as My Day and the
			activities are over all of them.

	Returns:
		`sales_process`, `currency` (base), `now` (site time), `time_zones` of the `site` and the user's `own`,
		`recent_days`, `totals` of the open stages, how many next contacts are `overdue`,
		`pulse`: for each state `count`, `amount` and `weighted` of what the filters leave, whatever they say of the state,
		`default_scope`: whose opportunities to show first, "mine", "team" or "all",
		`stages` in order, each with its translated `label`, `count`, `amount` and `weighted` (base currency), its
		`requirements` and its first `cards`,
		and what the cards need: `people` (full names by user) and `decimals` (by currency). Won and lost
		stages count what was closed in the last 30 days and come without cards. Amounts that the user's permission
		levels do not let them read are None, and left out of cards.

	Raises:
		UnreadableFilters, FieldOutOfReach
	"""
	require_reading()
	process = process_to_read(sales_process or process_for(None))
	asked = read_view_filters(filters)
	parts = parts_of_board(process.name, asked)
	sums = sums_by_stage(parts, asked.state)
	shown = columns.columns_of(process, sums)
	missed = {
		column.stage: sums[column.stage].overdue
		for column in shown
		if column.type == stages.OPEN_STAGE and column.stage in sums
	}
	limit = portion(0, limit_per_stage, MOST_CARDS)[1]
	cards, legend = cards_of(first_names(process.name, asked, missed, limit))
	summaries = [columns.summary(column, sums, cards) for column in shown]
	required = required_by_stage(process)
	whole = parts_of_board(None, asked) if cint(all_processes) else parts
	return {
		"sales_process": process.name,
		"currency": base_currency(),
		"now": str(now_datetime()),
		"time_zones": dict(zip(("site", "own"), zones_of(frappe.session.user), strict=True)),
		"recent_days": RECENT_DAYS,
		"default_scope": default_scope(),
		"totals": sum_in_play(whole, asked.state) if cint(all_processes) else columns.totals(summaries),
		"overdue": sum(int(row.overdue) for row in sums_by_stage(whole, asked.state).values()),
		"pulse": pulse(whole),
		"stages": [{**each, "requirements": required.get(each["stage"], [])} for each in summaries],
		**legend,
	}


@frappe.whitelist(methods=["GET"])
def get_cards(
	sales_process: str, stage: str, start: int = 0, limit: int = 50, filters: dict | str | None = None
) -> dict:
	"""Return the next cards of one stage: `cards`, with `people` and `decimals` as `get_board` gives them.

	Args:
		start: how many cards to skip.
		limit: how many to return, 1 to 200.
		filters: as in `get_board`.

	Raises:
		UnreadableFilters, FieldOutOfReach
	"""
	require_reading()
	asked = read_view_filters(filters)
	names = names_in_stage(sales_process, stage, asked, *portion(start, limit, MOST_CARDS))
	cards, legend = cards_of(names)
	return {"cards": cards, **legend}


@frappe.whitelist(methods=["GET"])
def get_forecast(
	sales_process: str | None = None, limit_per_column: int = 30, filters: dict | str | None = None
) -> dict:
	"""Return what is in play of a sales process (the default one if left out) by the month in which it is expected to close.

	Args:
		limit_per_column: how many cards of each column to include, 1 to 200.
		filters: as in `get_board`.

	Returns:
		`sales_process`, `currency` (base), `now` (site time),
		`columns` in order: `overdue`, six months from the present one on (keys as "2031-02"), `later` and `none`, without
		date. Each has its `key`, `first_day` and `last_day` by the user's own clock (None for no end), `count`, `amount` and
		`weighted` (base currency), its first `cards`, and `won`: of the present month `count` and `amount` (revenue) of
		what was won in it, None elsewhere. The present month begins today, since what is earlier is overdue.
		And `people` and `decimals` as `get_board` gives them.

	Raises:
		UnreadableFilters, FieldOutOfReach
	"""
	require_reading()
	process = process_to_read(sales_process or process_for(None)).name
	asked = read_view_filters(filters)
	shown, legend = forecast.forecast(process, asked, portion(0, limit_per_column, MOST_CARDS)[1])
	return {
		"sales_process": process,
		"currency": base_currency(),
		"now": str(now_datetime()),
		"columns": shown,
		**legend,
	}


@frappe.whitelist(methods=["GET"])
def get_forecast_cards(
	sales_process: str, column: str, start: int = 0, limit: int = 50, filters: dict | str | None = None
) -> dict:
	"""Return the next cards of one column of the forecast: `cards`, with `people` and `decimals` as `get_board` gives them.

	Args:
		column: its `key`.
		start: how many cards to skip.
		limit: how many to return, 1 to 200.
		filters: as in `get_board`.

	Raises:
		UnreadableFilters: or a column that there is not, such as a month that is over.
		FieldOutOfReach
	"""
	require_reading()
	asked = read_view_filters(filters)
	names = forecast.names_in_column(
		sales_process, asked, forecast.column_of(column), *portion(start, limit, MOST_CARDS)
	)
	cards, legend = cards_of(names)
	return {"cards": cards, **legend}


@frappe.whitelist(methods=["GET"])
def get_list(
	filters: dict | str | None = None,
	sales_process: str | None = None,
	order_by: str = "urgency",
	descending: int = 0,
	start: int = 0,
	limit: int = 50,
) -> dict:
	"""Return opportunities in play of a sales process, or of all without one, that filters leave.

	With the state `won` or `lost` they are those that ended in the last 30 days; `amount` of the won is their revenue.

	Args:
		order_by: one of `listing.ORDERS`; what has no such value comes last, ties by name.
		start: how many to skip.
		limit: how many to return, 1 to 200.

	Returns: `rows`, which are cards, `people` and `decimals`, and `count`, `amount` and `weighted` of all that there are.

	Raises:
		UnreadableFilters: or an unknown order.
		FieldOutOfReach
	"""
	require_reading()
	process = process_to_read(sales_process).name if sales_process else None
	asked = read_view_filters(filters)
	names = listing.names_in_order(
		process, asked, order_by, bool(descending), *portion(start, limit, MOST_CARDS)
	)
	cards, legend = cards_of(names)
	return {"rows": cards, **listing.totals(process, asked), **legend}


@frappe.whitelist(methods=["GET"])
def get_postponed(
	filters: dict | str | None = None, sales_process: str | None = None, limit: int = 50
) -> dict:
	"""Return who postponed the expected closing of what `get_list` has, in the last 365 days.

	Each time counts for who owned the opportunity then.

	Args:
		filters: as in `get_board`, but `postponed` narrows nothing.
		limit: how many people to return, 1 to 200.

	Returns:
		`rows`, the most often first, each with `user` (empty where nobody owned it), `times`, `days` altogether and
		`opportunities`, as many as `get_list` has with `postponed` of that user; `people`, full names by user.

	Raises:
		UnreadableFilters, FieldOutOfReach
	"""
	require_reading()
	process = process_to_read(sales_process).name if sales_process else None
	rows = postponed.ranking(process, read_view_filters(filters), portion(0, limit, MOST_CARDS)[1])
	return {"rows": rows, "people": names_to_read(row.user for row in rows)}


@frappe.whitelist(methods=["GET", "POST"])
def changes_since(
	since: str,
	sales_process: str | None = None,
	filters: dict | str | None = None,
	shown: list | str | None = None,
) -> dict:
	"""Return what others, and time, changed of the board since an earlier answer.

	Args:
		since: `now` of that answer, in the site's time.
		sales_process: of all processes without.
		shown: names (a list or its JSON, at most 2,500) that the client shows, for those that are deleted or hidden by now.

	Returns:
		`now`, to ask from the next time; `changed`, cards of what stands on the board now, of what was lost with its
		`lost_reasons` (translated), `people` and `decimals`;
		`gone`, names of what does so no longer; `reload`, 1 if more than 200 changed, and nothing is listed then.
		What changed within some seconds before `since` comes twice, since a save may end after a later one has begun.

	Raises:
		ImpossibleDate, UnreadableFilters, UnreadableList, TooManyRecords, FieldOutOfReach
	"""
	require_reading()
	process = process_to_read(sales_process).name if sales_process else None
	asked = read_view_filters(filters)
	return changes.changes_since(since, process, asked, shown)


@frappe.whitelist(methods=["GET", "POST"])
def count_rotting() -> dict:
	"""Return what the number card of rotting opportunities shows: `value`, of those the user may see, and where it leads.

	That is the report, for whoever has a role for it.
	"""
	require_reading()
	opportunity = frappe.qb.DocType("Opportunity")
	query = frappe.qb.from_(opportunity).select(Count("*")).where(visible("Opportunity"))
	count = query.where(rotting_on(getdate())).run()[0][0]
	shown = {"value": count, "fieldtype": "Int"}
	if not offered([ROTTING]):  # a card without a route leads nowhere
		return shown
	return {**shown, "route": ["query-report", ROTTING]}


@frappe.whitelist(methods=["GET", "POST"])
def count_overdue() -> dict:
	"""Return what the number card of overdue follow-ups shows: `value`, of those the user may see, and where it leads."""
	require_reading()
	opportunity, now = frappe.qb.DocType("Opportunity"), whole_minute(now_datetime())
	query = frappe.qb.from_(opportunity).select(Count("*")).where(visible("Opportunity"))
	count = query.where(pending(opportunity, now)).run()[0][0]
	route = ["List", "Opportunity"]
	return {"value": count, "fieldtype": "Int", "route": route, "route_options": pending_in_lists(now)}
