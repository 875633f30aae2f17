"""The list: the set of the board, in an order that the user chooses."""

from unittest.mock import patch

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.api.pipeline import get_board, get_cards, get_list
from crm_pipeline.board import opportunities
from crm_pipeline.board.listing import ORDERS
from crm_pipeline.exceptions import FieldOutOfReach, UnreadableFilters
from crm_pipeline.tests.boards import BoardCase, hence
from crm_pipeline.tests.factories import in_days, make_lost_reason, make_opportunity, make_process, make_user


class TestOrders(BoardCase):
	def listed(self, order_by: str, **arguments) -> list[str]:
		rows = get_list({}, self.process.name, order_by, **arguments)["rows"]
		return [row.name for row in rows]

	def assertOrder(self, order_by: str, *opportunities, empty=()):
		"""Forwards, backwards, and what has no value at the end both times, by name."""
		names, last = [each.name for each in opportunities], sorted(each.name for each in empty)
		self.assertEqual(self.listed(order_by), names + last)
		self.assertEqual(self.listed(order_by, descending=1), names[::-1] + last)

	def test_amount(self):
		base, small, large = self.opportunity(0), self.opportunity(5), self.opportunity(10**12 - 1)
		self.assertOrder("amount", base, small, large)

	def test_dates(self):
		undated = [self.opportunity(), self.opportunity()]
		late = self.opportunity(expected_closing=in_days(9), next_contact_date=hence(days=2))
		soon = self.opportunity(expected_closing=in_days(3), next_contact_date=hence(days=1))
		self.assertOrder("closing", soon, late, empty=undated)
		self.assertOrder("next_contact", soon, late, empty=undated)

	def test_owner_by_the_name_that_is_shown(self):
		anna, ben = make_user("Sales User"), make_user("Sales User")
		frappe.db.set_value("User", anna, "full_name", "Zoe")
		frappe.db.set_value("User", ben, "full_name", "adam")
		of_anna, of_ben = self.opportunity(opportunity_owner=anna), self.opportunity(opportunity_owner=ben)
		nobodys = self.opportunity()
		frappe.db.set_value("Opportunity", nobodys.name, "opportunity_owner", None)
		self.assertOrder("owner", of_ben, of_anna, empty=[nobodys])

	def test_title_and_stage(self):
		second, first = (
			self.opportunity(title="beta", sales_stage=self.second),
			self.opportunity(title="Gamma"),
		)
		self.assertOrder("title", second, first)
		self.assertOrder("stage", first, second)

	def test_a_stage_that_its_process_no_longer_has_comes_last(self):
		gone, here = self.opportunity(sales_stage=self.second), self.opportunity()
		self.process.reload()
		self.process.set("stages", [row for row in self.process.stages if row.sales_stage != self.second])
		self.process.save()
		self.assertOrder("stage", here, empty=[gone])

	def test_modified(self):
		first, second = self.opportunity(), self.opportunity()
		for opportunity, minutes in ((first, -1), (second, -9)):
			moment = add_to_date(now_datetime(), minutes=minutes)
			frappe.db.set_value("Opportunity", opportunity.name, "modified", moment, update_modified=False)
		self.assertOrder("modified", second, first)

	def test_urgency_is_the_order_of_the_board(self):
		paused = self.opportunity(expected_closing=in_days(1))
		paused.pause(in_days(5))
		undated, later = self.opportunity(), self.opportunity(expected_closing=in_days(90))
		soon = self.opportunity(expected_closing=in_days(2))
		missed = self.opportunity(next_contact_date=hence(hours=-1))
		expected = [each.name for each in (missed, soon, later, undated, paused)]
		self.assertEqual(self.listed("urgency"), expected)
		on_board = self.board()["stages"][0]["cards"]
		self.assertEqual([card.name for card in on_board], expected)

	def test_portions_of_a_column_follow_each_other_whosever_they_are(self):
		owner = make_user("Sales User")
		fields = {"opportunity_owner": owner}
		paused = self.opportunity(**fields, expected_closing=in_days(1))
		paused.pause(in_days(5))
		undated, soon = self.opportunity(**fields), self.opportunity(**fields, expected_closing=in_days(2))
		fields["next_contact_date"] = hence(hours=-1)
		late = self.opportunity(**fields, expected_closing=in_days(9))
		later = self.opportunity(**fields)
		expected = [each.name for each in (late, later, soon, undated, paused)]
		for scope in ("all", f"user:{owner}"):
			for limit in range(1, 7):
				with self.subTest(scope=scope, limit=limit):
					board = get_board(self.process.name, limit, {"scope": scope})
					cards = board["stages"][0]["cards"]
					self.assertEqual([card.name for card in cards], expected[:limit])
			for start in range(6):
				with self.subTest(scope=scope, start=start):
					cards = get_cards(self.process.name, self.first, start, 2, {"scope": scope})["cards"]
					self.assertEqual([card.name for card in cards], expected[start : start + 2])

	def test_far_down_a_column_it_is_the_same_order(self):
		fields = {"next_contact_date": hence(hours=-1)}
		for day in (None, 2, 2, 9):
			for each in ({}, fields):
				for _number in range(2):
					closing = {"expected_closing": in_days(day)} if day else {}
					self.opportunity(**each, **closing)
			self.opportunity(expected_closing=in_days(1)).pause(in_days(5))
		expected = [card.name for card in self.board()["stages"][0]["cards"]]
		self.assertEqual(len(expected), 20)
		asked = [(start, limit) for start in range(22) for limit in (1, 3, 50)]
		with patch.object(opportunities, "FAR", 0):
			for start, limit in asked:
				with self.subTest(start=start, limit=limit):
					cards = get_cards(self.process.name, self.first, start, limit, {"scope": "all"})["cards"]
					self.assertEqual([card.name for card in cards], expected[start : start + limit])

	def test_ties_by_name(self):
		names = sorted(self.opportunity(7, title="Same").name for _number in range(4))
		for order_by in set(ORDERS) - {"modified"}:
			for descending in (0, 1):
				self.assertEqual(self.listed(order_by, descending=descending), names)

	def test_an_unknown_order_is_refused(self):
		for order_by in ("", "name; drop table", "weighted_amount", "x" * 500):
			with self.assertRefused(UnreadableFilters, "urgency"):
				self.listed(order_by)


