"""What Desk's boards do to records of the app: cards that are dropped, and their order, sent whenever one is opened."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import frappe
from frappe import _
from frappe.model.document import Document

from crm_pipeline.permissions.own import PIPELINE_DOCTYPES
from crm_pipeline.utils.bulk_sql import in_list
from crm_pipeline.utils.confidential import require_record
from crm_pipeline.utils.locking import lock_first
from crm_pipeline.utils.markup import bold, escaped
from crm_pipeline.utils.messages import Messages
from crm_pipeline.utils.sent_links import may_read
from crm_pipeline.utils.sent_values import names_from, values_from

BOARD = "Kanban Board"
CORE = "frappe.desk.doctype.kanban_board.kanban_board"
Orders = dict[str, list[str]]  # names of records, by column


@frappe.whitelist(methods=["POST", "PUT"])
def update_order(board_name: str, order: dict | str) -> tuple:
	"""Store in which order the columns of a board show their cards, as Frappe's function of this name.

	On a board of the app nothing is written unless the order differs, and no card changes its column: what Desk sends
	was read a while ago, and dropping a card is a request of its own.

	Returns: the board, with the names of cards that the user may see, and those that were moved, none.

	Raises:
		UnreadableList, UnreadableValues, OpportunitiesSwitchedOff, frappe.PermissionError
	"""
	doctype = frappe.db.get_value(BOARD, board_name, "reference_doctype")
	if doctype not in PIPELINE_DOCTYPES:
		return import_module(CORE).update_order(board_name, order)
	board = require_record(BOARD, board_name)
	sent = {column: names_from(names) for column, names in values_from(order).items()}
	orders = _visible_orders(doctype, sent)
	if frappe.has_permission(doctype, "write") and _apply(board, orders):
		lock_first(lambda: _store(board_name, orders))
		board = frappe.get_doc(BOARD, board_name)
	shown = _visible_orders(doctype, {column.name: _names_on(column) for column in board.columns})
	for column in board.columns:
		column.order = json.dumps(shown[column.name])
	return board, []


@frappe.whitelist(methods=["POST", "PUT"])
def update_order_for_single_card(
	board_name: str,
	docname: str,
	from_colname: str,
	to_colname: str,
	old_index: str | int,
	new_index: str | int,
) -> Document:
	"""Move a card of a Kanban Board, as Frappe's function of this name; a refusal names the record."""
	core = import_module(CORE)
	doctype = frappe.db.get_value(BOARD, board_name, "reference_doctype")
	if doctype in PIPELINE_DOCTYPES:
		require_record(doctype, docname, "write")
	with naming(doctype, docname):
		return core.update_order_for_single_card(
			board_name, docname, from_colname, to_colname, old_index, new_index
		)


@contextmanager
def naming(doctype: str, name: str) -> Iterator[None]:
	"""Say, when a record of the app refuses, which one it is."""
	messages = Messages()
	try:
		yield
	except frappe.ValidationError:
		if doctype in PIPELINE_DOCTYPES and may_read(doctype, name):
			frappe.msgprint(
				f"{_named(doctype, name)}: {messages.take_back_words()}", title=_("Refused"), indicator="red"
			)
		raise


def _named(doctype: str, name: str) -> str:
	title = frappe.db.get_value(doctype, name, "title")
	return f"{bold(title)} ({escaped(name)})" if title else bold(name)


def _store(board_name: str, orders: Orders) -> None:
	"""Store the orders unless somebody has done so meanwhile; a board is written by whoever may write its records."""
	board = frappe.get_doc(BOARD, board_name, for_update=True)
	if _apply(board, orders):
		board.save(ignore_permissions=True)  # who may write the records may


def _apply(board: Document, orders: Orders) -> bool:
	"""Put orders on the columns of a board; returns whether any differs from what it was."""
	placed = {name for names in orders.values() for name in names}
	differs = False
	for column in board.columns:
		stored = _names_on(column)
		merged = _merged(stored, orders.get(column.column_name, []), placed)
		if merged != stored:
			column.order = json.dumps(merged)
			differs = True
	return differs


def _merged(stored: list[str], sent: list[str], placed: set[str]) -> list[str]:
	"""Return the cards sent for a column in their order, and what others see there beside them."""
	if [name for name in stored if name in placed] == sent:
		return stored
	return [*sent, *(name for name in stored if name not in placed)]


def _names_on(column: Document) -> list[str]:
	return frappe.parse_json(column.order or "[]")


def _visible_orders(doctype: str, orders: Orders) -> Orders:
	"""Orders without the records that the session's user does not see."""
	names = {name for each in orders.values() for name in each}
	filters = {"name": ["in", in_list(names)]}
	visible = set(frappe.get_list(doctype, filters, pluck="name", limit_page_length=0))
	return {column: [name for name in each if name in visible] for column, each in orders.items()}
