"""Stages along a process, and the probability that goes with them."""

from unittest import TestCase

from crm_pipeline.rules import stages
from crm_pipeline.rules.stages import Stage

HINT, TALK, OFFER = Stage("Hint", "Open", 10), Stage("Talk", "Open", 40), Stage("Offer", "Open", 70)
WON, ALSO_WON, LOST = Stage("Yes", "Won", 90), Stage("Yes, twice", "Won", 100), Stage("No", "Lost", 5)
PROCESS = [HINT, LOST, TALK, WON, OFFER, ALSO_WON]


class TestStages(TestCase):
	def test_status_and_type_demand_each_other(self):
		self.assertEqual([stages.type_for_status(each) for each in ("Converted", "Lost")], ["Won", "Lost"])
		self.assertEqual({stages.type_for_status(each) for each in ("Open", "Paused", "Closed")}, {"Open"})
		types = ("Won", "Lost", "Open")
		self.assertEqual([stages.status_for_type(each) for each in types], ["Converted", "Lost", None])

	def test_looking_up(self):
		self.assertEqual(stages.find(PROCESS, "Talk"), TALK)
		self.assertIsNone(stages.find(PROCESS, "Gone"))
		self.assertIsNone(stages.find(PROCESS, None))
		self.assertEqual(stages.first_of_type(PROCESS, "Won"), WON)
		self.assertEqual(stages.first_of_type(PROCESS, "Open"), HINT)
		self.assertIsNone(stages.first_of_type([HINT], "Lost"))

	def test_one_step_along_open_stages_and_then_the_first_won_one(self):
		on = [stages.neighbour(PROCESS, each.name, +1) for each in PROCESS]
		back = [stages.neighbour(PROCESS, each.name, -1) for each in PROCESS]
		self.assertEqual(on, [TALK, None, OFFER, None, WON, None])
		self.assertEqual(back, [None, None, HINT, OFFER, TALK, None])

	def test_probability(self):
		for current, old, new, expected in (
			(10, HINT, TALK, 40),
			(10.5, HINT, TALK, 10.5),
			(0, HINT, TALK, 0),
			(40, HINT, TALK, 40),
			(10, None, TALK, 10),
			(None, None, TALK, 40),
			(None, HINT, TALK, 40),
			(10, HINT, WON, 100),
			(33, HINT, LOST, 0),
			(100, WON, TALK, 100),
			(90, WON, TALK, 40),
		):
			with self.subTest(current=current, old=old, new=new):
				answer = stages.probability_after(current, old, new)
				self.assertEqual((answer, type(answer)), (expected, float))
