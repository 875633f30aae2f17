"""The command that checks a site: what it prints, how it ends, and that it writes nothing unless told to repair."""

import json
from contextlib import contextmanager
from unittest.mock import patch

import frappe
from click.testing import CliRunner

from crm_pipeline.checks.registry import INVARIANTS
from crm_pipeline.commands import checking, crm_pipeline
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_opportunity

WRITING = ("insert", "update", "delete", "replace", "create", "alter", "drop")


class TestCheck(TestCase):
	def run_check(self, *words: str, sites: tuple[str, ...] = ("here",)):
		@contextmanager
		def here(site: str):
			yield

		with patch.object(checking, "on_site", here):
			context = frappe._dict(sites=list(sites), profile=False)
			return CliRunner().invoke(crm_pipeline, ["check", *words], obj=context, catch_exceptions=False)

	def broken(self, number: int = 1, **values) -> list[str]:
		names = [make_opportunity(opportunity_amount=100).name for _number in range(number)]
		frappe.db.set_value("Opportunity", {"name": ["in", names]}, values or {"weighted_amount": 77})
		return sorted(names)

	def found(self, *words: str) -> dict:
		return json.loads(self.run_check("--format", "json", *words).stdout)

	def test_what_agrees_ends_with_0(self):
		make_opportunity()
		done = self.run_check("--only", "usable-settings", "--only", "default-process")
		self.assertEqual(done.exit_code, 0)
		self.assertIn("2 invariants looked at, 0 of them broken.", done.stdout)

	def test_what_does_not_ends_with_1_and_says_how_to_mend_it(self):
		names = self.broken(3)
		done = self.run_check("--only", "weighted-amount", "--limit", "500")
		self.assertEqual(done.exit_code, 1)
		self.assertRegex(done.stdout, r"weighted-amount \(serious\): \d+ broken\n")
		for name in names:
			self.assertIn(name, done.stdout)
		self.assertIn(INVARIANTS["weighted-amount"].mend, done.stdout)
		self.assertIn("1 invariants looked at, 1 of them broken.", done.stdout)

	def test_the_first_names_are_told_and_all_are_counted(self):
		before = self.found("--only", "weighted-amount")["invariants"][0]["count"]
		self.broken(3)
		done = self.run_check("--only", "weighted-amount", "--limit", "2")
		self.assertIn(f" and {before + 1} more", done.stdout)
		[told] = self.found("--only", "weighted-amount", "--limit", "2")["invariants"]
		self.assertEqual((told["count"], len(told["names"])), (before + 3, 2))
		[none] = self.found("--only", "weighted-amount", "--limit", "0")["invariants"]
		self.assertEqual((none["count"], none["names"]), (before + 3, []))

	def test_programs_get_every_invariant_in_the_same_order(self):
		first, second = self.found(), self.found()
		self.assertEqual(first, second)
		self.assertEqual([each["name"] for each in first["invariants"]], [*INVARIANTS])
		self.assertEqual(first["site"], "here")

	def test_nothing_is_written_without_being_asked(self):
		self.broken()
		with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
			self.run_check()
		for call in spy.call_args_list:
			first = str(call.args[0]).split(None, 1)[0].lower()
			self.assertNotIn(first, WRITING, call.args[0])

	def test_repairing_ends_with_0_once_nothing_is_left(self):
		self.broken(2)
		only = ("--only", "weighted-amount", "--repair")
		done = self.run_check(*only)
		self.assertRegex(done.stdout, r"0 broken, [2-9]\d* repaired")
		self.assertEqual(done.exit_code, 0)
		self.assertIn("0 records repaired.", self.run_check(*only).stdout)

	def test_what_cannot_be_repaired_ends_with_1_and_stays(self):
		[name] = self.broken(waiting_for="Godot")
		done = self.run_check("--only", "waiting-is-known", "--repair")
		self.assertEqual(done.exit_code, 1)
		self.assertEqual(frappe.db.get_value("Opportunity", name, "waiting_for"), "Godot")

	def test_more_than_a_batch_is_repaired(self):
		names = self.broken(5)
		with patch("crm_pipeline.utils.batches.BATCH_SIZE", 2):
			self.run_check("--only", "weighted-amount", "--repair")
		weights = frappe.get_all("Opportunity", {"name": ["in", names]}, pluck="weighted_amount")
		self.assertNotIn(77, weights)

	def test_a_name_that_is_none_is_refused(self):
		refused = self.run_check("--only", "no-such-thing")
		self.assertEqual(refused.exit_code, 2)
		self.assertIn("There is no invariant no-such-thing", refused.output)

	def test_the_list_says_what_would_be_looked_at(self):
		done = self.run_check("--list")
		for name, invariant in INVARIANTS.items():
			self.assertIn(name, done.stdout)
			self.assertIn(invariant.says, done.stdout)

	def test_one_broken_site_of_two_is_enough(self):
		self.broken()
		done = self.run_check("--only", "weighted-amount", sites=("one", "two"))
		self.assertEqual(done.exit_code, 1)
		self.assertEqual(done.stdout.count("invariants looked at"), 2)
