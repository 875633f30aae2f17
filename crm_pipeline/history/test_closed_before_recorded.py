"""What comes in won or lost ended on its own day, however late somebody recorded it."""

import frappe
from frappe.utils import getdate

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make_lost_reason, make_opportunity


class TestClosedBeforeRecorded(TestCase):
	def dates(self, **fields) -> tuple:
		opportunity = make_opportunity(**fields)
		return tuple(
			str(getdate(value))
			for value in (opportunity.transaction_date, opportunity.closed_on, opportunity.status_since)
		)

	def test_the_date_of_the_record_gives_way(self):
		dates = {"transaction_date": "2025-03-10", "closed_on": "2025-03-03"}
		lost = {"lost_reasons": [{"lost_reason": make_lost_reason().name}]}
		for fields in ({"status": "Converted"}, {"status": "Lost", **lost}, {"sales_stage": "Won"}):
			self.assertEqual(self.dates(**dates, **fields), ("2025-03-03", "2025-03-03", "2025-03-03"))

	def test_the_expected_closing_stands_in_for_a_closing_date(self):
		fields = {"status": "Converted", "transaction_date": "2024-01-15", "expected_closing": "2024-02-20"}
		self.assertEqual(self.dates(**fields)[:2], ("2024-01-15", "2024-02-20"))
		self.assertEqual(self.dates(**fields, closed_on="2024-02-11")[1], "2024-02-11")

	def test_one_expected_to_come_ends_today(self):
		today = in_days(0)
		self.assertEqual(self.dates(status="Converted", expected_closing=in_days(3)), (today, today, today))

	def test_one_that_ended_today_or_was_expected_to_is_dated_today(self):
		today = in_days(0)
		for ended in (
			{"closed_on": today},
			{"expected_closing": today},
			{"expected_closing": in_days(1)},
			{},
		):
			with self.subTest(ended=ended):
				dates = {"transaction_date": in_days(3), **ended}
				self.assertEqual(self.dates(status="Converted", **dates), (today, today, today))

	def test_the_future_and_later_changes_are_refused_as_ever(self):
		with self.assertRefused(exceptions.ClosedOutOfTime):
			make_opportunity(status="Converted", closed_on=in_days(1))
		with self.assertRefused(exceptions.ClosedOutOfTime):
			make_opportunity().mark_won(closed_on=in_days(-1))

	def test_an_open_one_keeps_its_date(self):
		opportunity = make_opportunity(transaction_date="2024-01-15", expected_closing="2023-02-20")
		self.assertEqual(
			(str(getdate(opportunity.transaction_date)), opportunity.closed_on), ("2024-01-15", None)
		)
		self.assertTrue(frappe.db.exists("Opportunity", opportunity.name))
