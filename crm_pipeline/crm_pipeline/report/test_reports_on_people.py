"""Reports on what owners won and postponed, and on how far the probabilities of stages are true."""

from unittest.mock import patch

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.desk.query_report import run
from frappe.utils import add_days

from crm_pipeline import exceptions
from crm_pipeline.crm_pipeline.report.probability_check import probability_check
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_lost_reason,
	make_opportunity,
	make_process,
	make_user,
	unique,
)
from crm_pipeline.tests.limited import settings

PERFORMANCE, SLIPPING, CHECK = "Owner Performance", "Slipping", "Probability Check"
CONVERSION = "Stage Conversion and Time in Stage"


def rows(report: str, **filters) -> list[dict]:
	return [row for row in run(report, filters=filters)["result"] if isinstance(row, dict)]


class TestOwnerPerformance(TestCase):
	def setUp(self):
		super().setUp()
		self.anna, self.ben = make_user("Sales User"), make_user("Sales User")

	def ended(self, won: bool, owner: str | None = None, **fields):
		opportunity = make_opportunity(opportunity_owner=owner or self.anna, **fields)
		if won:
			opportunity.mark_won()
		else:
			opportunity.declare_lost([make_lost_reason().name])
		return opportunity

	def row(self, user: str, **filters) -> dict | None:
		return {row["row"]: row for row in rows(PERFORMANCE, **filters)}.get(user)

	def test_what_was_won_and_lost(self):
		self.ended(True, opportunity_amount=100.25, transaction_date=in_days(-4))
		self.ended(True, opportunity_amount=200, transaction_date=in_days(-1))
		self.ended(False, opportunity_amount=999)
		make_opportunity(opportunity_owner=self.anna).update({"status": "Closed"}).save()
		make_opportunity(opportunity_owner=self.anna, opportunity_amount=50)
		self.ended(False, self.ben)
		row = self.row(self.anna)
		self.assertEqual((row["won"], row["lost"], row["revenue"], row["days_to_win"]), (2, 1, 300.25, 2.5))
		self.assertAlmostEqual(row["win_rate"], 66.67, 2)
		self.assertAlmostEqual(row["rate_from"], 20.77, 2)
		self.assertAlmostEqual(row["rate_to"], 93.85, 2)
		row = self.row(self.ben)
		self.assertEqual((row["won"], row["lost"], row["win_rate"], row["days_to_win"]), (0, 1, 0, None))

	def test_what_nobody_owns_is_one_row(self):
		process = make_process(10).name
		for nobody in (None, ""):
			opportunity = self.ended(True, sales_process=process, opportunity_amount=10)
			postponed = make_opportunity(sales_process=process, expected_closing=in_days(3))
			postponed.update({"expected_closing": in_days(5)}).save()
			for name in (opportunity.name, postponed.name):
				frappe.db.set_value("Opportunity", name, "opportunity_owner", nobody)
				frappe.db.set_value("Pipeline Change", {"opportunity": name}, "opportunity_owner", nobody)
		(row,) = rows(PERFORMANCE, sales_process=[process])
		self.assertEqual((row["row"], row["won"], row["revenue"]), ("", 2, 20))
		(row,) = rows(SLIPPING, sales_process=[process])
		self.assertEqual((row["row"], row["times"], row["opportunities"], row["in_play"]), ("", 2, 2, 2))

	def test_the_last_day_counts_whole(self):
		self.ended(True)
		self.assertEqual(self.row(self.anna, from_date=in_days(0), to_date=in_days(0))["won"], 1)
		self.assertIsNone(self.row(self.anna, from_date=in_days(-9), to_date=in_days(-1)))

	def test_follow_ups_are_of_whoever_did_them(self):
		opportunity = make_opportunity(opportunity_owner=self.anna, next_contact_date=in_days(2))
		frappe.set_user(self.ben)
		opportunity.complete_follow_up("Spoken")
		frappe.set_user("Administrator")
		self.assertEqual(self.row(self.ben)["follow_ups"], 1)
		self.assertIsNone(self.row(self.ben)["win_rate"])
		self.assertIsNone(self.row(self.anna))

	def test_hidden_ones_count_for_nothing(self):
		settings(opportunity_visibility=OWN)
		self.ended(True, self.ben)
		frappe.set_user(self.anna)
		self.assertIsNone(self.row(self.ben))
		frappe.set_user(self.ben)
		self.assertEqual(self.row(self.ben)["won"], 1)


