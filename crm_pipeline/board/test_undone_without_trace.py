"""After each kind of move and its undoing the opportunity stands as if neither had been: in its record and wherever it is told of."""

from collections.abc import Callable
from datetime import timedelta

import frappe
from frappe.utils import add_to_date, get_datetime, now_datetime

from crm_pipeline.api import moves
from crm_pipeline.api.activities import add_activity
from crm_pipeline.api.opportunities import act_on_many, undo_many
from crm_pipeline.history.as_of import change
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.everything_told import changes, told_of
from crm_pipeline.tests.factories import (
	in_days,
	make_competitor,
	make_lost_reason,
	make_mail,
	make_party_opportunity,
	make_process,
	make_quotation,
	make_user,
)

LOOKED_AT = ({"hours": 1}, {"days": 3})  # after the test began


class TraceCase(TestCase):
	"""An opportunity with a past: moved, postponed, spoken with, and rotting since."""

	def setUp(self):
		super().setUp()
		self.maxDiff = None
		self.owner, self.colleague = make_user("Sales User"), make_user("Sales User")
		self.manager = make_user("Sales User", "Sales Manager")
		self.process = make_process(10, 40, 60)
		self.process.stages[0].rotting_days = self.process.stages[1].rotting_days = 5
		self.process.save()
		self.stages = [row.sales_stage for row in self.process.stages]
		self.reason, self.rival = make_lost_reason().name, make_competitor().name
		self.begun, closing = now_datetime(), in_days(10)
		with self.at(self.begun - timedelta(days=60)):
			self.opportunity = make_party_opportunity(
				sales_process=self.process.name,
				opportunity_owner=self.owner,
				opportunity_amount=1200,
				items=[],
				expected_closing=closing,
			)
		self.name = self.opportunity.name
		for days, values in (
			(50, {"sales_stage": self.stages[2]}),
			(40, {"expected_closing": in_days(20)}),
			(30, {"sales_stage": self.stages[1], "next_contact_date": f"{in_days(-2)} 10:00:00"}),
		):
			with self.at(self.begun - timedelta(days=days)):
				self.opportunity.reload().update(values).save()
		frappe.set_user(self.manager)

	def told(self) -> list[dict]:
		"""Return all that is told of it soon and in some days, at moments that stay the same."""
		return [self.told_after(**span) for span in LOOKED_AT]

	def told_after(self, **span: int) -> dict:
		with self.at(add_to_date(self.begun, **span)):
			return told_of(self.name, self.process.name, self.manager)

	def assertNoTrace(self, before: list[dict]):
		for span, was, told in zip(LOOKED_AT, before, self.told(), strict=True):
			for teller, former in was.items():
				self.assertEqual(told[teller], former, f"{teller}, after {span}")

	def log(self) -> list[dict]:
		return [*changes(self.name, change.idx > 0)]

	def assertKept(self, logged: list[dict]):
		"""Expect the log to have all that it had, and to say of what came since that it was undone, when and by whom."""
		log = self.log()
		self.assertEqual(log[: len(logged)], logged)
		for row in log[len(logged) :]:
			self.assertEqual((row["change"], row["by"]), ("Undone", self.manager))
			self.assertTrue(row["undone_change"])
			self.assertEqual(row["replaced_at"], row["at"])

	def each_leaves_no_trace(self, acts: dict[str, Callable[[], dict]], unlogged: tuple[str, ...] = ()):
		"""Do and undo one after the other; what one leaves behind is found after any that follows, too."""
		before = self.told()
		for kind, act in acts.items():
			with self.subTest(kind):
				logged = self.log()
				version = act()["undo"]["version"]
				moved = len(self.log())
				self.assertEqual(moved > len(logged), kind not in unlogged)
				moves.undo(self.name, version)
				self.assertGreaterEqual(len(self.log()), moved)
				self.assertNoTrace(before)
				self.assertKept(logged)

	def set(self, **values) -> Callable[[], dict]:
		return lambda: moves.set_values(self.name, values)

	def to(self, place: int) -> Callable[[], dict]:
		return lambda: moves.move_to_stage(self.name, self.stages[place], self.stages[1])


