"""Quotations mapped from opportunities of some items, and inserted and submitted as well, up to the commit, which is left out."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import frappe

from benchmarks import records
from benchmarks.apps import App
from benchmarks.case import Case, Goal
from benchmarks.cases.writing import delete
from benchmarks.filling.people import SALESPERSON

ROWS, FROM_ROWS = (5, 50, 200), 50
FASTER = Goal(of_rival=0.2)


class Made(NamedTuple):
	mapper: str
	opportunity: str


def cases() -> Iterator[Case]:
	for rows in ROWS:
		goal = FASTER if rows >= FROM_ROWS else Goal()
		making = partial(with_rows, rows)
		for name, act in (("map", mapped), ("map, insert and submit", submitted)):
			yield Case(
				f"{name}, {rows} items", act, act, None, making, teardown=remove, user=SALESPERSON, goal=goal
			)


def with_rows(rows: int, app: App) -> Made:
	return Made(app.mapper, frappe.get_doc(records.opportunity(app, "Customer", rows)).insert().name)


def remove(app: App, made: Made | None) -> None:
	delete(app, made and made.opportunity)


def mapped(made: Made):
	return frappe.get_attr(made.mapper)(made.opportunity)


def submitted(made: Made) -> None:
	mapped(made).insert().submit()
