"""When an opportunity says that it last changed is written with the rest of a save, and is what its history says."""

import re
from unittest.mock import patch

import frappe
from frappe.utils import add_days, add_to_date, get_datetime, now_datetime, today

from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import Opportunity
from crm_pipeline.history.changes import IDLE
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_party_opportunity


class TestLastChange(TestCase):
	def setUp(self):
		super().setUp()
		self.opportunity = make_party_opportunity(transaction_date=add_days(today(), -3)).reload()

	def stored(self):
		return get_datetime(frappe.db.get_value("Opportunity", self.opportunity.name, "last_change_on"))

	def recorded(self):
		changes = {"opportunity": self.opportunity.name, "change": ["not in", IDLE]}
		return max(map(get_datetime, frappe.get_all("Pipeline Change", changes, pluck="at")))

	def assertInStep(self):
		self.assertEqual(self.stored(), self.recorded())
		self.assertEqual(get_datetime(self.opportunity.last_change_on), self.stored())

	def updates(self) -> int:
		"""Return how often a save of the opportunity, as it is now, writes it."""
		with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
			self.opportunity.save()
		texts = (str(call.args[0]) for call in spy.call_args_list)
		return sum(
			bool(re.match(r"\s*update\s+.?tabOpportunity\b.?\s+set", text, re.IGNORECASE)) for text in texts
		)

	def test_what_changes_is_dated_by_the_statement_that_writes_it(self):
		before = self.stored()
		self.opportunity.update({"probability": 33, "expected_closing": add_days(today(), 9)})
		self.assertEqual(self.updates(), 1)
		self.assertInStep()
		self.assertGreater(self.stored(), before)

	def test_what_the_history_does_not_watch_is_no_change(self):
		before = self.stored()
		self.opportunity.title = "Another"
		self.assertEqual(self.updates(), 1)
		self.assertEqual(self.stored(), before)
		self.assertInStep()

	def test_what_was_changed_past_the_history_and_back_is_no_change(self):
		before = self.stored()
		known = self.opportunity.probability
		frappe.db.set_value("Opportunity", self.opportunity.name, "probability", 33)
		self.opportunity.reload().probability = known
		self.opportunity.save()
		self.assertEqual(self.stored(), before)
		self.assertInStep()

	def test_what_was_changed_past_the_history_is_dated_by_the_next_save(self):
		frappe.db.set_value("Opportunity", self.opportunity.name, "probability", 33)
		self.opportunity.reload().save()
		self.assertInStep()
		self.assertGreater(self.stored(), add_to_date(now_datetime(), minutes=-5))

	def test_one_dated_ahead_stays_so(self):
		self.opportunity = make_party_opportunity(transaction_date=add_days(today(), 3)).reload()
		ahead = self.stored()
		self.opportunity.probability = 33
		self.opportunity.save()
		self.assertEqual(self.stored(), ahead)
		self.assertInStep()

	def test_what_changes_while_a_save_is_under_way_comes_before_it(self):
		def change_too(doc: Opportunity) -> None:
			doc.db_set("expected_closing", add_days(today(), 20))

		self.opportunity.probability = 33
		with patch.object(Opportunity, "keep_tasks_finished", change_too):
			self.opportunity.save()
		moments = frappe.get_all(
			"Pipeline Change", {"opportunity": self.opportunity.name}, pluck="at", order_by="idx"
		)
		self.assertEqual(moments, sorted(moments))
		self.assertInStep()

	def test_a_save_that_fails_leaves_nothing_to_the_next_change(self):
		self.opportunity.probability = 33
		frappe.db.savepoint("failing")
		with (
			patch.object(Opportunity, "keep_tasks_finished", side_effect=RuntimeError),
			self.assertRaises(RuntimeError),
		):
			self.opportunity.save()
		frappe.db.rollback(save_point="failing")
		self.opportunity.db_set("expected_closing", add_days(today(), 20))
		self.assertInStep()

	def test_versions_which_are_made_during_the_save_do_not_tell_of_it(self):
		known, during = self.opportunity.last_change_on, []
		self.opportunity.probability = 33
		with patch.object(Opportunity, "keep_tasks_finished", lambda doc: during.append(doc.last_change_on)):
			self.opportunity.save()
		self.assertEqual(during, [known])
		self.assertInStep()
