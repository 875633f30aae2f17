"""What the pipeline page asks for in a day, as a salesperson with their own opportunities and as a manager with everybody's."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import frappe
from frappe.utils import add_to_date, now_datetime

from benchmarks.apps import App
from benchmarks.case import Case, Goal
from benchmarks.cases import board_floors as floors
from benchmarks.cases.board_floors import CARDS, EVERY, FAR, PAGE, PROCESS, Asked
from benchmarks.filling.people import MANAGER, SALESPERSON

FIRST = "first board"


def cases() -> Iterator[Case]:
	for who, user in (("salesperson", SALESPERSON), ("manager", MANAGER)):
		for name, ask in ASKED.items():
			goal = Goal(milliseconds=150 if name == FIRST else None, of_floor=1.5)
			yield Case(
				f"{name}, {who}",
				partial(answered, ask),
				None,
				barely(FLOORS.get(name)),
				partial(first_asked, user),
				user=user,
				goal=goal,
			)


def barely(floor: Callable[[Asked], list] | None) -> Callable[[Asked], str] | None:
	return floor and partial(answered, floor)


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
	FIRST: _board,
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

FLOORS: dict[str, Callable[[Asked], list]] = {
	FIRST: floors.board,
	"board of everybody": lambda asked: floors.board(asked._replace(scope=EVERY)),
	"board, overdue ones": floors.overdue,
	"second page of a column": partial(floors.cards, PAGE),
	f"cards {FAR:,} and on of a column": lambda asked: floors.cards(FAR, asked._replace(scope=EVERY)),
	"forecast of the page": floors.forecast,
	"list of the page": floors.listed,
	f"list of the page by amount, row {FAR:,} and on": floors.far_in_list,
	"My Day": floors.my_day,
	"what others changed": floors.changed,
	"search": floors.searched,
}
