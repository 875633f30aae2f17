"""Long lists of opportunities: the beginning is what all of them begin with, and it is said how many there are."""

from unittest.mock import patch

import frappe
from frappe.desk.query_report import run

from crm_pipeline.crm_pipeline.report import first_rows
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_lost_reason, make_opportunity, make_process, make_user
from crm_pipeline.tests.limited import settings

LOST, ROTTING = "Lost Opportunity", "Rotting Opportunities"
DAYS = ("2031-01-03", "2031-01-01", "2031-01-02", "2031-01-01", "2031-01-03")
NOW = "2031-03-01 12:00:00"


class TestFirstRows(TestCase):
	def setUp(self):
		super().setUp()
		self.owner = make_user("Sales User")
		self.process = make_process()
		self.process.stages[0].rotting_days = 20
		self.process.save()
		self.reasons = [make_lost_reason().name for _each in range(2)]

	def make(self, day: str):
		with self.at(f"{day} 09:00:00"):
			return make_opportunity(
				opportunity_owner=self.owner, sales_process=self.process.name, transaction_date=day
			)

	def make_all(self, report: str) -> list[str]:
		"""Return the names of some on days of which two have a tie, as the report has them in order."""
		made = [(day, self.make(day)) for day in DAYS]
		if report == LOST:
			for number, (day, opportunity) in enumerate(made):
				with self.at(f"{day} 10:00:00"):
					opportunity.reload().declare_lost(self.reasons[: 1 + number % 2])
		named = sorted((day, opportunity.name) for day, opportunity in made)
		return [
			name for day in sorted(set(DAYS), reverse=report == LOST) for each, name in named if each == day
		]

	def answer(self, report: str, **filters) -> dict:
		with self.at(NOW):
			return run(report, filters={"opportunity_owner": [self.owner], **filters})

	def named(self, answer: dict) -> list[str]:
		return [row["name"] for row in answer["result"]]

	def test_as_all_begin(self):
		for report in (LOST, ROTTING):
			expected = self.make_all(report)
			whole = self.answer(report, rows="All")
			self.assertEqual((self.named(whole), whole["message"]), (expected, None))
			for most in range(1, len(DAYS) + 2):
				with self.subTest(report, most=most), patch.object(first_rows, "MOST_ROWS", most):
					answer = self.answer(report)
					self.assertEqual(self.named(answer), expected[:most])
					if most < len(DAYS):
						self.assertIn(f"first {most} of {len(DAYS)} are", answer["message"])
					else:
						self.assertIsNone(answer["message"])
					for row, same in zip(answer["result"], whole["result"], strict=False):
						self.assertEqual({name: row[name] for name in same}, same)
						self.assertFalse(any(value for name, value in row.items() if name not in same))

	def test_what_one_does_not_see_is_not_counted(self):
		settings(opportunity_visibility=OWN)
		colleague = make_user("Sales User")
		for report in (LOST, ROTTING):
			expected = self.make_all(report)
			with self.subTest(report), patch.object(first_rows, "MOST_ROWS", 2):
				frappe.set_user(self.owner)
				answer = self.answer(report)
				self.assertEqual(self.named(answer), expected[:2])
				self.assertIn("2 of 5 are", answer["message"])
				frappe.set_user(colleague)
				hidden = self.answer(report)
				self.assertEqual((hidden["result"], hidden["message"]), ([], None))
				frappe.set_user("Administrator")

	def test_of_a_reason(self):
		self.make_all(LOST)
		with patch.object(first_rows, "MOST_ROWS", 1):
			answer = self.answer(LOST, lost_reason=self.reasons[1:])
		self.assertEqual(answer["result"][0]["lost_reasons"], ", ".join(self.reasons))
		self.assertIn("1 of 2 are", answer["message"])

	def test_another_choice_is_refused(self):
		for report in (LOST, ROTTING):
			with self.subTest(report), self.assertRaisesRegex(frappe.ValidationError, "First, All"):
				self.answer(report, rows="Some")
