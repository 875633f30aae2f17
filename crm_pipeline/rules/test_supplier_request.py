import unittest
from datetime import date, timedelta

from crm_pipeline.rules import supplier_request as rule
from crm_pipeline.rules.supplier_request import Request

DAY = date(2031, 5, 14)


def stands(**values) -> str:
	known = {"requested": True, "opened": False, "answered": False, "declined": False, "answer_by": None}
	return rule.status_on(DAY, Request(**{**known, **values}))


class TestStatus(unittest.TestCase):
	def test_each_step(self):
		self.assertEqual(stands(requested=False, opened=True, answered=True), "")
		self.assertEqual(stands(), "Asked")
		self.assertEqual(stands(opened=True), "Opened")
		self.assertEqual(stands(opened=True, answered=True), "Answered")
		self.assertEqual(stands(opened=True, answered=True, declined=True), "Declined")

	def test_it_is_late_from_the_day_after(self):
		for days, status in ((-1, "Late"), (0, "Opened"), (1, "Opened")):
			with self.subTest(days):
				self.assertEqual(stands(opened=True, answer_by=DAY + timedelta(days)), status)

	def test_an_answer_ends_being_late(self):
		self.assertEqual(stands(answered=True, answer_by=DAY - timedelta(9)), "Answered")
		self.assertEqual(stands(declined=True, answer_by=DAY - timedelta(9)), "Declined")


class TestDays(unittest.TestCase):
	def test_a_link_outlives_the_day_to_answer_by(self):
		self.assertEqual(rule.link_ends_on(DAY, DAY + timedelta(3)), DAY + timedelta(3 + rule.GRACE_DAYS))
		self.assertEqual(rule.link_ends_on(DAY, None), DAY + timedelta(rule.VALID_DAYS))

	def test_days_to_answer(self):
		self.assertEqual(rule.days_to_answer(DAY, DAY), 0)
		self.assertEqual(rule.days_to_answer(DAY, DAY + timedelta(3)), 3)
