"""A sales process of one's own, with what its board shows."""

import json

import frappe
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.api.pipeline import get_board, get_list
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_opportunity, make_process


class BoardCase(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(20, 50)
		self.first, self.second, self.won, self.lost = (row.sales_stage for row in self.process.stages)

	def opportunity(self, amount: float = 100, **fields):
		return make_opportunity(sales_process=self.process.name, opportunity_amount=amount, **fields)

	def board(self, **filters) -> dict:
		return get_board(self.process.name, 200, json.dumps(filters))

	def pulse(self, **filters) -> dict:
		return self.board(**filters)["pulse"]

	def names(self, **filters) -> set[str]:
		"""What the board shows, which is what its sums count and what the list has."""
		board = self.board(**filters)
		names = {card.name for stage in board["stages"] for card in stage["cards"]}
		self.assertEqual(board["totals"]["count"], len(names))
		listed = get_list(filters, self.process.name, limit=200)
		self.assertEqual({row.name for row in listed["rows"]}, names)
		self.assertEqual(listed["count"], len(names))
		return names

	def assertLeft(self, *opportunities, **filters):
		self.assertEqual(self.names(**filters), {each.name for each in opportunities})


def hence(**span) -> str:
	"""The moment that far from now, as text."""
	return str(add_to_date(now_datetime(), **span))


def tag(opportunity, *tags: str) -> None:
	"""As Frappe 15 keeps them."""
	keep_tags(opportunity, "".join(f",{each}" for each in tags))


def keep_tags(opportunity, text: str) -> None:
	frappe.db.set_value("Opportunity", opportunity.name, "_user_tags", text, update_modified=False)
