import frappe

from crm_pipeline import exceptions
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_lost_reason,
	make_opportunity,
	make_process,
	make_stage,
	unique,
)


class TestChangeOfProcess(TestCase):
	def setUp(self):
		super().setUp()
		self.process = make_process(10, 50)
		self.first, self.second, self.won, self.lost = (row.sales_stage for row in self.process.stages)
		shared = [{"sales_stage": name} for name in (make_stage().name, self.second)]
		ends = [{"sales_stage": make_stage(stage_type).name} for stage_type in ("Won", "Lost")]
		self.other = make("Sales Process", process_name=unique("Process"), stages=shared + ends)
		self.other_won, self.other_lost = (row["sales_stage"] for row in ends)

	def opportunity(self, **fields):
		return make_opportunity(sales_process=self.process.name, **fields)

	def test_a_stage_of_the_same_name_is_kept(self):
		opportunity = self.opportunity(sales_stage=self.second)
		opportunity.sales_process = self.other.name
		self.assertEqual(opportunity.save().sales_stage, self.second)
		emptied = self.opportunity(sales_stage=self.second)
		emptied.update({"sales_process": self.other.name, "sales_stage": None})
		self.assertEqual(emptied.save().sales_stage, self.second)

	def test_an_open_opportunity_without_one_must_choose(self):
		opportunity = self.opportunity()
		choices = ", ".join(row.sales_stage for row in self.other.stages)
		with self.assertRefused(exceptions.StageNotInProcess, f"Choose one of: {choices}"):
			opportunity.change_process(self.other.name)
		opportunity.reload().sales_process = self.other.name
		with self.assertRefused(exceptions.StageNotInProcess):
			opportunity.save()

	def test_the_same_save_may_choose_it(self):
		opportunity = self.opportunity()
		opportunity.change_process(self.other.name, self.second)
		opportunity.reload()
		self.assertEqual((opportunity.sales_process, opportunity.sales_stage), (self.other.name, self.second))
		with self.assertRefused(exceptions.StageNotInProcess):
			opportunity.change_process(self.process.name, self.other_won)

	def test_an_ended_opportunity_goes_to_the_stage_of_its_type(self):
		won, lost, closed = self.opportunity(), self.opportunity(), self.opportunity()
		won.mark_won()
		lost.declare_lost([make_lost_reason().name])
		closed.status = "Closed"
		closed.save()
		for opportunity, stage in (
			(won, self.other_won),
			(lost, self.other_lost),
			(closed, self.other.stages[0].sales_stage),
		):
			former = opportunity.status
			opportunity.change_process(self.other.name)
			self.assertEqual((opportunity.reload().sales_stage, opportunity.status), (stage, former))

	def test_it_is_recorded(self):
		opportunity = self.opportunity(sales_stage=self.second)
		opportunity.change_process(self.other.name)
		rows = frappe.get_all(
			"Pipeline Change", {"opportunity": opportunity.name, "change": "Process"}, "new_value"
		)
		self.assertEqual([row.new_value for row in rows], [self.other.name])

	def test_who_may_not_write_may_not_change_it(self):
		opportunity = self.opportunity(sales_stage=self.second)
		with self.as_user("Purchase User"), self.assertRefused(frappe.PermissionError):
			frappe.get_doc("Opportunity", opportunity.name).change_process(self.other.name)


class TestMastersInUse(TestCase):
	def test_what_an_opportunity_names_cannot_be_deleted(self):
		process = make_process(10)
		reason = make_lost_reason()
		opportunity = make_opportunity(sales_process=process.name)
		stage = opportunity.sales_stage
		opportunity.declare_lost([reason.name])
		lost_stage = frappe.get_doc("Sales Stage", opportunity.sales_stage)
		for doc in (reason, process, lost_stage, frappe.get_doc("Sales Stage", stage)):
			with self.assertRefused(frappe.LinkExistsError):
				doc.delete()

	def test_renaming_changes_only_the_label(self):
		process = make_process(10, 50)
		reason = make_lost_reason()
		opportunity = make_opportunity(sales_process=process.name, probability=33)
		opportunity.declare_lost([reason.name])
		count = frappe.db.count("Pipeline Change", {"opportunity": opportunity.name})
		names = [
			frappe.rename_doc(doctype, name, unique("Renamed"))
			for doctype, name in (
				("Sales Process", process.name),
				("Sales Stage", opportunity.sales_stage),
				("Lost Reason", reason.name),
			)
		]
		opportunity.reload().save()
		self.assertEqual(
			[opportunity.sales_process, opportunity.sales_stage, opportunity.lost_reasons[0].lost_reason],
			names,
		)
		self.assertEqual(frappe.db.count("Pipeline Change", {"opportunity": opportunity.name}), count)
		self.assertEqual(opportunity.reopen().probability, 33)

	def test_a_stage_taken_out_of_the_process_still_holds_its_opportunities(self):
		process = make_process(10, 50)
		opportunity = make_opportunity(sales_process=process.name)
		process.set("stages", process.stages[1:])
		process.save()
		opportunity.reload().to_discuss = "Delivery"
		self.assertEqual((opportunity.save().probability, opportunity.status), (10, "Open"))
		opportunity.sales_stage = process.stages[0].sales_stage
		self.assertEqual(opportunity.save().probability, 10)
		opportunity.mark_won()
		self.assertEqual(opportunity.status, "Converted")
