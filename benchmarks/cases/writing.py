"""Opportunities inserted, loaded and saved, with as many rows as companies have; the floor writes or reads the same rows barely."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, today

from benchmarks import records
from benchmarks.apps import OURS, App
from benchmarks.case import Case, Goal
from benchmarks.filling.people import SALESPERSON

ROWS = (0, 5, 200)
INSERT, SAVE = Goal(of_rival=0.5), Goal(of_rival=0.55, statements=12)


class Made(NamedTuple):
	"""What a client sends, and what of it ends up in tables."""

	sent: str
	rows: dict[str, list[dict]]


def cases() -> Iterator[Case]:
	for doctype in ("Lead", "Customer"):
		for rows in ROWS:
			name = f"insert, {doctype.lower()}, {rows} items"
			yield Case(
				name, insert, insert, insert_rows, partial(sent, doctype, rows), user=SALESPERSON, goal=INSERT
			)
	for rows in ROWS:
		making, clearing = partial(inserted, rows), delete
		yield Case(f"load, {rows} items", load, load, load_rows, making, teardown=clearing, user=SALESPERSON)
		yield Case(
			f"save, {rows} items",
			save,
			save,
			save_rows,
			making,
			before=changed,
			teardown=clearing,
			user=SALESPERSON,
			goal=SAVE if not rows else Goal(of_rival=SAVE.of_rival),
		)


def sent(doctype: str, rows: int, app: App) -> Made:
	"""Return an opportunity to insert, and the rows that ours makes of it."""
	fields = records.opportunity(app, doctype, rows)
	frappe.db.commit()
	stored = {}
	if app.name == OURS:
		stored = stored_rows(frappe.get_doc(fields).insert().name)
		frappe.db.rollback()
	return Made(json.dumps(fields), stored)


def stored_rows(name: str) -> dict[str, list[dict]]:
	return {
		doctype: frappe.get_all(doctype, {field: name}, ["*"], limit=0)
		for doctype, field in (
			("Opportunity", "name"),
			("Opportunity Item", "parent"),
			("Pipeline Change", "opportunity"),
		)
	}


def insert(made: Made) -> None:
	frappe.get_doc(json.loads(made.sent)).insert()


def insert_rows(made: Made) -> None:
	for doctype, rows in made.rows.items():
		insert_all(doctype, rows)


def insert_all(doctype: str, rows: list[dict]) -> None:
	"""Insert records with one statement, if there are any."""
	if rows:
		query = frappe.qb.into(frappe.qb.DocType(doctype)).columns(*rows[0])
		query.insert(*(tuple(row.values()) for row in rows)).run()


def inserted(rows: int, app: App) -> str:
	return frappe.get_doc(records.opportunity(app, "Customer", rows)).insert().name


def delete(_app: App, name: str | None) -> None:
	if name:
		frappe.delete_doc("Opportunity", name, force=True, ignore_permissions=True, delete_permanently=True)


def load(name: str) -> str:
	return frappe.as_json(frappe.get_doc("Opportunity", name).as_dict())


def load_rows(name: str) -> str:
	return frappe.as_json(
		[
			read_rows(doctype, field, name)
			for doctype, field in (("Opportunity", "name"), ("Opportunity Item", "parent"))
		]
	)


def read_rows(doctype: str, field: str, value: str) -> list[dict]:
	table = frappe.qb.DocType(doctype)
	return frappe.qb.from_(table).select("*").where(table[field] == value).run(as_dict=True)


def changed(_app: App, name: str) -> Document:
	"""Return an opportunity with another day and probability, as a form has it before it is saved."""
	doc = frappe.get_doc("Opportunity", name)
	doc.expected_closing = add_days(today(), 45)
	doc.probability = 35
	return doc


def save(doc: Document) -> None:
	doc.save()


def save_rows(doc: Document) -> None:
	"""Write the changed fields, and a row of the history for each."""
	table = frappe.qb.DocType("Opportunity")
	values: dict[str, Any] = {"expected_closing": doc.expected_closing, "probability": doc.probability}
	query = frappe.qb.update(table).where(table.name == doc.name)
	for field, value in values.items():
		query = query.set(table[field], value)
	query.run()
	insert_all(
		"Pipeline Change",
		[
			{"name": f"{doc.name}-{field}", "opportunity": doc.name, "change": field, "new_value": str(value)}
			for field, value in values.items()
		],
	)
