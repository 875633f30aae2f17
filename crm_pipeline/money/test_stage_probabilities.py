"""Stages get the probability that was measured; what follows them does, what was set by hand stays."""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.utils import add_days

from crm_pipeline import exceptions
from crm_pipeline.api.probabilities import (
	apply_measured_probabilities,
	preview_measured_probabilities,
	undo_measured_probabilities,
)
from crm_pipeline.history.rotting import rotting_on
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_exchange_rate,
	make_lost_reason,
	make_opportunity,
	make_process,
	make_user,
)
from crm_pipeline.tests.invariants import contradictions
from crm_pipeline.tests.limited import settings


class ProbabilitiesCase(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(20, 50)
		self.first, self.second = (row.sales_stage for row in self.process.stages[:2])
		self.filters = {"sales_process": [self.process.name], "fewest": 3}

	def make(self, **fields):
		return make_opportunity(sales_process=self.process.name, **fields)

	def decide(self, won: int, lost: int):
		reason = make_lost_reason().name
		for number in range(won + lost):
			opportunity = self.make()
			if number < won:
				opportunity.mark_won()
			else:
				opportunity.declare_lost([reason])

	def preview(self) -> dict[str, dict]:
		return {row["sales_stage"]: row for row in preview_measured_probabilities(self.filters)["rows"]}

	def seen(self, stage: str | None = None, **changed) -> dict:
		row = self.preview()[stage or self.first]
		names = ("sales_process", "sales_stage", "probability", "measured")
		return {**{name: row[name] for name in names}, **changed}

	def apply(self, *stages: dict, **filters) -> dict:
		return apply_measured_probabilities(list(stages) or [self.seen()], {**self.filters, **filters})

	def default(self, stage: str | None = None) -> float:
		rows = frappe.get_doc("Sales Process", self.process.name).stages
		return {row.sales_stage: row.probability for row in rows}[stage or self.first]

	def assertUnchanged(self, probability: float = 20):
		self.assertEqual(self.default(), probability)
		self.assertFalse(self.changes())

	def changes(self) -> list:
		names = frappe.get_all("Opportunity", {"sales_process": self.process.name}, pluck="name")
		filters = {"change": "Stage Probability", "opportunity": ["in", names]}
		return frappe.get_all("Pipeline Change", filters, ["opportunity", "old_value", "new_value"])


class TestApplying(ProbabilitiesCase):
	def setUp(self):
		super().setUp()
		self.decide(2, 1)
		self.follows = self.make(opportunity_amount=10.1)
		self.paused = self.make(opportunity_amount=7)
		self.paused.pause(in_days(9))
		self.by_hand = self.make(opportunity_amount=100, probability=35)
		self.elsewhere = self.make(sales_stage=self.second, probability=20, opportunity_amount=5)
		self.closed = self.make(opportunity_amount=3)
		self.closed.update({"status": "Closed"}).save()

	def test_what_would_happen_is_told(self):
		first, second = self.preview().values()
		told = [first[name] for name in ("probability", "measured", "decided", "following", "kept")]
		self.assertEqual(told, [20, 50, 4, 2, 1])
		self.assertTrue(first["share_from"] < first["won_share"] < first["share_to"])
		self.assertEqual((second["measured"], second["won_share"], second["kept"]), (None, None, 1))
		self.assertUnchanged()

	def test_followers_follow_and_others_stay(self):
		done = self.apply()
		self.assertEqual([done[name] for name in ("stages", "opportunities", "kept")], [1, 2, 1])
		self.assertEqual((self.default(), self.default(self.second)), (50, 50))
		found = {
			each: (each.reload().probability, each.weighted_amount)
			for each in (self.follows, self.paused, self.by_hand, self.elsewhere, self.closed)
		}
		self.assertEqual(list(found.values()), [(50, 5.05), (50, 3.5), (35, 35), (20, 1), (20, 0.6)])
		for each in found:
			self.assertEqual(contradictions(each.name), [])

	def test_history_has_each_follower_once(self):
		self.apply()
		changes = {row.opportunity: row for row in self.changes()}
		self.assertEqual(set(changes), {self.follows.name, self.paused.name})
		row = changes[self.follows.name]
		self.assertEqual((float(row.old_value), float(row.new_value)), (20, 50))

	def test_nothing_has_happened_to_them(self):
		before = self.follows.reload().last_change_on
		self.apply()
		self.assertEqual(self.follows.reload().last_change_on, before)

	def test_what_follows_goes_on_following(self):
		self.apply()
		self.follows.reload().update({"sales_stage": self.second}).save()
		self.by_hand.reload().update({"sales_stage": self.second}).save()
		self.assertEqual((self.follows.probability, self.by_hand.probability), (50, 35))

	def test_a_second_click_changes_nothing(self):
		seen = self.seen()
		self.apply(seen)
		modified = self.follows.reload().modified
		done = self.apply(seen)
		self.assertEqual((done["stages"], done["opportunities"], done["changed"]), (0, 0, []))
		self.assertEqual(self.follows.reload().modified, modified)
		self.assertEqual(len(self.changes()), 2)

	def test_whoever_saw_another_probability_is_refused(self):
		seen = self.seen()
		self.process.reload().stages[0].probability = 25
		self.process.save()
		with self.assertRefused(exceptions.StateGone, self.first):
			self.apply(seen)
		self.assertUnchanged(25)

	def test_whoever_saw_another_share_is_refused(self):
		seen = self.seen()
		self.decide(5, 0)
		with self.assertRefused(exceptions.StateGone, self.first):
			self.apply(seen)
		self.assertUnchanged()

	def test_one_that_is_refused_keeps_the_others_from_changing(self):
		gone = {**self.seen(), "sales_stage": self.process.stages[2].sales_stage}
		with self.assertRefused(exceptions.StateGone, gone["sales_stage"]):
			self.apply(self.seen(), gone)
		self.assertUnchanged()

	def test_a_sample_that_is_too_small_is_refused(self):
		seen = self.seen()
		with self.assertRefused(exceptions.SampleTooSmall, self.first):
			self.apply(seen, fewest=5)
		with self.assertRefused(exceptions.SampleTooSmall, self.second):
			self.apply(self.seen(self.second, measured=50))
		self.assertUnchanged()

	def test_the_period_is_that_of_the_report(self):
		seen = self.seen()
		with self.assertRefused(exceptions.SampleTooSmall):
			self.apply(seen, to_date=add_days(in_days(0), -1))

	def test_what_cannot_be_read_is_refused(self):
		for stages, refusal in (
			("[", exceptions.UnreadableList),
			([7], exceptions.UnreadableList),
			([], exceptions.RowsMissing),
			([self.seen(probability="many")], exceptions.ImpossibleNumber),
			([self.seen(measured=None)], exceptions.ImpossibleNumber),
			([self.seen(sales_process={"a": 1})], exceptions.StateGone),
		):
			with self.subTest(stages), self.assertRefused(refusal):
				apply_measured_probabilities(stages, self.filters)
		with self.assertRefused(exceptions.UnreadableValues):
			apply_measured_probabilities([self.seen()], "[1]")
		self.assertUnchanged()

	def test_rotting_goes_on(self):
		self.process.reload().stages[0].rotting_days = 1
		self.process.save()
		frappe.db.set_value("Opportunity", self.follows.name, "last_change_on", f"{in_days(-9)} 10:00:00")
		self.apply()
		table = frappe.qb.DocType("Opportunity")
		query = frappe.qb.from_(table).select(table.name).where(table.name == self.follows.name)
		self.assertTrue(query.where(rotting_on(frappe.utils.getdate())).run())

	def test_other_currencies_are_weighted_in_that_of_the_site(self):
		make_exchange_rate("EUR", "USD", 1.1)
		foreign = self.make(currency="EUR", opportunity_amount=33.33)
		self.apply()
		foreign.reload()
		self.assertEqual((foreign.base_opportunity_amount, foreign.weighted_amount), (36.66, 18.33))
		self.assertEqual(contradictions(foreign.name), [])


class TestBounds(ProbabilitiesCase):
	def test_an_open_stage_is_never_certain(self):
		self.decide(0, 3)
		self.assertEqual(self.seen()["measured"], 1)
		self.apply()
		self.assertEqual(self.default(), 1)


class TestUndoing(ProbabilitiesCase):
	def setUp(self):
		super().setUp()
		self.decide(2, 1)
		self.follows, self.moved, self.typed = (self.make(opportunity_amount=10) for _number in range(3))
		self.by_hand = self.make(probability=67)
		self.done = self.apply()

	def bring_back(self) -> dict:
		return undo_measured_probabilities(self.done["changed"], self.done["at"])

	def test_it_is_as_it_was(self):
		self.assertEqual((self.default(), self.follows.reload().probability), (67, 67))
		self.moved.reload().update({"sales_stage": self.second}).save()
		self.typed.reload().update({"probability": 44}).save()
		done = self.bring_back()
		self.assertEqual((done["stages"], done["opportunities"], done["kept"]), (1, 1, 2))
		self.assertEqual(self.default(), 20)
		found = [each.reload().probability for each in (self.follows, self.moved, self.typed, self.by_hand)]
		self.assertEqual(found, [20, 50, 44, 67])
		self.assertEqual(self.follows.weighted_amount, 2)
		self.assertEqual(contradictions(self.follows.name), [])

	def test_once(self):
		self.bring_back()
		with self.assertRefused(exceptions.StateGone, self.first):
			self.bring_back()

	def test_not_what_somebody_else_did(self):
		manager = make_user("Sales Manager", "Sales User")
		frappe.set_user(manager)
		self.assertEqual(self.bring_back()["opportunities"], 0)
		self.assertEqual(self.follows.reload().probability, 67)

	def test_not_to_what_no_stage_may_have(self):
		self.done["changed"][0]["former"] = 101
		with self.assertRefused(exceptions.ProbabilityOutOfRange):
			self.bring_back()


class TestWhoMay(ProbabilitiesCase):
	def setUp(self):
		super().setUp()
		self.decide(2, 1)
		self.row = self.seen()

	def assertRefusedAll(self, refusal: type):
		changed = [{**self.row, "former": 20}]
		for ask in (
			lambda: preview_measured_probabilities(self.filters),
			lambda: apply_measured_probabilities([self.row], self.filters),
			lambda: undo_measured_probabilities(changed, "2031-01-01 10:00:00"),
		):
			with self.assertRefused(refusal):
				ask()

	def test_sellers_may_not(self):
		with self.as_user("Sales User"):
			self.assertRefusedAll(frappe.PermissionError)
		self.assertUnchanged()

	def test_managers_may(self):
		settings(opportunity_visibility=OWN)
		with self.as_user("Sales Manager", "Sales User"):
			self.assertEqual(self.apply(self.row)["stages"], 1)

	def test_whoever_does_not_see_all_may_not(self):
		manager = make_user("Sales Manager", "Sales User")
		limit = {"user": manager, "allow": "Sales Process", "for_value": self.process.name}
		frappe.get_doc({"doctype": "User Permission", **limit}).insert()
		frappe.set_user(manager)
		self.assertRefusedAll(exceptions.OpportunitiesHidden)
		frappe.set_user("Administrator")
		self.assertUnchanged()

	def test_levels_of_fields_hold(self):
		make_property_setter("Sales Process Stage", "probability", "permlevel", 2, "Int")
		for doctype in ("Sales Process Stage", "Sales Process"):
			frappe.clear_cache(doctype=doctype)
			self.addCleanup(frappe.clear_cache, doctype=doctype)
		with self.as_user("Sales Manager", "Sales User"), self.assertRefused(exceptions.FieldNotEditable):
			self.apply(self.row)
