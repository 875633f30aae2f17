"""The clock of an opportunity, at its edges."""

from datetime import date
from unittest import TestCase

from crm_pipeline.rules.aging import Change, Pushes, days_in_stage, pushes, total_days


def day(number: int) -> date:
	return date(2026, 3, number)


def closing(old: date | None, new: date | None) -> Change:
	return Change(day(1), "Expected Closing", "Open", old, new)


class TestDaysInStage(TestCase):
	def test_it_runs_from_the_last_move(self):
		created, moved = Change(day(1), "Created", "Replied"), Change(day(4), "Stage", "Quotation")
		self.assertEqual(days_in_stage([created], day(11)), 10)
		self.assertEqual(days_in_stage([created, moved], day(11)), 7)
		self.assertEqual(days_in_stage([created, moved, Change(day(9), "Amount", "Open")], day(11)), 7)
		self.assertEqual(days_in_stage([created], day(1)), 0)

	def test_it_stands_still_where_the_opportunity_rests(self):
		for status in ("Paused", "Closed", "Lost", "Converted"):
			with self.subTest(status):
				log = [Change(day(1), "Created", "Open"), Change(day(3), "Status", status)]
				self.assertEqual(days_in_stage([*log, Change(day(8), "Status", "Open")], day(11)), 5)

	def test_the_ended_have_none(self):
		for status in ("Closed", "Lost", "Converted"):
			self.assertIsNone(days_in_stage([Change(day(1), "Created", status)], day(11)))
			log = [Change(day(1), "Created", "Open"), Change(day(3), "Status", status)]
			self.assertIsNone(days_in_stage(log, day(11)))
		self.assertEqual(days_in_stage([Change(day(1), "Created", "Paused")], day(11)), 0)
		self.assertIsNone(days_in_stage([], day(11)))

	def test_a_log_out_of_order_or_of_tomorrow_counts_no_negative_days(self):
		backwards = [Change(day(9), "Created", "Open"), Change(day(5), "Status", "Open")]
		self.assertEqual(days_in_stage(backwards, day(11)), 6)
		self.assertEqual(days_in_stage([Change(day(12), "Created", "Open")], day(11)), 0)
		ahead = [Change(day(9), "Created", "Open"), Change(day(5), "Amount", "Open")]
		self.assertEqual(days_in_stage(ahead, day(11)), 2)
		self.assertEqual(days_in_stage([ahead[0], closing(day(10), day(14))], day(11)), 2)


class TestTotalDays(TestCase):
	def test_to_the_end_or_to_today(self):
		self.assertEqual(total_days(day(1), None, day(11)), 10)
		self.assertEqual(total_days(day(1), day(4), day(11)), 3)
		self.assertEqual(total_days(day(1), day(1), day(11)), 0)
		self.assertEqual(total_days(day(12), None, day(11)), 0)


class TestPushes(TestCase):
	def test_only_putting_off_counts(self):
		self.assertEqual(pushes([closing(day(10), day(14)), closing(day(14), day(24))]), Pushes(2, 14))
		self.assertEqual(pushes([closing(day(14), day(12)), closing(day(12), day(12))]), Pushes(0, 0))
		self.assertEqual(pushes([closing(None, day(12)), closing(day(12), None)]), Pushes(0, 0))
		others = [Change(day(1), change, "Open", day(1), day(9)) for change in ("Amount", "Stage")]
		self.assertEqual(pushes(others), Pushes(0, 0))