class TestWithoutTrace(TraceCase):
	def test_what_is_in_play(self):
		self.assertEqual(self.told()[0]["panel"]["card"]["rotting"], 1)  # whatever makes it fresh is seen
		due = f"{in_days(-2)} 10:00:00"
		self.each_leaves_no_trace(
			{
				"a stage forward": self.to(2),
				"a stage back": self.to(0),
				"won by stage": self.to(3),
				"won": lambda: moves.mark_won(self.name, 900),
				"won in the past": lambda: moves.mark_won(self.name, 900, in_days(-1)),
				"lost": lambda: moves.declare_lost(
					self.name, [self.reason], [self.rival], "Too dear", in_days(90)
				),
				"lost for a reason alone": lambda: moves.declare_lost(self.name, self.reason),
				"paused": lambda: moves.pause(self.name, in_days(40), "Budget"),
				"owner": self.set(opportunity_owner=self.colleague),
				"owner with the next contact": self.set(
					opportunity_owner=self.colleague, next_contact_by=self.colleague
				),
				"closing later": self.set(expected_closing=in_days(60)),
				"closing earlier": self.set(expected_closing=in_days(5)),
				"no closing": self.set(expected_closing=None),
				"amount": self.set(opportunity_amount=5000),
				"probability": self.set(probability=77),
				"title": self.set(title="Another"),
				"next contact": self.set(next_contact_date=f"{in_days(4)} 09:00:00"),
				"no next contact": self.set(next_contact_date=None),
				"snoozed": lambda: moves.snooze_follow_up(self.name, f"{in_days(1)} 10:00:00", due),
				"follow-up done": lambda: moves.complete_follow_up(self.name, "Reached", due=due),
				"follow-up done with another": lambda: moves.complete_follow_up(
					self.name, "Reached", None, f"{in_days(7)} 10:00:00", due=due
				),
			},
			("title", "next contact", "no next contact", "snoozed"),
		)

	def test_what_was_noted(self):
		due, next_contact = f"{in_days(-2)} 10:00:00", f"{in_days(7)} 10:00:00"

		def note(kind: str, **step: str) -> Callable[[], dict]:
			return lambda: add_activity(self.name, kind, "They <b>want</b> it", **step)

		def complete(medium: str, following: str | None = None) -> Callable[[], dict]:
			return lambda: moves.complete_follow_up(self.name, "Reached", medium, following, due=due)

		self.each_leaves_no_trace(
			{
				"follow-up done as a call": complete("Phone"),
				"follow-up done as a call, with another": complete("Phone", next_contact),
				"follow-up done as a meeting": complete("Meeting", next_contact),
				"follow-up done as a call that was noted": note("Call", due=due),
				"follow-up done in the past": note("Meeting", due=due, at=f"{in_days(-1)} 10:00:00"),
				"follow-up done with a note": note("Note", due=due, next_contact_date=next_contact),
				"a call": note("Call"),
				"a call and the next contact": note("Call", next_contact_date=next_contact),
				"a meeting": note("Meeting"),
				"a note": note("Note"),
			},
			("a call", "a call and the next contact", "a meeting", "a note"),
		)

	def test_what_rests(self):
		moves.pause(self.name, in_days(20), "Budget")
		self.each_leaves_no_trace(
			{
				"resumed": lambda: moves.resume(self.name),
				"paused for longer": lambda: moves.pause(self.name, in_days(90), "Still"),
				"won": lambda: moves.mark_won(self.name),
				"lost": lambda: moves.declare_lost(self.name, self.reason),
				"a stage": self.to(2),
			},
			("paused for longer",),
		)

	def test_what_is_lost(self):
		moves.declare_lost(self.name, [self.reason], [self.rival], "Too dear")
		self.each_leaves_no_trace(
			{
				"reopened": lambda: moves.reopen(self.name),
				"reopened in another stage": lambda: moves.move_to_stage(
					self.name, self.stages[2], self.stages[4]
				),
			}
		)
		moves.reopen(self.name)
		self.assertEqual(self.opportunity.reload().sales_stage, self.stages[1])

	def test_what_is_won(self):
		moves.mark_won(self.name, 900)
		self.each_leaves_no_trace(
			{
				"reopened": lambda: moves.reopen(self.name),
				"reopened in another stage": lambda: moves.move_to_stage(
					self.name, self.stages[2], self.stages[3]
				),
			}
		)

	def test_what_is_quoted_and_has_an_answer(self):
		with_answer = get_datetime(add_to_date(now_datetime(), days=-8))
		frappe.set_user("Administrator")
		make_mail(self.opportunity, "Received", communication_date=with_answer)
		make_quotation(self.opportunity.reload(), net_total=1100)
		frappe.set_user(self.manager)
		self.each_leaves_no_trace(
			{
				"won": lambda: moves.mark_won(self.name),
				"paused": lambda: moves.pause(self.name, in_days(9)),
				"a stage": self.to(2),
				"owner": self.set(opportunity_owner=self.colleague),
			}
		)

	def test_what_is_done_to_many(self):
		before, logged = self.told(), self.log()
		answer = act_on_many([self.name], "close_date", {"expected_closing": in_days(50)})
		self.assertEqual(undo_many(answer["undo"])["done"], [self.name])
		self.assertNoTrace(before)
		self.assertKept(logged)


class TestGoingOn(TraceCase):
	"""What comes after something was undone counts as ever, in history and spans."""

	def test_a_move_that_is_repeated_after_all(self):
		moves.undo(self.name, self.to(2)()["undo"]["version"])
		self.to(2)()
		kept = [(row["change"], row["new_value"]) for row in changes(self.name, change.change == "Stage")]
		self.assertEqual(kept[-1], ("Stage", self.stages[2]))
		told = told_of(self.name, self.process.name, self.manager)
		self.assertEqual((told["invariants"], told["progress"]["days_in_stage"]), ([], 0))
		self.assertEqual(told["panel"]["card"]["rotting"], 0)

	def test_the_second_of_two(self):
		self.set(expected_closing=in_days(60))()
		between, logged = self.told(), self.log()
		second = self.set(expected_closing=in_days(90))()["undo"]["version"]
		self.assertEqual(self.told()[0]["progress"]["closing_pushed"], 3)
		moves.undo(self.name, second)
		self.assertNoTrace(between)
		self.assertKept(logged)
		self.assertEqual(between[0]["progress"]["closing_pushed"], 2)

	def test_a_clock_that_was_put_back(self):
		now = now_datetime()
		with self.at(now + timedelta(minutes=3)):
			moves.undo(self.name, self.to(2)()["undo"]["version"])
		with self.at(now):
			self.set(expected_closing=in_days(60))()
		self.assertEqual(told_of(self.name, self.process.name, self.manager)["invariants"], [])