class TestSlipping(TestCase):
	def setUp(self):
		super().setUp()
		self.owner = make_user("Sales User")

	def make(self, *closings: str, **fields):
		"""An opportunity whose closing was expected on these days, one after the other."""
		opportunity = make_opportunity(
			opportunity_owner=self.owner,
			**{"expected_closing": closings[0], "opportunity_amount": 100, **fields},
		)
		for day in closings[1:]:
			opportunity.reload().update({"expected_closing": day}).save()
		return opportunity

	def row(self, **filters) -> dict | None:
		return {row["row"]: row for row in rows(SLIPPING, **filters)}.get(self.owner)

	def test_only_a_later_day_is_put_off(self):
		self.make(in_days(10), in_days(20), in_days(15), in_days(16))
		self.make(in_days(10), in_days(9))
		self.make(in_days(10), None, in_days(30))
		row = self.row()
		self.assertEqual((row["opportunities"], row["times"], row["days_each"]), (1, 2, 5.5))

	def test_what_became_of_it(self):
		self.make(in_days(1), in_days(2), opportunity_amount=70)
		self.make(in_days(1), in_days(2), in_days(3)).mark_won()
		self.make(in_days(1), in_days(2)).declare_lost([make_lost_reason().name])
		row = self.row()
		self.assertEqual((row["in_play"], row["won"], row["lost"], row["closed"]), (1, 1, 1, 0))
		self.assertEqual((row["opportunities"], row["times"], row["amount"]), (3, 4, 70))

	def test_by_opportunity(self):
		once, twice = self.make(in_days(1), in_days(2)), self.make(in_days(1), in_days(2), in_days(3))
		self.make(in_days(1))
		found = rows(SLIPPING, group_by="Opportunity", opportunity_owner=self.owner)
		self.assertEqual(
			[(row["opportunity"], row["times"]) for row in found], [(twice.name, 2), (once.name, 1)]
		)

	def test_titles_are_for_who_may_read_them(self):
		self.make(in_days(1), in_days(2))
		make_property_setter("Opportunity", "title", "permlevel", 2, "Int")
		frappe.clear_cache(doctype="Opportunity")
		self.addCleanup(frappe.clear_cache, doctype="Opportunity")
		frappe.set_user(self.owner)
		answer = run(SLIPPING, filters={"group_by": "Opportunity"})
		self.assertNotIn("title", [column["fieldname"] for column in answer["columns"]])
		self.assertNotIn("title", answer["result"][0])

	def test_it_counts_for_the_owner_of_then(self):
		opportunity = self.make(in_days(1), in_days(2))
		opportunity.update({"opportunity_owner": make_user("Sales User")}).save()
		self.assertEqual(self.row()["times"], 1)

	def test_the_period_is_that_of_putting_it_off(self):
		with self.at("2031-03-10 23:59:59"):
			self.make("2031-04-01", "2031-04-02")
		self.assertEqual(self.row(from_date="2031-03-10", to_date="2031-03-10")["times"], 1)
		self.assertIsNone(self.row(from_date="2031-03-11", to_date="2031-03-12"))


