"""Indexes of new sites and of those that stand. Making one commits, so nothing here is rolled back, or needs to be."""

import frappe

from crm_pipeline.patches import date_spans, index_activities, index_what_is_in_play
from crm_pipeline.patches.index_lists_and_reports import FORMER, LISTED, SLOW_BEFORE, execute
from crm_pipeline.tests.base import FrappesTestCase
from crm_pipeline.utils.indexes import OF_FRAPPE, drop_index, leave_tables_of_frappe

ADDED = {
	"Opportunity": (
		"opportunity_in_play_index",
		"opportunity_figures_index",
		"opportunity_owner_creation_index",
		"opportunity_response_index",
	),
	"Pipeline Change": (
		"in_play_index",
		"states_index",
		"steps_index",
		"stays_of_opportunities_index",
		"changes_of_kinds_index",
	),
	"ToDo": ("assigned_tasks_index", "tasks_by_day_index"),
	"Event": ("entries_by_start_index",),
}


class TestIndexes(FrappesTestCase):
	def tearDown(self):
		super().tearDown()
		frappe.db.commit()  # the last index too, which SQLite would take back

	def is_there(self, doctype: str, index: str) -> bool:
		return bool(frappe.db.has_index(f"tab{doctype}", index))

	def assert_all_there(self):
		for doctype, names in ADDED.items():
			for name in names:
				with self.subTest(name):
					self.assertTrue(self.is_there(doctype, name))

	def test_new_sites_have_them(self):
		self.assert_all_there()

	def test_lists_begin_with_what_was_entered_last(self):
		for doctype in ("Opportunity", *LISTED):
			with self.subTest(doctype):
				self.assertEqual(frappe.get_meta(doctype).sort_field, "creation")
				own = self.is_there(doctype, f"{frappe.scrub(doctype)}_creation_index")
				can_tell = frappe.db.db_type != "postgres"
				self.assertTrue(own or (can_tell and frappe.db.get_column_index(f"tab{doctype}", "creation")))

	def test_sites_that_stand_get_them_and_lose_the_superfluous_ones(self):
		# Else Frappe takes what is added for a customer's own wish, and notes it.
		frappe.flags.in_migrate = True
		self.addCleanup(frappe.flags.pop, "in_migrate", None)
		frappe.db.add_index("Pipeline Change", ["opportunity", "idx"], FORMER)
		for name in date_spans.FORMER:
			frappe.db.add_index("Pipeline Change", ["opportunity"], name)
		drop_index("Pipeline Change", "states_index")
		drop_index("Opportunity", "opportunity_response_index")
		self.assertTrue(self.is_there("Pipeline Change", FORMER))
		self.assertFalse(self.is_there("Pipeline Change", "states_index"))
		frappe.db.set_value("Report", SLOW_BEFORE, "prepared_report", 1)
		for _time in range(2):
			execute()
			date_spans.execute()
			self.assertFalse(frappe.db.get_value("Report", SLOW_BEFORE, "prepared_report"))
			for name in (FORMER, *date_spans.FORMER):
				self.assertFalse(self.is_there("Pipeline Change", name), name)
			self.assert_all_there()
		frappe.db.commit()  # with the first index the report was stored as a slow one

	def test_tables_of_frappe_lose_and_get_theirs(self):
		frappe.flags.in_migrate = True
		self.addCleanup(frappe.flags.pop, "in_migrate", None)
		leave_tables_of_frappe()
		for name, (doctype, _fields) in OF_FRAPPE.items():
			self.assertFalse(self.is_there(doctype, name))
		for _time in range(2):
			index_activities.execute()
			self.assert_all_there()

	def test_the_index_of_what_is_in_play_takes_the_place_of_the_one_of_all(self):
		drop_index("Opportunity", "opportunity_in_play_index")
		frappe.db.add_index("Opportunity", ["sales_process", "sales_stage"], index_what_is_in_play.FORMER)
		self.assertTrue(self.is_there("Opportunity", index_what_is_in_play.FORMER))
		frappe.flags.in_migrate = True
		self.addCleanup(frappe.flags.pop, "in_migrate", None)
		for _time in range(2):
			index_what_is_in_play.execute()
			self.assertFalse(self.is_there("Opportunity", index_what_is_in_play.FORMER))
			self.assert_all_there()

	def test_what_is_not_there_is_not_dropped(self):
		drop_index("Pipeline Change", "no_such_index")
