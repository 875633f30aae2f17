"""Opportunities on which nothing happens for longer than their stage allows."""

from unittest.mock import patch

import frappe
from frappe.utils import add_days, now_datetime

from crm_pipeline.api.pipeline import count_rotting, get_board
from crm_pipeline.board import cards
from crm_pipeline.crm_pipeline.report.rotting_opportunities.rotting_opportunities import execute
from crm_pipeline.history.rotting import idle_since
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_opportunity,
	make_process,
	make_stage,
)

LIMIT = 10


class TestRotting(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(10, 50)
		self.process.stages[0].rotting_days = LIMIT
		self.process.save()

	def idle_opportunity(self, days: int, **fields):
		"""An opportunity to which nothing has happened for that many days."""
		opportunity = make_opportunity(
			sales_process=self.process.name, transaction_date=in_days(-days), **fields
		)
		return opportunity

	def rotting(self) -> dict[str, int]:
		rows = execute({"sales_process": [self.process.name]})[1]
		return {row["name"]: row["days_idle"] for row in rows}

	def on_board(self) -> dict[str, int]:
		board = get_board(self.process.name)
		return {card.name: card.days_idle for stage in board["stages"] for card in stage["cards"]}

	def test_more_days_than_the_limit(self):
		early, late = self.idle_opportunity(LIMIT), self.idle_opportunity(LIMIT + 1)
		self.assertEqual(self.rotting(), {late.name: LIMIT + 1})
		self.assertEqual(self.on_board(), {early.name: LIMIT, late.name: LIMIT + 1})

	def test_contacts_and_moves_are_activity(self):
		called, moved, valued = (self.idle_opportunity(30) for _opportunity in range(3))
		frappe.db.set_value("Opportunity", called.name, "last_response_on", add_days(now_datetime(), -2))
		moved.advance()
		moved.step_back()
		valued.opportunity_amount = 900
		valued.save()
		self.assertEqual(self.rotting(), {})

	def test_a_follow_up_done_is_activity_and_one_put_off_is_none(self):
		visited, asked, put_off = (
			self.idle_opportunity(30, next_contact_date=add_days(now_datetime(), -3))
			for _opportunity in range(3)
		)
		before = count_rotting()["value"]
		visited.complete_follow_up("Was shown the new hall")
		frappe.get_doc("Event", asked.follow_up_event).update({"status": "Completed"}).save()
		put_off.snooze_follow_up(str(add_days(now_datetime(), 3)))
		self.assertEqual(self.rotting(), {put_off.name: 30})
		self.assertEqual(self.on_board(), {visited.name: 0, asked.name: 0, put_off.name: 30})
		self.assertEqual(count_rotting()["value"], before - 2)

	def test_what_somebody_deletes_while_it_is_read_is_left_out(self):
		"""As between two statements of one request, where the database does not read both from one state."""
		stays = self.idle_opportunity(30)
		gone = self.idle_opportunity(30).name

		def idle_since_a_deletion(names):
			frappe.db.delete("Opportunity", {"name": gone})
			return idle_since(names)

		with patch.object(cards, "idle_since", idle_since_a_deletion):
			self.assertEqual(self.on_board(), {stays.name: 30})

	def test_a_follow_up_done_is_activity_of_its_day_only(self):
		opportunity = self.idle_opportunity(60, next_contact_date=add_days(now_datetime(), -50))
		with self.at(add_days(now_datetime(), -LIMIT - 1)):
			opportunity.complete_follow_up("Was shown the new hall")
		self.assertEqual(self.rotting(), {opportunity.name: LIMIT + 1})

	def test_a_new_exchange_rate_is_none(self):
		base = frappe.get_cached_doc("Selling Settings").base_currency
		other = "NOK" if base != "NOK" else "SEK"
		frappe.db.set_value("Currency", other, "enabled", 1)
		make_exchange_rate(other, base, 0.1, in_days(-60))
		opportunity = self.idle_opportunity(30, currency=other, opportunity_amount=100)
		make_exchange_rate(other, base, 0.2)
		self.assertEqual(self.rotting(), {opportunity.name: 30})

	def test_stages_without_limit_paused_and_ended_opportunities_never_rot(self):
		elsewhere = self.idle_opportunity(90, sales_stage=self.process.stages[1].sales_stage)
		paused, closed = (
			self.idle_opportunity(90),
			self.idle_opportunity(90, status="Closed", closed_on=in_days(-80)),
		)
		frappe.db.set_value("Opportunity", paused.name, {"status": "Paused", "own_status": "Paused"})
		self.assertFalse({elsewhere.name, paused.name, closed.name} & set(self.rotting()))

	def test_the_card_counts_what_the_user_sees(self):
		before = count_rotting()["value"]
		self.idle_opportunity(30)
		self.assertEqual(count_rotting()["value"], before + 1)
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		with self.as_user("Sales User") as user:
			self.assertEqual(count_rotting()["value"], 0)
			self.idle_opportunity(30, opportunity_owner=user)
			self.assertEqual(count_rotting()["value"], 1)
		with self.as_user(), self.assertRefused(frappe.PermissionError):
			count_rotting()

	def test_the_card_leads_to_the_report_whoever_may_run_it(self):
		for role, leads in (("Sales User", True), ("Sales Manager", True), ("Purchase User", False)):
			with self.subTest(role), self.as_user(role):
				self.assertEqual("route" in count_rotting(), leads)

	def test_each_stage_has_its_own_limit(self):
		self.process.reload()
		self.process.stages[1].rotting_days = 3 * LIMIT
		self.process.save()
		second = self.process.stages[1].sales_stage
		ages = {LIMIT: 0, LIMIT + 1: 0, 3 * LIMIT: 1, 3 * LIMIT + 1: 1}
		stages = (None, second)
		early, late, early_there, late_there = (
			self.idle_opportunity(days, sales_stage=stages[number]) for days, number in ages.items()
		)
		self.assertEqual(self.rotting(), {late.name: LIMIT + 1, late_there.name: 3 * LIMIT + 1})
		board = get_board(self.process.name)
		rotting = {card.name: card.rotting for stage in board["stages"] for card in stage["cards"]}
		self.assertEqual(rotting, {early.name: 0, late.name: 1, early_there.name: 0, late_there.name: 1})

	def test_with_no_limit_anywhere_nothing_rots(self):
		frappe.db.set_value("Sales Process Stage", {"rotting_days": [">", 0]}, "rotting_days", 0)
		self.idle_opportunity(900)
		self.assertEqual((self.rotting(), count_rotting()["value"]), ({}, 0))

	def test_a_renamed_stage_keeps_its_limit(self):
		opportunity = self.idle_opportunity(30)
		frappe.rename_doc("Sales Stage", opportunity.sales_stage, make_stage().name, merge=True)
		self.assertIn(opportunity.name, self.rotting())
