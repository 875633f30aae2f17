"""Filters of the pipeline page, at their edges."""

from datetime import date
from unittest import TestCase

from crm_pipeline.rules.view_filters import Filters, closing_span, read


class TestReading(TestCase):
	def test_nothing_asks_nothing(self):
		for sent in ({}, {"scope": None, "owner": [], "closing": "", "text": "", "value": None}):
			self.assertEqual(read(sent), Filters())

	def test_what_is_there_is_read(self):
		sent = {
			"scope": "user:a@example.com",
			"owner": ["a", "b", "a"],
			"closing": "overdue",
			"source": ["Fair"],
			"type": ["Sales"],
			"tag": ["Hot"],
			"value": [None, 10],
			"state": "no_step",
			"text": "a\0b",
			"postponed": ["", "a", ""],
		}
		self.assertEqual(
			read(sent),
			Filters(
				"user:a@example.com",
				("a", "b"),
				"overdue",
				("Fair",),
				("Sales",),
				("Hot",),
				(None, 10.0),
				"no_step",
				"a b",
				("", "a"),
			),
		)

	def test_whose(self):
		for scope, user in (
			("mine", "me"),
			("all", None),
			("team", None),
			("user:x", "x"),
			("user:user:x", "user:x"),
		):
			self.assertEqual(read({"scope": scope}).whose("me"), user)

	def test_a_text_counts_as_far_as_fields_go(self):
		self.assertEqual(len(read({"text": "x" * 10_000}).text), 140)

	def test_anything_else_is_refused(self):
		nan, huge = float("nan"), 10**400
		for sent in (
			None,
			[],
			"mine",
			7,
			{"stage": "Lead"},
			{1: 2},
			{"scope": "theirs"},
			{"scope": "user:"},
			{"scope": ["mine"]},
			{"owner": "a"},
			{"owner": [1]},
			{"owner": {"a": 1}},
			{"owner": ["x"] * 101},
			{"closing": "someday"},
			{"closing": ["overdue"]},
			{"state": "fine"},
			{"state": {}},
			{"value": 5},
			{"value": [1]},
			{"value": ["1", None]},
			{"value": [True, None]},
			{"value": [nan, None]},
			{"value": [None, huge]},
			{"text": 7},
			{"text": "\ud800"},
			{"tag": ["\ud800"]},
		):
			with self.subTest(sent=repr(sent)[:60]), self.assertRaises(ValueError):
				read(sent)


class TestClosing(TestCase):
	def spans(self, today: date, week_begins: date | None = None) -> dict:
		kinds = ("overdue", "this_week", "this_month", "next_month", "this_quarter")
		return {kind: closing_span(kind, today, week_begins or today) for kind in kinds}

	def test_in_the_middle(self):
		self.assertEqual(
			self.spans(date(2026, 5, 15), date(2026, 5, 11)),
			{
				"overdue": (None, date(2026, 5, 14)),
				"this_week": (date(2026, 5, 11), date(2026, 5, 17)),
				"this_month": (date(2026, 5, 1), date(2026, 5, 31)),
				"next_month": (date(2026, 6, 1), date(2026, 6, 30)),
				"this_quarter": (date(2026, 4, 1), date(2026, 6, 30)),
			},
		)

	def test_at_the_end_of_the_year(self):
		spans = self.spans(date(2026, 12, 31))
		self.assertEqual(spans["this_month"], (date(2026, 12, 1), date(2026, 12, 31)))
		self.assertEqual(spans["next_month"], (date(2027, 1, 1), date(2027, 1, 31)))
		self.assertEqual(spans["this_quarter"], (date(2026, 10, 1), date(2026, 12, 31)))

	def test_before_a_leap_day(self):
		self.assertEqual(self.spans(date(2028, 1, 31))["next_month"], (date(2028, 2, 1), date(2028, 2, 29)))
		self.assertEqual(self.spans(date(2028, 1, 1))["this_quarter"], (date(2028, 1, 1), date(2028, 3, 31)))
