"""What a new opportunity's history begins with, which is not looked up unless something changed it while it was inserted."""

import re
from unittest.mock import patch

import frappe

from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import Opportunity
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_party_opportunity, make_user

LOOKED_UP = re.compile(r"\s*select\b.*\bfrom\s+.?tabPipeline Change\b", re.IGNORECASE | re.DOTALL)


class TestFirstChange(TestCase):
	def history(self, name):
		fields = ["idx", "change", "opportunity_owner", "probability"]
		return frappe.get_all("Pipeline Change", {"opportunity": name}, fields, order_by="idx")

	def inserted_while(self, change) -> Opportunity:
		"""Return an opportunity that something else changed after it was written, and before its history was."""

		def changing(opportunity):
			change(frappe.get_doc("Opportunity", opportunity.name))

		with patch.object(Opportunity, "keep_tasks_finished", changing):
			return make_party_opportunity()

	def test_nothing_is_looked_up(self):
		with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
			opportunity = make_party_opportunity()
		self.assertFalse([call for call in spy.call_args_list if LOOKED_UP.match(str(call.args[0]))])
		self.assertEqual([row.change for row in self.history(opportunity.name)], ["Created"])

	def test_what_changed_it_meanwhile_is_told_after_how_it_came_in(self):
		user = make_user("Sales User")
		opportunity = self.inserted_while(lambda doc: doc.db_set("opportunity_owner", user))
		rows = self.history(opportunity.name)
		self.assertEqual([row.idx for row in rows], list(range(1, len(rows) + 1)))
		self.assertEqual([row.change for row in rows].count("Created"), 1)

	def test_a_later_save_looks_it_up_again(self):
		opportunity = make_party_opportunity()
		opportunity.probability = 33
		opportunity.save()
		self.assertEqual([row.change for row in self.history(opportunity.name)], ["Created", "Probability"])

	def test_one_inserted_within_another(self):
		names = []

		def insert_another(doc):
			names.append(doc.name)
			if len(names) == 1:
				make_party_opportunity()

		self.inserted_while(insert_another)
		self.assertEqual(len(set(names)), 2)
		for name in names:
			with self.subTest(name):
				self.assertEqual([row.change for row in self.history(name)], ["Created"])

	def test_nothing_is_noted_once_it_is_over(self):
		def fail(_doc):
			self.assertIsNotNone(frappe.flags.recorded_opportunities)
			raise frappe.ValidationError("No")

		self.assertRaises(frappe.ValidationError, self.inserted_while, fail)
		self.assertIsNone(frappe.flags.recorded_opportunities)
