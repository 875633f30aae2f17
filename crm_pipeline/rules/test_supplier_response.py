import unittest
from datetime import date, timedelta

from crm_pipeline.rules.supplier_response import Response, summary

ASKED = date(2031, 5, 1)
DUE = date(2031, 5, 8)


def response(days: int | None = None, declined: bool = False, answer_by: date | None = DUE) -> Response:
	answered_on = None if days is None else ASKED + timedelta(days)
	return Response(ASKED, answered_on, declined, answer_by)


class TestSummary(unittest.TestCase):
	def test_by_hand(self):
		responses = [
			response(0),
			response(3),
			response(10),
			response(2, declined=True),
			response(),
			response(),
		]
		self.assertEqual(
			summary(responses, DUE),
			{
				"asked": 6,
				"answered": 3,
				"declined": 1,
				"waiting": 2,
				"late": 1,
				"answer_rate": 50.0,
				"days_to_answer": 4.3,
			},
		)

	def test_what_waits_is_late_from_the_day_after(self):
		self.assertEqual(summary([response()], DUE)["late"], 0)
		self.assertEqual(summary([response()], DUE + timedelta(1))["late"], 1)
		self.assertEqual(summary([response(answer_by=None)], DUE + timedelta(99))["late"], 0)

	def test_nobody_answered_in_no_days(self):
		told = summary([response(1, declined=True), response()], DUE)
		self.assertEqual((told["answer_rate"], told["days_to_answer"]), (0.0, None))
		self.assertEqual(summary([], DUE)["answer_rate"], None)