class TestParts(BoardCase):
	def test_parts_make_up_the_whole_and_each_tells_of_all(self):
		names = sorted(self.opportunity(10).name for _number in range(5))
		found = []
		for start in (0, 2, 4, 6):
			answer = get_list("{}", self.process.name, "title", start=start, limit=2)
			found += [row.name for row in answer["rows"]]
			self.assertEqual((answer["count"], answer["amount"], answer["weighted"]), (5, 50, 10))
		self.assertEqual(sorted(found), names)

	def test_limits_stay_within_bounds(self):
		self.opportunity()
		self.assertEqual(len(get_list(None, self.process.name, start=-5, limit=-5)["rows"]), 1)
		self.assertEqual(get_list(None, self.process.name, start=10**30, limit=10**30)["rows"], [])

	def test_all_processes(self):
		other = make_process(10)
		here, there = self.opportunity(), make_opportunity(sales_process=other.name)
		user = make_user("Sales User")
		for each in (here, there):
			frappe.db.set_value("Opportunity", each.name, "opportunity_owner", user)
		for process in (None, ""):
			for order_by in ORDERS:
				rows = get_list({"owner": [user]}, process, order_by)["rows"]
				self.assertEqual({row.name for row in rows}, {here.name, there.name})
				self.assertEqual({row.sales_process for row in rows}, {self.process.name, other.name})

	def test_nothing(self):
		for order_by in ORDERS:
			answer = get_list({}, self.process.name, order_by)
			self.assertEqual(answer["rows"], [])
			self.assertEqual((answer["count"], answer["amount"], answer["weighted"]), (0, 0, 0))

	def test_no_process_at_all(self):
		frappe.db.set_value("Sales Process", {"disabled": 0}, "disabled", 1)
		self.assertIn("rows", get_list({}, None, "stage"))

	def test_what_ended_is_not_in_it(self):
		self.opportunity(transaction_date=in_days(-3)).mark_won()
		self.assertEqual(get_list({}, self.process.name)["count"], 0)

	def test_an_unknown_process_is_refused(self):
		with self.assertRefused(frappe.DoesNotExistError):
			get_list({}, "No such process")

	def test_the_number_of_statements_does_not_grow(self):
		def ask():
			get_list({"text": "opportunity"}, self.process.name, "owner")

		self.opportunity(next_contact_date=hence(hours=-1))
		ask()
		before = self.statements(ask)
		for _number in range(5):
			self.opportunity(next_contact_date=hence(hours=-1))
		self.assertEqual(self.statements(ask), before)


