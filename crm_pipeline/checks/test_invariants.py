"""Each invariant can be broken, is told then and alone, and is put right just where it is said to be."""

import frappe

from crm_pipeline.checks import running
from crm_pipeline.checks.registry import INVARIANTS
from crm_pipeline.tests.base import FrappesTestCase, TestCase
from crm_pipeline.tests.breaking import BREAKERS, Breaker
from crm_pipeline.utils.indexes import drop_index

WITHOUT_BREAKER = {"indexes"}  # which the database commits, so that nothing is rolled back; see below


class TestInvariants(TestCase):
	def setUp(self):
		super().setUp()
		self.addCleanup(frappe.clear_cache, doctype="Item")
		self.before = self.told()

	def told(self) -> dict[str, set[str]]:
		return {name: running.names_of(invariant) for name, invariant in INVARIANTS.items()}

	def new(self) -> dict[str, list[str]]:
		"""Return what is told now and was not before, by invariant."""
		return {
			name: sorted(found) for name, names in self.told().items() if (found := names - self.before[name])
		}

	def test_every_invariant_has_a_breaker(self):
		self.assertEqual({breaker.invariant for breaker in BREAKERS}, {*INVARIANTS} - WITHOUT_BREAKER)

	def test_what_can_be_repaired_has_a_breaker_that_is(self):
		repaired = {breaker.invariant for breaker in BREAKERS if breaker.repaired}
		can = {name for name, invariant in INVARIANTS.items() if invariant.repair}
		self.assertEqual(repaired, can - WITHOUT_BREAKER)

	def test_each_breaker_is_told_and_repaired_as_it_says(self):
		for breaker in BREAKERS:
			with self.subTest(breaker.invariant, by=breaker.act.__name__):
				frappe.db.savepoint("breaker")
				try:
					self.assert_told_and_repaired(breaker)
				finally:
					frappe.db.rollback(save_point="breaker")
					frappe.clear_cache(doctype="Item")

	def assert_told_and_repaired(self, breaker: Breaker):
		invariant, names = INVARIANTS[breaker.invariant], sorted(breaker.act())
		found = self.new()
		self.assertEqual(found.pop(invariant.name), names)
		self.assertEqual(sorted(found), sorted(breaker.also))
		before = len(self.before[invariant.name])
		self.assertEqual(running.find(invariant, 1).count, before + len(names))
		comments = self.comments(names)
		finding = running.repair(invariant, 0)
		self.assertEqual(finding.repaired, len(names) if breaker.repaired else 0)
		left = self.new()
		self.assertEqual(left.pop(invariant.name, []), [] if breaker.repaired else names)
		self.assertLessEqual({*left}, {*breaker.also})
		again = running.repair(invariant, 0)
		self.assertEqual((again.repaired, again.count), (0, finding.count))
		self.assert_said(breaker, names, comments)

	def comments(self, names: list[str]) -> int:
		return frappe.db.count("Comment", {"reference_name": ["in", names], "comment_type": "Info"})

	def assert_said(self, breaker: Breaker, names: list[str], before: int):
		"""Expect a comment on each record where a field was corrected; entries of the calendar and series say it themselves."""
		silent = breaker.invariant in ("contact-has-entry", "entry-has-contact", "series")
		said = len(names) if breaker.repaired and not silent else 0
		self.assertEqual(self.comments(names) - before, said)


class TestIndexes(FrappesTestCase):
	"""Making an index commits, so nothing here is rolled back, or needs to be."""

	def tearDown(self):
		super().tearDown()
		frappe.db.commit()  # the last index too, which SQLite would take back

	def test_an_index_that_is_gone_is_told_and_made_again(self):
		missing = INVARIANTS["indexes"]
		before = running.names_of(missing)
		for doctype, index in (
			("Opportunity", "opportunity_in_play_index"),
			("Pipeline Change", "states_index"),
			("ToDo", "tasks_by_day_index"),
			("Event", "entries_by_start_index"),
		):
			with self.subTest(index):
				drop_index(doctype, index)
				self.assertEqual(running.names_of(missing) - before, {f"{doctype}: {index}"})
				self.assertEqual(running.repair(missing, 0).repaired, 1)
				self.assertEqual(running.names_of(missing), before)