class TestProbabilityCheck(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(20, 50)
		self.first, self.second = (row.sales_stage for row in self.process.stages[:2])

	def decided(self, won: int, lost: int, stage: str | None = None, undecided: int = 0):
		reason = make_lost_reason().name
		for number in range(won + lost + undecided):
			opportunity = make_opportunity(sales_process=self.process.name)
			if stage:
				opportunity.update({"sales_stage": stage}).save()
			if number < won:
				opportunity.mark_won()
			elif number < won + lost:
				opportunity.declare_lost([reason])

	def check(self, **filters) -> dict[str, dict]:
		found = rows(CHECK, sales_process=[self.process.name], **filters)
		return {row["sales_stage"]: row for row in found}

	def test_the_share_of_what_entered_and_is_decided(self):
		self.decided(2, 3, undecided=1)
		self.decided(1, 0, self.second)
		first, second = self.check(fewest=1).values()
		self.assertEqual((first["entered"], first["decided"], first["won"]), (7, 6, 3))
		self.assertEqual((first["probability"], first["won_share"]), (20, 50))
		self.assertEqual((second["entered"], second["decided"], second["won_share"]), (1, 1, 100))

	def test_as_many_stages_as_there_may_be(self):
		self.decided(2, 3, undecided=1)
		self.decided(1, 0, self.second)
		former = self.check(fewest=1)
		for bits in (1, 2):
			with patch.object(probability_check, "BITS", bits):
				self.assertEqual(self.check(fewest=1), former)

	def test_a_stage_that_is_entered_again_counts_once(self):
		opportunity = make_opportunity(sales_process=self.process.name)
		for stage in (self.second, self.first, self.second, self.first):
			opportunity.update({"sales_stage": stage}).save()
		opportunity.mark_won()
		found = [(row["entered"], row["decided"], row["won"]) for row in self.check(fewest=1).values()]
		self.assertEqual(found[:2], [(1, 1, 1), (1, 1, 1)])

	def test_it_is_silent_on_few(self):
		self.decided(4, 0)
		self.assertEqual(self.check()[self.first]["won_share"], None)
		self.assertEqual(self.check(fewest=5)[self.first]["verdict"], None)
		self.assertEqual(self.check(fewest=4)[self.first]["verdict"], "Too Low")

	def test_verdicts(self):
		self.decided(0, 16)
		self.assertEqual(self.check(fewest=16)[self.first]["verdict"], "Too High")
		self.decided(3, 0)
		self.assertEqual(self.check(fewest=16)[self.first]["verdict"], "Agrees")

	def test_twice_in_a_stage_counts_once(self):
		opportunity = make_opportunity(sales_process=self.process.name)
		opportunity.advance()
		opportunity.step_back()
		opportunity.mark_won()
		self.assertEqual(self.check(fewest=1)[self.first]["entered"], 1)

	def test_bad_numbers_are_refused(self):
		for fewest in ("-1", "0", "many", 1.5):
			with self.subTest(fewest), self.assertRefused(exceptions.UnreadableFilters):
				self.check(fewest=fewest)

	def test_the_period_is_that_of_entering(self):
		self.decided(1, 0)
		self.assertEqual(self.check(fewest=1, to_date=add_days(in_days(0), -1))[self.first]["entered"], 0)


class TestStageConversion(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(10, 30, 60)
		self.stages = [row.sales_stage for row in self.process.stages[:3]]

	def make(self, day: str = "2031-02-01", **fields):
		with self.at(f"{day} 09:00:00"):
			return make_opportunity(sales_process=self.process.name, transaction_date=day, **fields)

	def on(self, day: str, opportunity, **values):
		with self.at(f"{day} 09:00:00"):
			opportunity.reload().update(values).save()

	def rows(self, **filters) -> list[dict]:
		period = {"from_date": "2031-02-01", "to_date": "2031-02-28"}
		return rows(CONVERSION, **{"sales_process": self.process.name, **period, **filters})

	def test_what_became_of_those_that_entered(self):
		stays, moves, skips, back, lost, won = (self.make() for _number in range(6))
		self.on("2031-02-03", moves, sales_stage=self.stages[1])
		self.on("2031-02-03", skips, sales_stage=self.stages[2])
		self.on("2031-02-03", back, sales_stage=self.stages[1])
		self.on("2031-02-04", back, sales_stage=self.stages[0])
		with self.at("2031-02-05 09:00:00"):
			lost.reload().declare_lost([make_lost_reason().name])
			won.reload().mark_won()
		first, second, third = self.rows()
		counts = ("entered", "moved_on", "won", "lost", "still_there")
		self.assertEqual([first[each] for each in counts], [6, 3, 1, 1, 2])
		self.assertEqual(first["conversion"], 75)
		self.assertEqual([second[each] for each in counts], [2, 0, 0, 0, 1])
		self.assertEqual([third[each] for each in counts], [1, 0, 0, 0, 1])
		self.assertEqual((third["conversion"], third["days"]), (None, None))
		self.assertTrue(stays)

	def test_days_are_those_of_whoever_left_without_rest(self):
		straight, rested, again, stays = (self.make() for _number in range(4))
		self.on("2031-02-05", straight, sales_stage=self.stages[1])  # 4 days
		with self.at("2031-02-02 09:00:00"):
			rested.reload().pause("2031-02-20")
		with self.at("2031-02-12 09:00:00"):
			rested.reload().resume()
		self.on("2031-02-13", rested, sales_stage=self.stages[1])  # 1 day, and 1 after the rest
		self.on("2031-02-03", again, sales_stage=self.stages[1])  # 2 days
		self.on("2031-02-10", again, sales_stage=self.stages[0])
		self.on("2031-02-11", again, sales_stage=self.stages[1])  # and 1
		self.assertEqual(self.rows()[0]["days"], (4 + 2 + 3) / 3)
		self.assertTrue(stays)

	def test_a_stage_of_another_process_is_another_stay(self):
		other = make(
			"Sales Process",
			process_name=unique("Process"),
			stages=[
				{"sales_stage": row.sales_stage, "probability": row.probability}
				for row in self.process.stages
			],
		)
		opportunity = self.make()
		with self.at("2031-02-03 09:00:00"):
			opportunity.reload().change_process(other.name)
		self.on("2031-02-13", opportunity, sales_stage=self.stages[1])
		here, there = self.rows()[0], self.rows(sales_process=other.name)[0]
		self.assertEqual((here["still_there"], here["days"]), (0, 2))
		self.assertEqual((there["still_there"], there["days"]), (0, 10))

	def test_what_is_dated_ahead_has_waited_for_no_day(self):
		with self.at("2031-02-01 09:00:00"):
			opportunity = make_opportunity(sales_process=self.process.name, transaction_date="2031-02-10")
		self.on("2031-02-03", opportunity, sales_stage=self.stages[1])
		self.assertEqual(self.rows()[0]["days"], 0)

	def test_closed_without_an_outcome_has_left(self):
		closed = self.make()
		self.on("2031-02-08", closed, status="Closed")
		first = self.rows()[0]
		self.assertEqual((first["still_there"], first["conversion"], first["days"]), (0, 0, 7))

	def test_the_period_is_that_of_entering(self):
		self.make("2031-01-31")
		self.make("2031-02-28")
		self.make("2031-03-01")
		self.assertEqual(self.rows()[0]["entered"], 1)

	def test_all_stages_of_an_empty_process(self):
		self.assertEqual([row["entered"] for row in self.rows()], [0, 0, 0])
		self.assertTrue(rows(CONVERSION))
