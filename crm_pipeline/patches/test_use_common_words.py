import frappe

from crm_pipeline.patches.use_common_words import execute
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import unique

OLD, NEW = "Open Deals", "Open Opportunities"


class TestNumberCards(TestCase):
	def setUp(self):
		super().setUp()
		if not frappe.db.exists("Number Card", OLD):
			frappe.copy_doc(frappe.get_doc("Number Card", NEW)).update({"label": OLD}).insert(set_name=OLD)

	def add_row(self, doctype: str, **values) -> str:
		"""A row of a workspace or dashboard that somebody made."""
		row = frappe.get_doc({"doctype": doctype, "name": unique("Row"), "parent": unique("Page"), **values})
		row.db_insert()
		return row.name

	def test_dashboards_show_the_card_that_came_in_its_place(self):
		row = self.add_row("Number Card Link", parenttype="Dashboard", parentfield="cards", card=OLD)
		execute()
		self.assertEqual(frappe.db.get_value("Number Card Link", row, "card"), NEW)

	def test_pages_of_workspaces_find_it_under_the_name_they_know(self):
		for label, known in ((None, OLD), ("In Play", "In Play")):
			with self.subTest(label):
				self.setUp()
				values = {"parenttype": "Workspace", "parentfield": "number_cards", "label": label}
				row = self.add_row("Workspace Number Card", number_card_name=OLD, **values)
				execute()
				found = frappe.db.get_value("Workspace Number Card", row, ["number_card_name", "label"])
				self.assertEqual(found, (NEW, known))
