"""A save writes the rows that it changes, and no others."""

import re
from unittest.mock import patch

import frappe

from crm_pipeline.quoting.quotations import refresh_opportunity
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_competitor, make_party_opportunity, make_quotation

LONG_AGO = "2020-01-01 00:00:00"


def make_rows(count: int) -> list[dict]:
	return [{"item_name": f"Item {each}", "qty": 1, "rate": 10} for each in range(count)]


class TestUnchangedRows(TestCase):
	def setUp(self):
		super().setUp()
		self.opportunity = make_party_opportunity(items=make_rows(3))
		for row in self.opportunity.items:
			frappe.db.set_value(row.doctype, row.name, "modified", LONG_AGO, update_modified=False)
		self.opportunity.reload()

	def written(self) -> list[int]:
		"""Return the positions of the rows that have been written since."""
		rows = frappe.get_doc("Opportunity", self.opportunity.name).items
		return [row.idx for row in rows if str(row.modified) != LONG_AGO]

	def test_none_changed(self):
		self.opportunity.title = "Another"
		self.opportunity.save()
		self.assertEqual(self.written(), [])

	def test_one_changed(self):
		self.opportunity.items[1].rate = 20
		self.opportunity.save()
		self.assertEqual(self.written(), [2])
		self.assertEqual([row.amount for row in self.opportunity.reload().items], [10, 20, 10])

	def test_emptied(self):
		self.opportunity.items[1].description = "Blue"
		self.opportunity.save()
		self.opportunity.items[1].description = None
		self.opportunity.save()
		self.assertFalse(self.opportunity.reload().items[1].description)

	def test_there_and_back(self):
		for rate in (20, 10):
			self.opportunity.items[1].rate = rate
			self.opportunity.save()
			self.assertEqual(frappe.get_doc("Opportunity", self.opportunity.name).items[1].rate, rate)

	def test_rows_that_move_up(self):
		self.opportunity.remove(self.opportunity.items[0])
		self.opportunity.items[0].idx, self.opportunity.items[1].idx = 1, 2
		self.opportunity.save()
		self.assertEqual([row.idx for row in self.opportunity.reload().items], [1, 2])
		self.assertEqual(self.written(), [1, 2])

	def deleted_from(self) -> list[str]:
		"""Return the tables that a save of the opportunity, as it is now, deletes from."""
		with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
			self.opportunity.save()
		texts = [str(call.args[0]) for call in spy.call_args_list]
		deletions = [re.match(r'DELETE FROM [`"]tab([^`"]+)', text, re.IGNORECASE) for text in texts]
		return [deletion[1] for deletion in deletions if deletion]

	def test_nothing_is_deleted_where_no_row_is_gone(self):
		self.opportunity.title = "Another"
		self.opportunity.items[1].rate = 20
		self.opportunity.append("items", make_rows(1)[0])
		self.assertEqual(self.deleted_from(), [])
		self.assertEqual(len(self.opportunity.reload().items), 4)

	def test_rows_of_one_table_are_gone(self):
		self.opportunity.append("competitors", {"competitor": make_competitor().name})
		self.opportunity.save()
		self.opportunity.set("competitors", [])
		self.assertEqual(self.deleted_from(), ["Competitor Detail"])
		self.assertEqual((len(self.opportunity.reload().items), self.opportunity.competitors), (3, []))

	def test_one_row_instead_of_another(self):
		self.opportunity.remove(self.opportunity.items[0])
		self.opportunity.append("items", {"item_name": "Another", "qty": 1, "rate": 5})
		self.assertEqual(self.deleted_from(), ["Opportunity Item"])
		names = [row.item_name for row in self.opportunity.reload().items]
		self.assertEqual(names, ["Item 1", "Item 2", "Another"])

	def test_a_new_one(self):
		self.opportunity.append("items", make_rows(1)[0])
		self.opportunity.save()
		self.assertEqual(self.written(), [4])

	def test_rows_of_what_is_submitted_and_cancelled(self):
		quotation = make_quotation(self.opportunity)
		self.assertEqual({row.docstatus for row in quotation.reload().items}, {1})
		quotation.cancel()
		self.assertEqual({row.docstatus for row in quotation.reload().items}, {2})

	def test_a_row_written_apart_from_a_save(self):
		row = self.opportunity.items[0]
		self.opportunity.save()
		row.db_update()
		self.assertEqual(self.written(), [1])

	def test_statements_do_not_grow_with_the_rows(self):
		names = [make_party_opportunity(items=make_rows(count)).name for count in (2, 2, 6)]
		_warm_up, *counted = [self.statements(lambda: refresh_opportunity(name)) for name in names]  # noqa: B023
		self.assertEqual(*counted)
