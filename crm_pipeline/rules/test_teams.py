import unittest

from crm_pipeline.rules.teams import Team, closes_circle, led_by, with_those_below

TREE = [
	Team("Sales", None, "maya"),
	Team("North", "Sales", "daniel"),
	Team("Coast", "North", None),
	Team("South", "Sales", "daniel"),
	Team("Service", None, "sofia"),
	Team("Lost", "Gone", "tom"),
]


class TestTeams(unittest.TestCase):
	def test_those_below_at_any_depth(self):
		self.assertEqual(with_those_below(["Sales"], TREE), {"Sales", "North", "Coast", "South"})
		self.assertEqual(with_those_below(["Coast"], TREE), {"Coast"})
		self.assertEqual(with_those_below(["Coast", "Service"], TREE), {"Coast", "Service"})
		self.assertEqual(with_those_below([], TREE), set())

	def test_a_manager_leads_several(self):
		self.assertEqual(led_by("daniel", TREE), {"North", "Coast", "South"})
		self.assertEqual(led_by("maya", TREE), {"Sales", "North", "Coast", "South"})
		self.assertEqual(led_by("nobody", TREE), set())

	def test_a_team_whose_parent_is_gone_stands_alone(self):
		self.assertEqual(led_by("tom", TREE), {"Lost"})

	def test_what_would_close_a_circle(self):
		for name, parent in (("Sales", "Sales"), ("Sales", "Coast"), ("North", "Coast"), ("New", "New")):
			with self.subTest(name, parent=parent):
				self.assertTrue(closes_circle(name, parent, TREE))
		for name, parent in (("Coast", "Sales"), ("South", "North"), ("New", "Coast"), ("Sales", "Service")):
			with self.subTest(name, parent=parent):
				self.assertFalse(closes_circle(name, parent, TREE))

	def test_a_circle_that_stands_ends(self):
		ring = [Team("A", "B", "x"), Team("B", "A", None), Team("C", "B", "y")]
		self.assertEqual(led_by("x", ring), {"A", "B", "C"})
		self.assertEqual(led_by("y", ring), {"C"})
		self.assertTrue(closes_circle("A", "C", ring))
