"""Figures of Owner Performance, Slipping, Stage Conversion and Probability Check are what the lists add up to that they open."""

import random

import frappe
from frappe.desk.query_report import run

from crm_pipeline.exceptions import UnreadableFilters
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import in_days, make_lost_reason, make_opportunity, make_process, make_user
from crm_pipeline.tests.figures import assert_figures_open
from crm_pipeline.tests.limited import settings

PERFORMANCE, SLIPPING, CHECK = "Owner Performance", "Slipping", "Probability Check"
CONVERSION = "Stage Conversion and Time in Stage"
TOLD = {
	PERFORMANCE: {"won": "count", "lost": "count", "revenue": "revenue", "follow_ups": "times"},
	SLIPPING: {
		**dict.fromkeys(("opportunities", "in_play", "won", "lost", "closed"), "count"),
		"times": "times",
		"amount": "amount",
	},
	CONVERSION: dict.fromkeys(("entered", "moved_on", "won", "lost", "still_there"), "count"),
	CHECK: dict.fromkeys(("entered", "decided", "won"), "count"),
}


class ListsCase(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(10, 30, 60)
		self.stages = [row.sales_stage for row in self.process.stages[:3]]
		self.anna, self.ben = make_user("Sales User"), make_user("Sales User")
		self.reason = make_lost_reason().name

	def make(self, owner: str | None = None, **fields):
		return make_opportunity(sales_process=self.process.name, opportunity_owner=owner, **fields)

	def rows(self, report: str, **filters) -> list[dict]:
		"""The rows, after each of their figures was opened."""
		filters = {"sales_process": [self.process.name], **filters}
		found = run(report, filters=filters)["result"]
		assert_figures_open(self, report, filters, found, TOLD[report])
		return found

	def listed(self, report: str, show: str, **filters) -> list[dict]:
		filters = {"sales_process": [self.process.name], **filters}
		return run(report, filters={**filters, "show": show})["result"]


class TestListsOfPeople(ListsCase):
	def test_performance(self):
		for owner, amount in ((self.anna, 10.1), (self.anna, 0.2), (self.ben, 7), (None, 3)):
			self.make(owner, opportunity_amount=amount, transaction_date=in_days(-2)).mark_won()
		self.make(self.anna, opportunity_amount=99).declare_lost([self.reason])
		self.make(self.anna, opportunity_amount=98).update({"status": "Closed"}).save()
		followed = self.make(self.ben, next_contact_date=in_days(2))
		followed.complete_follow_up("Spoken", next_contact_date=in_days(4))
		followed.reload().complete_follow_up("Again")
		rows = {row["row"]: row for row in self.rows(PERFORMANCE)}
		self.assertEqual([rows[self.anna][name] for name in ("won", "lost", "revenue")], [2, 1, 10.3])
		self.assertEqual(rows["Administrator"]["follow_ups"], 2)
		self.assertEqual(rows[""]["won"], 1)
		total = rows[None]
		self.assertEqual([total[name] for name in ("won", "lost", "revenue", "follow_ups")], [4, 1, 20.3, 2])
		self.assertEqual((total["win_rate"], total["days_to_win"], total["bold"]), (80, 2, 1))
		(once,) = self.listed(PERFORMANCE, "follow_ups:Administrator")
		self.assertEqual((once["opportunity"], once["times"]), (followed.name, 2))
		self.assertEqual(len(self.listed(PERFORMANCE, f"win_rate:{self.anna}")), 3)
		self.assertEqual({row["days"] for row in self.listed(PERFORMANCE, f"days_to_win:{self.anna}")}, {2})

	def test_the_period_holds_for_the_lists(self):
		self.make(self.anna).mark_won()
		before = {"from_date": in_days(-9), "to_date": in_days(-1)}
		self.assertEqual(len(self.listed(PERFORMANCE, f"won:{self.anna}")), 1)
		self.assertEqual(self.listed(PERFORMANCE, f"won:{self.anna}", **before), [])

	def postponed(self, owner: str | None, *closings: int, **fields):
		opportunity = self.make(owner, expected_closing=in_days(closings[0]), **fields)
		for days in closings[1:]:
			opportunity.reload().update({"expected_closing": in_days(days)}).save()
		return opportunity

	def test_slipping(self):
		self.postponed(self.anna, 1, 2, 5, opportunity_amount=10.1)
		self.postponed(self.anna, 1, 3, 2, opportunity_amount=0.2)
		self.postponed(self.anna, 2, 1, opportunity_amount=99)
		self.postponed(None, 1, 2, opportunity_amount=3)
		self.postponed(self.anna, 1, 2).mark_won()
		self.postponed(self.ben, 1, 2).declare_lost([self.reason])
		self.postponed(self.ben, 1, 9).update({"status": "Closed"}).save()
		moved = self.postponed(self.anna, 1, 2, opportunity_amount=5)
		moved.reload().update({"opportunity_owner": self.ben}).save()
		moved.reload().update({"expected_closing": in_days(7)}).save()
		rows = {row["row"]: row for row in self.rows(SLIPPING)}
		names = ("opportunities", "times", "in_play", "won", "amount")
		self.assertEqual([rows[self.anna][name] for name in names], [4, 5, 3, 1, 15.3])
		self.assertEqual([rows[self.ben][name] for name in ("opportunities", "lost", "closed")], [3, 1, 1])
		self.assertEqual(rows[""]["times"], 1)
		total = rows[None]  # what anna and ben both postponed is one opportunity
		self.assertEqual([total[name] for name in names], [7, 9, 4, 1, 18.3])
		self.assertEqual((total["lost"], total["closed"], total["days_each"]), (1, 1, 23 / 9))
		self.assertEqual((total["owner_name"], total["bold"]), ("Total", 1))
		days = {row["days"] for row in self.listed(SLIPPING, f"days_each:{self.ben}")}
		self.assertEqual(days, {1, 8, 5})

	def test_owners_are_called_by_their_names(self):
		for owner in (self.anna, self.ben):
			self.make(owner).mark_won()
			self.postponed(owner, 1, 2)
		for report in (PERFORMANCE, SLIPPING):
			with self.subTest(report):
				answer = run(report, {"sales_process": [self.process.name]})
				names = [row["owner_name"] for row in answer["result"][:-1]]
				of_users = frappe.get_all("User", {"name": ["in", [self.anna, self.ben]]}, pluck="full_name")
				self.assertEqual(sorted(names), sorted(of_users))
				shown = {column["fieldname"] for column in answer["columns"]}
				values = [str(row[name]) for row in answer["result"] for name in shown]
				self.assertFalse([value for value in values if "@" in value])

	def test_one_owner_is_their_own_total(self):
		self.postponed(self.anna, 1, 2)
		self.assertEqual([row["row"] for row in self.rows(SLIPPING)], [self.anna])

	def test_lists_hide_what_figures_hide(self):
		settings(opportunity_visibility=OWN)
		for owner in (self.anna, self.ben):
			self.make(owner).mark_won()
			self.postponed(owner, 1, 2)
		frappe.set_user(self.anna)
		for report, figure in ((PERFORMANCE, "won"), (SLIPPING, "times")):
			self.assertEqual([row["row"] for row in self.rows(report)], [self.anna])
			self.assertEqual(self.listed(report, f"{figure}:{self.ben}"), [])
			self.assertEqual(len(self.listed(report, figure)), 1)

	def test_who_is_listed_is_named(self):
		self.make(self.anna).mark_won()
		filters = {"sales_process": [self.process.name]}
		name = frappe.db.get_value("User", self.anna, "full_name")
		message = run(PERFORMANCE, {**filters, "show": f"won:{self.anna}"})["message"]
		self.assertIn(f">Won · {name}<", message)
		self.assertIn(">Lost · Total<", run(PERFORMANCE, {**filters, "show": "lost"})["message"])

	def test_names_are_not_told_of_what_is_not_found(self):
		name = frappe.db.get_value("User", self.ben, "full_name")
		message = run(PERFORMANCE, {"show": f"won:{self.ben}", "sales_process": [self.process.name]})[
			"message"
		]
		self.assertNotIn(name, message)
		message = run(PERFORMANCE, {"show": "won:<img src=x>", "sales_process": [self.process.name]})[
			"message"
		]
		self.assertNotIn("<img", message)


class TestListsOfStages(ListsCase):
	def go_somewhere(self, opportunity, chance: random.Random) -> None:
		"""One of all that can happen to an opportunity on its way."""
		opportunity.reload()
		over = opportunity.status in ("Converted", "Lost", "Closed")
		if over:
			if chance.random() < 0.3:
				opportunity.reopen()
			return
		what = chance.choice(("stage", "stage", "stage", "won", "lost", "closed", "paused"))
		if what == "stage":
			opportunity.update({"sales_stage": chance.choice(self.stages)}).save()
		elif what == "won":
			opportunity.mark_won()
		elif what == "lost":
			opportunity.declare_lost([self.reason])
		elif what == "closed":
			opportunity.update({"status": "Closed"}).save()
		elif opportunity.status != "Paused":
			opportunity.pause(in_days(20))

	def test_any_history(self):
		chance = random.Random(8404)
		opportunities = [self.make(chance.choice((self.anna, self.ben))) for _number in range(12)]
		for _number in range(40):
			self.go_somewhere(chance.choice(opportunities), chance)
		for report in (CONVERSION, CHECK):
			rows = self.rows(report, fewest=1)
			self.assertEqual(rows[0]["entered"], 12)
			self.assertGreater(sum(row["won"] for row in rows), 0)
			self.assertGreater(sum(row["entered"] for row in rows[1:]), 0)
			self.rows(report, opportunity_owner=[self.anna])
			self.rows(report, to_date=in_days(-1), from_date=in_days(-9))

	def test_later_stays_count_whenever_they_were(self):
		back = self.make()
		back.update({"sales_stage": self.stages[2]}).save()
		back.reload().update({"sales_stage": self.stages[1]}).save()
		first, second, third = self.rows(CONVERSION)
		self.assertEqual([row["moved_on"] for row in (first, second, third)], [1, 0, 0])
		self.assertEqual([row["still_there"] for row in (first, second, third)], [0, 1, 0])
		self.assertEqual(len(self.listed(CONVERSION, f"conversion:{self.stages[2]}")), 1)

	def test_stages_are_named(self):
		self.make()
		filters = {"sales_process": [self.process.name]}
		message = run(CONVERSION, {**filters, "show": f"entered:{self.stages[0]}"})["message"]
		self.assertIn(f">Entered · {self.stages[0]}<", message)
		row = run(CHECK, filters)["result"][0]
		message = run(CHECK, {**filters, "show": f"decided:{row['row']}"})["message"]
		self.assertIn(f">Decided · {row['row']}<", message)  # nothing is decided, so that nothing is named
		message = run(CHECK, {**filters, "show": f"entered:{row['row']}"})["message"]
		self.assertIn(f">Entered · {self.process.name}: {self.stages[0]}<", message)

	def test_lists_hide_what_figures_hide(self):
		settings(opportunity_visibility=OWN)
		self.make(self.anna)
		self.make(self.ben)
		frappe.set_user(self.anna)
		for report in (CONVERSION, CHECK):
			self.assertEqual([row["entered"] for row in self.rows(report)], [1, 0, 0])

	def test_figures_that_are_not_there(self):
		stages = {CONVERSION: self.stages[0], CHECK: run(CHECK, {})["result"][0]["row"]}
		for report in (PERFORMANCE, SLIPPING, CONVERSION, CHECK):
			row = stages.get(report, self.anna)
			for show in (f"name:{row}", f"verdict:{row}", "stage_99", 7, {"a": 1}):
				with self.subTest(report, show=show), self.assertRefused(UnreadableFilters):
					self.listed(report, show)
		for report in (CONVERSION, CHECK):
			for show in ("entered", "entered:", "entered:no such stage"):
				with self.subTest(report, show=show), self.assertRefused(UnreadableFilters):
					self.listed(report, show)