class TestWhatEnded(BoardCase):
	def ended(self, state: str, **arguments) -> dict:
		return get_list({"state": state, **arguments.pop("filters", {})}, self.process.name, **arguments)

	def win(self, amount: float, days_ago: int = 0, **fields):
		opportunity = self.opportunity(amount, transaction_date=in_days(-60), **fields)
		opportunity.mark_won(amount + 1, in_days(-days_ago))
		return opportunity

	def lose(self, amount: float, **fields):
		opportunity = self.opportunity(amount, transaction_date=in_days(-60), **fields)
		opportunity.declare_lost([make_lost_reason().name])
		return opportunity

	def test_the_list_is_what_the_strips_count(self):
		self.opportunity(1000)
		earlier, last = self.win(10, 30), self.win(20)
		self.win(500, 31)
		lost = self.lose(70)
		strips = {stage["stage"]: stage for stage in self.board()["stages"]}
		for state, stage, expected in (("won", self.won, [last, earlier]), ("lost", self.lost, [lost])):
			answer = self.ended(state)
			self.assertEqual([row.name for row in answer["rows"]], [each.name for each in expected])
			self.assertEqual(
				(answer["count"], answer["amount"]), (strips[stage]["count"], strips[stage]["amount"])
			)
		self.assertEqual(self.ended("won")["amount"], 32)
		self.assertEqual([row.close_revenue for row in self.ended("won")["rows"]], [21, 11])
		self.assertEqual(
			[row.name for row in self.ended("won", descending=1)["rows"]], [earlier.name, last.name]
		)

	def test_filters_and_orders_hold(self):
		cheap, dear = self.win(10, title="Roof"), self.win(90, title="Wall")
		self.assertEqual(
			[row.name for row in self.ended("won", order_by="amount")["rows"]], [cheap.name, dear.name]
		)
		answer = self.ended("won", filters={"text": "roof"})
		self.assertEqual(([row.name for row in answer["rows"]], answer["amount"]), ([cheap.name], 11))

	def test_what_was_won_is_ordered_by_its_revenue(self):
		cheap, dear = self.opportunity(900, transaction_date=in_days(-9)), self.win(50)
		cheap.mark_won(5)
		order = {"order_by": "amount", "descending": 1}
		self.assertEqual([row.name for row in self.ended("won", **order)["rows"]], [dear.name, cheap.name])

	def test_who_may_not_read_when_is_told_of_none(self):
		self.win(10)
		make_property_setter("Opportunity", "closed_on", "permlevel", 2, "Int")
		frappe.clear_cache(doctype="Opportunity")
		self.addCleanup(frappe.clear_cache, doctype="Opportunity")
		with self.as_user("Sales User"), self.assertRefused(FieldOutOfReach):
			self.ended("won")

	def test_hidden_ones_are_not_in_it(self):
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		self.win(10, opportunity_owner=make_user("Sales User"))
		self.lose(10, opportunity_owner=make_user("Sales User"))
		with self.as_user("Sales User"):
			for state in ("won", "lost"):
				answer = self.ended(state)
				self.assertEqual((answer["rows"], answer["count"], answer["amount"]), ([], 0, 0))

	def test_the_board_shows_none(self):
		self.win(10)
		stages = self.board(state="won")["stages"]
		self.assertEqual([card for stage in stages for card in stage["cards"]], [])
