"""Rows of an import go through the same rules as the form, each alone."""

import frappe

from crm_pipeline.exceptions import StageRequirementsMissing
from crm_pipeline.tests.factories import make_process, unique
from crm_pipeline.tests.importing import ImportCase


class TestStageRequirements(ImportCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(10, 50)
		self.stages = [row.sales_stage for row in self.process.stages]
		for row in ({"requirement": "Field", "fieldname": "source"}, {"requirement": "Item"}):
			self.process.append("requirements", {"sales_stage": self.stages[1], **row})
		self.process.save()
		self.campaign = unique("Campaign")

	def undo(self):
		super().undo()
		frappe.delete_doc("Sales Process", self.process.name, delete_permanently=True)
		for stage in self.stages:
			frappe.delete_doc("Sales Stage", stage, delete_permanently=True)
		frappe.db.commit()

	def import_rows(self, *rows: tuple[str, int, str]) -> list[str]:
		"""Import opportunities of a title, a stage by number and further cells; returns the titles that arrived."""
		columns = "title,sales_stage,source,items.item_name,items.qty,items.rate,sales_process,campaign"
		lines = (
			f"{title},{self.stages[stage]},{more},{self.process.name},{self.campaign}"
			for title, stage, more in rows
		)
		self.import_content("Opportunity", "\n".join([columns, *lines]), campaign=self.campaign)
		return frappe.get_all("Opportunity", {"campaign": self.campaign}, pluck="title", order_by="title")

	def test_what_a_stage_lacks_is_listed_and_the_other_rows_go_in(self):
		arrived = self.import_rows(
			("1 first stage", 0, ",,,"),
			("2 nothing", 1, ",,,"),
			("3 everything", 1, "Website,Chair,2,50"),
			("4 no item", 1, "Website,,,"),
		)
		self.assertEqual(arrived, ["1 first stage", "3 everything"])
		for (message, exception), missing in zip(
			self.refusals, ("Source, at least one item", "at least one item"), strict=True
		):
			self.assertIs(exception, StageRequirementsMissing)
			self.assertIn(f"{frappe.bold(self.stages[1])}, the opportunity needs: {missing}.", message)

	def test_with_everything_there_nothing_is_refused(self):
		self.assertEqual(self.import_rows(("Chairs", 1, "Website,Chair,2,50")), ["Chairs"])
		opportunity = frappe.get_doc("Opportunity", {"campaign": self.campaign})
		self.assertEqual((opportunity.sales_stage, opportunity.opportunity_amount), (self.stages[1], 100))
		self.assertEqual(self.refusals, [])
