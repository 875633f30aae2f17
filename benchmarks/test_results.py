"""What turns come to: medians, goals, names, lines and the picture, without any site."""

from unittest import TestCase
from unittest.mock import Mock

from benchmarks.case import FLOOR, FROM_SIZE, OURS, RIVAL, Case, Goal
from benchmarks.cases import chosen, every_case
from benchmarks.chart import growth
from benchmarks.measuring import Figures, Turn, figures
from benchmarks.refusals import WrongChoice
from benchmarks.runs import Result, run
from benchmarks.table import entry, line

CASE = Case("of tests", lambda thing: None, goal=Goal(of_floor=1.5, of_rival=0.5, statements=12))


def taken(milliseconds: float, statements: int = 3) -> Figures:
	return Figures(milliseconds, milliseconds, milliseconds, milliseconds / 2, statements, 0.5, 1)


class TestFigures(TestCase):
	def test_times_are_of_one_unit_and_statements_of_all(self):
		found = figures([Turn(0.1, 0.05, 7, 10), Turn(0.3, 0.1, 9, 10), Turn(0.2, 0.2, 8, 10)], 1.5)
		self.assertEqual((found.first_quartile, found.median, found.third_quartile), (15, 20, 25))
		self.assertEqual((found.in_statements, found.statements, found.units), (10, 8, 10))
		self.assertEqual(found.megabytes, 1.5)

	def test_one_turn_is_its_own_quartiles(self):
		found = figures([Turn(0.1, 0.05, 7)], None)
		self.assertEqual((found.first_quartile, found.median, found.third_quartile), (100, 100, 100))


class TestGoals(TestCase):
	def test_what_is_as_good_as_its_goal_reaches_it(self):
		self.assertEqual(Result(CASE, FROM_SIZE, taken(15, 12), taken(30), taken(10)).missed(), [])

	def test_what_is_worse_misses_it(self):
		result = Result(CASE, FROM_SIZE, taken(16, 13), taken(31), taken(10))
		self.assertEqual(result.missed(), ["of_floor", "of_rival", "statements"])
		self.assertIn("missed: of floor 1.5, of rival 0.5, statements 12", line(result))

	def test_the_floor_counts_from_a_size_on(self):
		self.assertEqual(Result(CASE, FROM_SIZE - 1, taken(16), taken(40), taken(10)).missed(), [])

	def test_what_was_not_measured_is_not_missed(self):
		self.assertEqual(Result(CASE, FROM_SIZE, taken(1000)).missed(), [])
		self.assertEqual(entry(Result(CASE, 1, taken(1)))["rival"], None)


class TestTurns(TestCase):
	def side(self, log: list[str], name: str) -> Mock:
		side = Mock()
		side.turn.side_effect = lambda case, act: log.append(act) or Turn(len(log), 0, 1)
		side.tear_down.side_effect = lambda case: log.append(f"tear down {name}")
		side.peak.return_value = 2.0
		return side

	def test_sides_take_turns_and_the_first_one_warms_up(self):
		log: list[str] = []
		case = Case("of tests", print, rival=print, floor=print)
		result = run(case, 10, self.side(log, OURS), self.side(log, RIVAL), 2)
		self.assertEqual(log[:9], [OURS, RIVAL, FLOOR] * 3)
		self.assertEqual(result.ours.median, 5500)  # of turns 4 and 7, the first left out
		self.assertEqual(result.rival.median, 6500)
		self.assertEqual(log[9:], [f"tear down {OURS}", f"tear down {RIVAL}"])

	def test_a_long_one_is_run_once(self):
		log: list[str] = []
		run(Case("of tests", print, is_long=True), 10, self.side(log, OURS), None, 5)
		self.assertEqual(log, [OURS, f"tear down {OURS}"])

	def test_one_that_fails_is_torn_down_and_told(self):
		log: list[str] = []
		ours = self.side(log, OURS)
		ours.turn.side_effect = ValueError("No such stage")
		result = run(Case("of tests", print), 10, ours, None, 2)
		self.assertEqual(log, [f"tear down {OURS}"])
		self.assertIn("failed: ValueError: No such stage", line(result))
		self.assertEqual(result.missed(), [])


class TestCases(TestCase):
	def test_no_two_are_called_the_same(self):
		names = [case.name for _group, case in every_case()]
		self.assertEqual(len(names), len(set(names)))

	def test_each_case_of_the_house_is_there(self):
		names = [case.name for _group, case in every_case()]
		for start in (
			"insert, lead, 0",
			"insert, customer, 200",
			"save",
			"load",
			"form, 5,000",
			"timeline of the page, 50 ",
			"list, first page",
			"list, rows 5,000",
			"list of who sees 500",
			"count",
			"first board",
			"second page of a column",
			"cards 5,000",
			"map, insert and submit, 200",
			"auto-close",
			"reminders",
			"revaluation",
			"wake-ups",
			"report Forecast",
			"card Rotting",
			"chart Weighted Value",
			"import of 10,000 rows",
		):
			self.assertTrue([name for name in names if name.startswith(start)], start)

	def test_groups_names_and_patterns_choose(self):
		names = [case.name for case in chosen(["JOBS", "save, 5 items", "map, [0-9]* items"])]
		self.assertEqual(names[0], "save, 5 items")
		self.assertEqual(names[1:4], ["map, 5 items", "map, 50 items", "map, 200 items"])
		self.assertEqual(names[4:], ["auto-close", "reminders", "revaluation", "wake-ups"])

	def test_without_a_choice_there_are_all(self):
		self.assertEqual(len(chosen([])), len([*every_case()]))

	def test_what_names_none_is_refused(self):
		with self.assertRaisesRegex(WrongChoice, "--only nonsense"):
			chosen(["jobs", "nonsense"])


class TestChart(TestCase):
	def test_each_case_is_a_line_over_the_sizes_that_it_was_measured_at(self):
		other = Case("other", print)
		drawn = growth(
			[
				Result(CASE, 10, taken(1)),
				Result(CASE, 20, taken(10)),
				Result(other, 10, taken(5)),
				Result(other, 20),
			]
		)
		self.assertEqual(drawn.count("<path"), 2 * 2 + 3)  # a line and its sample each, and the powers of ten
		for text in ("of tests", "other", "1 ms", "10 ms", "100 ms"):
			self.assertIn(text, drawn)

	def test_of_one_size_nothing_grows(self):
		with self.assertRaisesRegex(ValueError, "two sizes"):
			growth([Result(CASE, 10, taken(1))])
