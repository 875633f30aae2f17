"""The board of the pipeline page: its totals, its cards, and who may ask for it."""

from unittest.mock import patch

import frappe
from frappe.utils import add_to_date, get_system_timezone, now_datetime

from crm_pipeline.api.pipeline import get_board, get_cards
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_lost_reason,
	make_opportunity,
	make_process,
)

PERIOD = 30


class PipelineCase(TestCase):
	def setUp(self):
		self.process = make_process(20, 50)
		self.first, self.second, self.won, self.lost = (row.sales_stage for row in self.process.stages)

	def opportunity(self, amount: float = 100, **fields):
		return make_opportunity(sales_process=self.process.name, opportunity_amount=amount, **fields)

	def board(self, **arguments) -> dict:
		return get_board(self.process.name, **arguments)

	def column(self, stage: str, **arguments) -> dict:
		return next(column for column in self.board(**arguments)["stages"] if column["stage"] == stage)

	def names(self, stage: str) -> list[str]:
		return [card.name for card in self.column(stage)["cards"]]


class TestTotals(PipelineCase):
	def test_stages_come_in_order_of_the_process(self):
		board = self.board()
		self.assertEqual(
			[column["stage"] for column in board["stages"]], [self.first, self.second, self.won, self.lost]
		)
		self.assertEqual([column["probability"] for column in board["stages"]], [20, 50, 100, 0])
		self.assertEqual(board["totals"], {"count": 0, "amount": 0, "weighted": 0})

	def test_totals_are_the_sums_of_the_opportunities(self):
		opportunities = [
			self.opportunity(1000.55),
			self.opportunity(99.45, probability=37),
			self.opportunity(40, sales_stage=self.second),
		]
		first, second = self.column(self.first), self.column(self.second)
		self.assertEqual((first["count"], first["amount"]), (2, 1100.0))
		self.assertEqual(first["weighted"], 236.91)
		self.assertEqual((second["count"], second["amount"], second["weighted"]), (1, 40, 20))
		self.assertEqual(
			self.board()["totals"],
			{
				"count": 3,
				"amount": 1140,
				"weighted": round(sum(opportunity.weighted_amount for opportunity in opportunities), 2),
			},
		)

	def test_foreign_amounts_count_in_base_currency(self):
		base = self.board()["currency"]
		foreign = "CHF" if base != "CHF" else "EUR"
		make_exchange_rate(foreign, base, 1.5, in_days(-1))
		self.opportunity(200, currency=foreign)
		column = self.column(self.first)
		self.assertEqual(column["amount"], 300)
		self.assertEqual(column["cards"][0].opportunity_amount, 200)

	def test_cards_left_out_still_count(self):
		for _number in range(3):
			self.opportunity(10)
		column = self.column(self.first, limit_per_stage=2)
		self.assertEqual((len(column["cards"]), column["count"], column["amount"]), (2, 3, 30))

	def test_paused_opportunities_count_and_closed_ones_do_not(self):
		self.opportunity(10).pause(in_days(20))
		closed = self.opportunity(500)
		closed.status = "Closed"
		closed.save()
		column = self.column(self.first)
		self.assertEqual((column["count"], column["amount"]), (1, 10))

	def test_won_counts_with_its_revenue_and_only_lately(self):
		long_ago = in_days(-PERIOD - 1)
		self.opportunity(100, transaction_date=long_ago).mark_won(90, in_days(-PERIOD))
		self.opportunity(100, transaction_date=long_ago).mark_won(70, long_ago)
		column = self.column(self.won)
		self.assertEqual((column["count"], column["amount"], column["cards"]), (1, 90, []))

	def test_lost_counts_with_its_amount(self):
		self.opportunity(100).declare_lost([make_lost_reason().name])
		column = self.column(self.lost)
		self.assertEqual((column["count"], column["amount"], column["weighted"]), (1, 100, 0))

	def test_opportunities_in_a_stage_the_process_no_longer_has_stay_on_the_board(self):
		self.opportunity(30, sales_stage=self.second)
		self.process.reload()
		self.process.set("stages", [row for row in self.process.stages if row.sales_stage != self.second])
		self.process.save()
		column = self.column(self.second)
		self.assertEqual((column["count"], column["amount"], column["type"]), (1, 30, "Open"))


