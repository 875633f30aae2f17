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

	def deal(self, **fields):
		return make_opportunity(sales_process=self.process.name, **fields)

	def test_a_stage_of_the_same_name_is_kept(self):
		deal = self.deal(sales_stage=self.second)
		deal.sales_process = self.other.name
		self.assertEqual(deal.save().sales_stage, self.second)
		emptied = self.deal(sales_stage=self.second)
		emptied.update({"sales_process": self.other.name, "sales_stage": None})
		self.assertEqual(emptied.save().sales_stage, self.second)

	def test_an_open_deal_without_one_must_choose(self):
		deal = self.deal()
		choices = ", ".join(row.sales_stage for row in self.other.stages)
		with self.assertRefused(exceptions.StageNotInProcess, f"Choose one of: {choices}"):
			deal.change_process(self.other.name)
		deal.reload().sales_process = self.other.name
		with self.assertRefused(exceptions.StageNotInProcess):
			deal.save()

	def test_the_same_save_may_choose_it(self):
		deal = self.deal()
		deal.change_process(self.other.name, self.second)
		deal.reload()
		self.assertEqual((deal.sales_process, deal.sales_stage), (self.other.name, self.second))
		with self.assertRefused(exceptions.StageNotInProcess):
			deal.change_process(self.process.name, self.other_won)

	def test_an_ended_deal_goes_to_the_stage_of_its_type(self):
		won, lost, closed = self.deal(), self.deal(), self.deal()
		won.mark_won()
		lost.declare_lost([make_lost_reason().name])
		closed.status = "Closed"
		closed.save()
		for deal, stage in (
			(won, self.other_won),
			(lost, self.other_lost),
			(closed, self.other.stages[0].sales_stage),
		):
			former = deal.status
			deal.change_process(self.other.name)
			self.assertEqual((deal.reload().sales_stage, deal.status), (stage, former))

	def test_it_is_recorded(self):
		deal = self.deal(sales_stage=self.second)
		deal.change_process(self.other.name)
		rows = frappe.get_all("Pipeline Change", {"opportunity": deal.name, "change": "Process"}, "new_value")
		self.assertEqual([row.new_value for row in rows], [self.other.name])

	def test_who_may_not_write_may_not_change_it(self):
		deal = self.deal(sales_stage=self.second)
		with self.as_user("Purchase User"), self.assertRefused(frappe.PermissionError):
			frappe.get_doc("Opportunity", deal.name).change_process(self.other.name)


class TestMastersInUse(TestCase):
	def test_what_a_deal_names_cannot_be_deleted(self):
		process = make_process(10)
		reason = make_lost_reason()
		deal = make_opportunity(sales_process=process.name)
		stage = deal.sales_stage
		deal.declare_lost([reason.name])
		lost_stage = frappe.get_doc("Sales Stage", deal.sales_stage)
		for doc in (reason, process, lost_stage, frappe.get_doc("Sales Stage", stage)):
			with self.assertRefused(frappe.LinkExistsError):
				doc.delete()

	def test_renaming_changes_only_the_label(self):
		process = make_process(10, 50)
		reason = make_lost_reason()
		deal = make_opportunity(sales_process=process.name, probability=33)
		deal.declare_lost([reason.name])
		count = frappe.db.count("Pipeline Change", {"opportunity": deal.name})
		names = [
			frappe.rename_doc(doctype, name, unique("Renamed"))
			for doctype, name in (
				("Sales Process", process.name),
				("Sales Stage", deal.sales_stage),
				("Lost Reason", reason.name),
			)
		]
		deal.reload().save()
		self.assertEqual([deal.sales_process, deal.sales_stage, deal.lost_reasons[0].lost_reason], names)
		self.assertEqual(frappe.db.count("Pipeline Change", {"opportunity": deal.name}), count)
		self.assertEqual(deal.reopen().probability, 33)

	def test_a_stage_taken_out_of_the_process_still_holds_its_deals(self):
		process = make_process(10, 50)
		deal = make_opportunity(sales_process=process.name)
		process.set("stages", process.stages[1:])
		process.save()
		deal.reload().to_discuss = "Delivery"
		self.assertEqual((deal.save().probability, deal.status), (10, "Open"))
		deal.sales_stage = process.stages[0].sales_stage
		self.assertEqual(deal.save().probability, 10)
		deal.mark_won()
		self.assertEqual(deal.status, "Converted")
