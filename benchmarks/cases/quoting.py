"""Quotations mapped from opportunities of some items, and inserted and submitted as well, up to the commit, which is left out."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import frappe

from benchmarks import records
from benchmarks.apps import OURS, App
from benchmarks.case import Case, Goal
from benchmarks.cases.writing import delete, insert_all, read_rows
from benchmarks.filling.people import SALESPERSON

ROWS, FROM_ROWS = (5, 50, 200), 50
FASTER = Goal(of_rival=0.2)


class Made(NamedTuple):
	"""What is mapped how, and of ours the rows of a quotation made of it."""

	mapper: str
	opportunity: str
	rows: dict[str, list[dict]]


def cases() -> Iterator[Case]:
	for rows in ROWS:
		goal = FASTER if rows >= FROM_ROWS else Goal()
		making = partial(with_rows, rows)
		for name, act, floor in (("map", mapped, read), ("map, insert and submit", submitted, written)):
			yield Case(
				f"{name}, {rows} items", act, act, floor, making, teardown=remove, user=SALESPERSON, goal=goal
			)


def with_rows(rows: int, app: App) -> Made:
	opportunity = frappe.get_doc(records.opportunity(app, "Customer", rows)).insert()
	frappe.db.commit()
	made = Made(app.mapper, opportunity.name, {})
	if app.name != OURS:
		return made
	quotation = mapped(made).insert().submit()
	stored = {
		doctype: frappe.get_all(doctype, {field: quotation.name}, ["*"], limit=0)
		for doctype, field in (("Quotation", "name"), ("Quotation Item", "parent"))
	}
	frappe.db.rollback()
	return made._replace(rows=stored)


def remove(app: App, made: Made | None) -> None:
	delete(app, made and made.opportunity)


def mapped(made: Made):
	return frappe.get_attr(made.mapper)(made.opportunity)


def submitted(made: Made) -> None:
	mapped(made).insert().submit()


def read(made: Made) -> None:
	"""Read the opportunity and its rows, and the items that these name."""
	read_rows("Opportunity", "name", made.opportunity)
	codes = [row["item_code"] for row in read_rows("Opportunity Item", "parent", made.opportunity)]
	item = frappe.qb.DocType("Item")
	frappe.qb.from_(item).select("*").where(item.name.isin(codes)).run()


def written(made: Made) -> None:
	"""Read all that, write the quotation and its rows, submit them by one statement each, and let the opportunity say so."""
	read(made)
	for doctype, rows in made.rows.items():
		insert_all(doctype, rows)
		table, names = frappe.qb.DocType(doctype), [row["name"] for row in rows]
		frappe.qb.update(table).set(table.docstatus, 1).where(table.name.isin(names)).run()
	table = frappe.qb.DocType("Opportunity")
	frappe.qb.update(table).set(table.status, "Quotation").where(table.name == made.opportunity).run()
