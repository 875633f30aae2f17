"""The clock of an opportunity: pure arithmetic on its log, and that board, form and REST show the same."""

from datetime import date
from unittest import TestCase as PlainTestCase

import frappe
from frappe.utils import add_to_date, now_datetime

from crm_pipeline.api.history import get_progress
from crm_pipeline.api.pipeline import get_board
from crm_pipeline.rules.aging import Change, Pushes, days_in_stage, pushes, total_days
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make_lost_reason, make_opportunity, make_process


def day(number: int) -> date:
	return date(2026, 3, number)


def created(number: int, status: str = "Open") -> Change:
	return Change(day(number), "Created", status)


def moved(number: int, status: str = "Open") -> Change:
	return Change(day(number), "Stage", status)


def turned(number: int, status: str) -> Change:
	return Change(day(number), "Status", status)


class TestStageClock(PlainTestCase):
	def test_it_runs_from_the_last_move(self):
		self.assertEqual(days_in_stage([created(1)], day(11)), 10)
		self.assertEqual(days_in_stage([created(1), moved(5), turned(6, "Replied")], day(11)), 6)

	def test_it_stands_still_while_paused(self):
		log = [created(1), turned(3, "Paused"), turned(8, "Open")]
		self.assertEqual(days_in_stage(log, day(11)), 5)
		self.assertEqual(days_in_stage(log[:2], day(11)), 2)
		self.assertEqual(days_in_stage([created(1, "Paused")], day(11)), 0)

	def test_a_pause_before_the_move_is_of_no_account(self):
		log = [created(1), turned(2, "Paused"), turned(4, "Open"), moved(5)]
		self.assertEqual(days_in_stage(log, day(11)), 6)

	def test_moving_on_while_paused_starts_a_clock_that_stands_still(self):
		log = [created(1), turned(2, "Paused"), moved(4, "Paused"), turned(9, "Open")]
		self.assertEqual(days_in_stage(log, day(11)), 2)

	def test_it_ends_with_the_opportunity_and_goes_on_with_it(self):
		log = [created(1), turned(3, "Closed"), turned(9, "Open")]
		self.assertIsNone(days_in_stage(log[:2], day(11)))
		self.assertEqual(days_in_stage(log, day(11)), 4)

	def test_without_a_log_there_is_no_clock(self):
		self.assertIsNone(days_in_stage([], day(11)))

	def test_an_opportunity_dated_in_the_future_waits_no_days(self):
		self.assertEqual(days_in_stage([created(20)], day(11)), 0)
		self.assertEqual(total_days(day(20), None, day(11)), 0)

	def test_total_days_end_with_the_opportunity(self):
		self.assertEqual(total_days(day(1), None, day(11)), 10)
		self.assertEqual(total_days(day(1), day(4), day(11)), 3)

	def test_only_putting_off_is_a_push(self):
		def closing(old, new):
			return Change(day(1), "Expected Closing", "Open", old, new)

		log = [
			created(1),
			closing(None, day(10)),
			closing(day(10), day(14)),
			closing(day(14), day(12)),
			closing(day(12), day(22)),
			closing(day(22), None),
		]
		self.assertEqual(pushes(log), Pushes(2, 14))


class TestProgress(TestCase):
	def rewrite(self, opportunity, change: str, days_ago: int):
		"""Let the newest change of a kind have happened that many days ago."""
		row = frappe.get_last_doc("Pipeline Change", {"opportunity": opportunity.name, "change": change})
		frappe.db.set_value("Pipeline Change", row.name, "at", add_to_date(now_datetime(), days=-days_ago))

	def test_form_board_and_rest_agree(self):
		process = make_process(10)
		opportunity = make_opportunity(sales_process=process.name, transaction_date=in_days(-20))
		opportunity.pause(in_days(3))
		self.rewrite(opportunity, "Status", 12)
		opportunity.resume()
		self.rewrite(opportunity, "Status", 5)
		opportunity.run_method("onload")
		cards = [card for stage in get_board(process.name)["stages"] for card in stage["cards"]]
		self.assertEqual([card.days_in_stage for card in cards], [13])
		progress = get_progress(opportunity.name)
		self.assertEqual((progress["days_in_stage"], progress["total_days"]), (13, 20))
		self.assertEqual(opportunity.get_onload("desk")["progress"], progress)

	def test_the_closing_date_and_how_it_was_pushed(self):
		opportunity = make_opportunity(expected_closing=in_days(5))
		for days in (12, 9, 30):
			opportunity.expected_closing = in_days(days)
			opportunity.save()
		progress = get_progress(opportunity.name)
		self.assertEqual((progress["closing_pushed"], progress["closing_pushed_days"]), (2, 28))

	def test_an_ended_opportunity_has_its_total_only(self):
		opportunity = make_opportunity(transaction_date=in_days(-9))
		opportunity.mark_won(closed_on=in_days(-2))
		self.assertEqual(
			get_progress(opportunity.name),
			{"days_in_stage": None, "total_days": 7, "closing_pushed": 0, "closing_pushed_days": 0},
		)
		lost = make_opportunity()
		lost.declare_lost([make_lost_reason().name])
		lost.reopen()
		self.assertEqual(get_progress(lost.name)["days_in_stage"], 0)

	def test_who_may_not_read_the_opportunity_learns_nothing(self):
		opportunity = make_opportunity()
		with self.as_user(), self.assertRefused(frappe.PermissionError):
			get_progress(opportunity.name)
