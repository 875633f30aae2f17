"""What the pipeline page asks for in a day, as a salesperson with their own opportunities and as a manager with everybody's."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import frappe
from frappe.query_builder.functions import Count, Sum
from frappe.utils import add_to_date, now_datetime

from benchmarks.apps import App
from benchmarks.case import Case, Goal
from benchmarks.filling.people import MANAGER, SALESPERSON

PROCESS, CARDS, PAGE, FAR = "Standard", 10, 50, 5000
IN_PLAY = ("Open", "Replied", "Quotation", "Paused")
EVERY = {"scope": "all"}


class Asked(NamedTuple):
	"""Whose opportunities a user sees first, and an open stage."""

	user: str
	scope: dict
	stage: str


def cases() -> Iterator[Case]:
	for who, user in (("salesperson", SALESPERSON), ("manager", MANAGER)):
		for name, ask in ASKED.items():
			goal = Goal(milliseconds=150, of_floor=1.5) if name in FLOORS else Goal()
			yield Case(
				f"{name}, {who}",
				partial(answered, ask),
				None,
				FLOORS.get(name),
				partial(first_asked, user),
				user=user,
				goal=goal,
			)


def answered(ask: Callable[[Asked], Any], asked: Asked) -> str:
	"""Return the text of an answer, as a request would."""
	return json.dumps(ask(asked), default=str)


def first_asked(user: str, _app: App) -> Asked:
	from crm_pipeline.api.pipeline import get_board
	from crm_pipeline.board.filters import default_scope

	frappe.set_user(user)
	scope = {"scope": default_scope()}
	return Asked(user, scope, get_board(PROCESS, 1, scope)["stages"][0]["stage"])


def _board(asked: Asked, **more: str) -> dict:
	from crm_pipeline.api.pipeline import get_board

	return get_board(PROCESS, CARDS, {**asked.scope, **more})


def _board_of_all(_asked: Asked) -> dict:
	from crm_pipeline.api.pipeline import get_board

	return get_board(PROCESS, CARDS, EVERY)


def _cards(start: int, asked: Asked, scope: dict | None = None) -> dict:
	from crm_pipeline.api.pipeline import get_cards

	return get_cards(PROCESS, asked.stage, start, PAGE, scope or asked.scope)


def _forecast(asked: Asked) -> dict:
	from crm_pipeline.api.pipeline import get_forecast

	return get_forecast(PROCESS, CARDS, asked.scope)


def _list(asked: Asked) -> dict:
	from crm_pipeline.api.pipeline import get_list

	return get_list(asked.scope, PROCESS, limit=PAGE)


def _far_in_list(_asked: Asked) -> dict:
	from crm_pipeline.api.pipeline import get_list

	return get_list(EVERY, PROCESS, "amount", 1, FAR, PAGE)


def _my_day(_asked: Asked) -> dict:
	from crm_pipeline.api.my_day import get_my_day

	return get_my_day("mine")


def _changes(asked: Asked) -> dict:
	from crm_pipeline.api.pipeline import changes_since

	return changes_since(str(add_to_date(now_datetime(), seconds=-30)), PROCESS, asked.scope)


def _search(_asked: Asked) -> list:
	from crm_pipeline.api.search import search_opportunities

	return search_opportunities("hall 377")


ASKED: dict[str, Callable[[Asked], Any]] = {
	"first board": _board,
	"board of everybody": _board_of_all,
	"board, overdue ones": lambda asked: _board(asked, state="overdue"),
	"second page of a column": partial(_cards, PAGE),
	f"cards {FAR:,} and on of a column": lambda asked: _cards(FAR, asked, EVERY),
	"forecast of the page": _forecast,
	"list of the page": _list,
	f"list of the page by amount, row {FAR:,} and on": _far_in_list,
	"My Day": _my_day,
	"what others changed": _changes,
	"search": _search,
}


def bare_board(asked: Asked) -> str:
	"""Add up each stage by one statement, and read the first cards of each by another, in the order of an index."""
	table = frappe.qb.DocType("Opportunity")
	query = frappe.qb.from_(table).where(table.status.isin(IN_PLAY) & (table.sales_process == PROCESS))
	if asked.scope != EVERY:
		query = query.where(table.opportunity_owner == asked.user)
	sums = query.groupby(table.sales_stage, table.status)
	sums = sums.select(
		table.sales_stage,
		table.status,
		Count("*"),
		Sum(table.base_opportunity_amount),
		Sum(table.weighted_amount),
	).run()
	found = [sums]
	fields = (
		"name",
		"title",
		"customer_name",
		"opportunity_amount",
		"currency",
		"expected_closing",
		"next_contact_date",
	)
	for stage in dict.fromkeys(row[0] for row in sums):
		cards = query.where(table.sales_stage == stage).select(*(table[field] for field in fields))
		found.append(cards.limit(CARDS).run())
	return json.dumps(found, default=str)


FLOORS: dict[str, Callable[[Asked], str]] = {"first board": bare_board}
