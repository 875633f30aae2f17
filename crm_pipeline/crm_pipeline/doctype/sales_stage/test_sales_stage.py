"""A process can always be entered, won and lost, whatever becomes of its stages."""

import frappe

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make, make_opportunity, make_process, make_stage, unique


class TestStageType(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(10)
		self.open, self.won, self.lost = (row.sales_stage for row in self.process.stages)

	def change(self, stage: str, stage_type: str):
		doc = frappe.get_doc("Sales Stage", stage)
		doc.stage_type = stage_type
		doc.save()

	def test_the_only_one_of_its_type_keeps_it(self):
		for stage, stage_type in ((self.open, "Won"), (self.won, "Open"), (self.lost, "Won")):
			with self.assertRefused(exceptions.SalesProcessIncomplete, self.process.name):
				self.change(stage, stage_type)
		opportunity = make_opportunity(sales_process=self.process.name, opportunity_amount=7)
		self.assertEqual(opportunity.advance().status, "Converted")

	def test_one_of_several_may_change_and_its_process_knows(self):
		second = make_stage().name
		self.process.append("stages", {"sales_stage": second, "probability": 60})
		self.process.save()
		self.change(second, "Won")
		rows = {row.sales_stage: row for row in self.process.reload().stages}
		self.assertEqual((rows[second].stage_type, rows[second].probability), ("Won", 100))

	def test_opportunities_hold_it_too(self):
		self.process.append("stages", {"sales_stage": make_stage().name})
		self.process.save()
		make_opportunity(sales_process=self.process.name, sales_stage=self.open)
		with self.assertRefused(exceptions.StageTypeInUse):
			self.change(self.open, "Lost")

	def test_a_process_that_lost_its_types_all_the_same_says_so(self):
		opportunity = make_opportunity(sales_process=self.process.name)
		frappe.db.delete("Sales Process Stage", {"parent": self.process.name, "sales_stage": self.won})
		frappe.clear_document_cache("Sales Process", self.process.name)
		with self.assertRefused(exceptions.SalesProcessIncomplete, self.process.name):
			opportunity.reload().mark_won()


class TestMergedStages(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(10, 50)
		self.first, self.second, self.won, self.lost = (row.sales_stage for row in self.process.stages)

	def test_unlike_ones_are_refused(self):
		for old, new in ((self.first, self.won), (self.won, self.lost), (self.lost, self.first)):
			with self.assertRefused(exceptions.StagesUnlike, new):
				frappe.rename_doc("Sales Stage", old, new, merge=True)

	def test_two_of_one_process_become_one_there(self):
		required = {"requirement": "Field", "fieldname": "country"}
		self.process.extend(
			"requirements", [{**required, "sales_stage": each} for each in (self.first, self.second)]
		)
		self.process.save()
		opportunity = make_opportunity(sales_process=self.process.name, country="Germany", probability=33)
		frappe.rename_doc("Sales Stage", self.first, self.second, merge=True)
		self.process.reload()
		self.assertEqual([row.sales_stage for row in self.process.stages], [self.second, self.won, self.lost])
		self.assertEqual([row.sales_stage for row in self.process.requirements], [self.second])
		opportunity.reload()
		self.assertEqual((opportunity.sales_stage, opportunity.probability), (self.second, 33))
		logged = frappe.get_all("Pipeline Change", {"opportunity": opportunity.name}, pluck="sales_stage")
		self.assertEqual(logged, [self.second])
		self.assertEqual(opportunity.advance().status, "Converted")

	def test_one_from_elsewhere_takes_its_place(self):
		other = make_stage()
		opportunity = make_opportunity(sales_process=self.process.name)
		frappe.rename_doc("Sales Stage", self.first, other.name, merge=True)
		self.assertEqual(opportunity.reload().sales_stage, other.name)
		stages = [row.sales_stage for row in self.process.reload().stages]
		self.assertEqual(stages, [other.name, self.second, self.won, self.lost])


class TestDefaultProcess(TestCase):
	def test_it_is_neither_merged_nor_deleted(self):
		default = frappe.get_doc("Sales Process", {"is_default": 1})
		other = make_process(10)
		with self.assertRefused(exceptions.DefaultProcessMissing, default.name):
			frappe.rename_doc("Sales Process", default.name, other.name, merge=True)
		with self.assertRefused(exceptions.DefaultProcessMissing, default.name):
			frappe.delete_doc("Sales Process", default.name)

	def test_one_merged_into_it_takes_its_opportunities_along(self):
		default = frappe.db.get_value("Sales Process", {"is_default": 1})
		process = make(
			"Sales Process",
			process_name=unique("Process"),
			stages=[
				{"sales_stage": row.sales_stage} for row in frappe.get_doc("Sales Process", default).stages
			],
		)
		opportunity = make_opportunity(sales_process=process.name)
		frappe.rename_doc("Sales Process", process.name, default, merge=True)
		self.assertEqual(opportunity.reload().sales_process, default)
		self.assertEqual(opportunity.advance().sales_stage, "Pitching")
