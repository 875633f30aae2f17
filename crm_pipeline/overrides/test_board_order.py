"""Opening a Kanban Board, for which Desk sends the order of its cards, writes nothing that is there already."""

import json

import frappe

from crm_pipeline.exceptions import UnreadableList, UnreadableValues
from crm_pipeline.overrides.kanban_board import update_order
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make, make_opportunity, make_user, unique
from crm_pipeline.tests.limited import Limited, as_

OVERRIDDEN = "frappe.desk.doctype.kanban_board.kanban_board.update_order"


def make_board(*names: str):
	"""A board that shows these cards in this order; on a new one Frappe orders them itself."""
	columns = [{"column_name": "Open"}, {"column_name": "Lost"}]
	board = make(
		"Kanban Board",
		kanban_board_name=unique("Board"),
		reference_doctype="Opportunity",
		field_name="status",
		columns=columns,
	)
	for column, order in zip(board.columns, (names, ()), strict=True):
		frappe.db.set_value(column.doctype, column.name, "order", json.dumps(order))
	return board.reload()


def orders(board) -> dict:
	return {column.column_name: json.loads(column.order) for column in board.columns}


class TestBoardOrder(TestCase):
	def setUp(self):
		super().setUp()
		self.one, self.two = make_opportunity().name, make_opportunity().name
		self.board = make_board(self.one, self.two)

	def test_desk_asks_this_app(self):
		(function,) = frappe.get_hooks("override_whitelisted_methods")[OVERRIDDEN]
		self.assertEqual(frappe.get_attr(function), update_order)

	def test_opening_it_again_writes_nothing(self):
		before = self.board.reload().modified
		board, moved = update_order(self.board.name, {"Open": [self.one, self.two], "Lost": []})
		self.assertEqual((orders(board)["Open"], moved), ([self.one, self.two], []))
		self.assertEqual(self.board.reload().modified, before)

	def test_another_order_is_stored(self):
		board, _moved = update_order(self.board.name, json.dumps({"Open": [self.two, self.one]}))
		for each in (board, self.board.reload()):
			self.assertEqual(orders(each), {"Open": [self.two, self.one], "Lost": []})

	def test_no_card_is_moved_back_to_where_a_stale_page_has_it(self):
		frappe.db.set_value("Opportunity", self.one, "status", "Replied")
		update_order(self.board.name, {"Open": [self.two], "Lost": [self.one]})
		self.assertEqual(frappe.db.get_value("Opportunity", self.one, "status"), "Replied")
		self.assertEqual(orders(self.board.reload()), {"Open": [self.two], "Lost": [self.one]})

	def test_readers_write_nothing(self):
		frappe.set_user(make_user("Purchase User"))
		board, _moved = update_order(self.board.name, {"Open": [self.two, self.one]})
		for each in (board, self.board.reload()):
			self.assertEqual(orders(each)["Open"], [self.one, self.two])

	def test_what_is_no_order(self):
		for order, refusal in (
			("[1]", UnreadableValues),
			("x", UnreadableValues),
			({"Open": 5}, UnreadableList),
		):
			with self.subTest(order=order), self.assertRefused(refusal):
				update_order(self.board.name, order)


class TestOrderOfHiddenCards(Limited):
	def setUp(self):
		super().setUp()
		as_("Administrator")
		self.board = make_board(self.colleagues.name, self.own.name)
		as_(self.ben)

	def test_they_are_neither_shown_nor_lost(self):
		before = self.board.reload().modified
		board, _moved = update_order(self.board.name, {"Open": [self.own.name]})
		self.assertEqual(orders(board)["Open"], [self.own.name])
		board, _moved = update_order(self.board.name, {"Open": [self.own.name, self.colleagues.name]})
		self.assertEqual(self.board.reload().modified, before)
		update_order(self.board.name, {"Lost": [self.own.name]})
		self.assertEqual(
			orders(self.board.reload()), {"Open": [self.colleagues.name], "Lost": [self.own.name]}
		)