class TestCards(PipelineCase):
	def test_missed_contacts_come_first_then_the_closing_date_and_paused_opportunities_last(self):
		undated = self.opportunity()
		late_closing = self.opportunity(expected_closing=in_days(90))
		early_closing = self.opportunity(expected_closing=in_days(9))
		missed = self.opportunity(next_contact_date=add_to_date(now_datetime(), hours=-1))
		paused = self.opportunity(expected_closing=in_days(1))
		paused.pause(in_days(5))
		expected = [missed, early_closing, late_closing, undated, paused]
		self.assertEqual(self.names(self.first), [opportunity.name for opportunity in expected])

	def test_a_missed_contact_of_a_paused_opportunity_is_missed_too(self):
		coming = self.opportunity(next_contact_date=add_to_date(now_datetime(), hours=1))
		paused = self.opportunity(next_contact_date=add_to_date(now_datetime(), hours=-1))
		paused.pause(in_days(5))
		self.assertEqual(self.names(self.first), [paused.name, coming.name])

	def test_missed_contacts_of_opportunities_in_play_are_counted(self):
		missed = {"next_contact_date": add_to_date(now_datetime(), hours=-1)}
		self.opportunity(**missed)
		self.opportunity(**missed, sales_stage=self.second)
		self.opportunity(**missed).mark_won()
		self.opportunity(next_contact_date=add_to_date(now_datetime(), hours=1))
		self.opportunity()
		self.assertEqual(self.board()["overdue"], 2)

	def test_days_in_stage_count_from_the_last_move(self):
		waiting = self.opportunity(transaction_date=in_days(-12))
		moved = self.opportunity(transaction_date=in_days(-12))
		moved.advance()
		self.assertEqual(self.column(self.first)["cards"][0].days_in_stage, 12)
		self.assertEqual(self.column(self.second)["cards"][0].days_in_stage, 0)
		self.assertEqual(self.names(self.first), [waiting.name])

	def test_more_cards_continue_where_the_board_ended(self):
		opportunities = [self.opportunity(expected_closing=in_days(day)).name for day in range(1, 6)]
		shown = [card.name for card in self.column(self.first, limit_per_stage=2)["cards"]]
		more = get_cards(self.process.name, self.first, start=2, limit=2)["cards"]
		rest = get_cards(self.process.name, self.first, start=4)["cards"]
		self.assertEqual(shown + [card.name for card in [*more, *rest]], opportunities)

	def test_won_opportunities_come_newest_first(self):
		older = self.opportunity(transaction_date=in_days(-9))
		newer = self.opportunity(transaction_date=in_days(-9))
		older.mark_won(closed_on=in_days(-5))
		newer.mark_won(closed_on=in_days(-2))
		cards = get_cards(self.process.name, self.won)["cards"]
		self.assertEqual([card.name for card in cards], [newer.name, older.name])
		self.assertEqual([card.days_in_stage for card in cards], [None, None])

	def test_owners_come_with_their_names_and_currencies_with_their_decimals(self):
		make_exchange_rate("JPY", self.board()["currency"], 0.01, in_days(-1))
		with self.as_user("Sales User") as user:
			self.opportunity(5000, currency="JPY")
			board = self.board()
		self.assertEqual(board["people"][user], "Test")
		self.assertEqual(board["decimals"]["JPY"], 0)

	def test_times_come_with_the_zones_to_show_them_in(self):
		site = get_system_timezone()
		with self.as_user("Sales User") as user:
			frappe.db.set_value("User", user, "time_zone", "Asia/Tokyo")
			self.assertEqual(self.board()["time_zones"], {"site": site, "own": "Asia/Tokyo"})
			frappe.db.set_value("User", user, "time_zone", None)
			self.assertEqual(self.board()["time_zones"], {"site": site, "own": site})

	def test_the_number_of_queries_does_not_grow_with_the_opportunities(self):
		self.opportunity()
		before = self.queries_of_board()
		for _number in range(5):
			self.opportunity()
		self.assertEqual(self.queries_of_board(), before)

	def queries_of_board(self) -> int:
		self.board()
		with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
			self.board()
		return spy.call_count


class TestAccess(PipelineCase):
	def test_who_may_not_read_opportunities_gets_nothing(self):
		with self.as_user():
			with self.assertRefused(frappe.PermissionError):
				self.board()
			with self.assertRefused(frappe.PermissionError):
				get_cards(self.process.name, self.first)

	def test_a_sales_user_and_a_purchase_user_may_look(self):
		self.opportunity(10)
		for role in ("Sales User", "Purchase User"):
			with self.as_user(role):
				self.assertEqual(self.column(self.first)["count"], 1)

	def test_an_unknown_process_is_refused(self):
		with self.assertRefused(frappe.DoesNotExistError):
			get_board("No such process")

	def test_an_unknown_stage_has_no_cards(self):
		self.assertEqual(get_cards(self.process.name, "No such stage")["cards"], [])

	def test_limits_stay_within_bounds(self):
		self.opportunity()
		self.assertEqual(len(self.column(self.first, limit_per_stage=-5)["cards"]), 1)
		self.assertEqual(len(get_cards(self.process.name, self.first, start=-3, limit=10**9)["cards"]), 1)
