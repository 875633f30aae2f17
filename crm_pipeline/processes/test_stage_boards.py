import frappe
import pytest

from crm_pipeline.exceptions import LostReasonsMissing
from crm_pipeline.overrides.kanban_board import update_order_for_single_card
from crm_pipeline.patches import add_stage_board
from crm_pipeline.processes.sales_processes import process_for, stages_of
from crm_pipeline.processes.stage_boards import BOARD
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_opportunity

NO_BOARDS = "The embedded host has no boards but as records"


class TestStageBoard(TestCase):
	def setUp(self):
		super().setUp()
		frappe.delete_doc("Kanban Board", BOARD, ignore_missing=True)
		add_stage_board.execute()
		self.stages = stages_of(process_for(None))
		self.opportunity = make_opportunity(sales_stage=self.stages[0].name)

	def drop_on(self, stage: str) -> None:
		update_order_for_single_card(BOARD, self.opportunity.name, self.stages[0].name, stage, 0, 0)
		self.opportunity.reload()

	def test_it_has_the_stages_of_the_default_process_in_order(self):
		board = frappe.get_doc("Kanban Board", BOARD)
		self.assertEqual([row.column_name for row in board.columns], [stage.name for stage in self.stages])
		self.assertEqual(board.field_name, "sales_stage")

	@pytest.mark.bench_only(NO_BOARDS)
	def test_a_dropped_card_changes_its_stage(self):
		self.drop_on(self.stages[1].name)
		self.assertEqual(self.opportunity.sales_stage, self.stages[1].name)

	@pytest.mark.bench_only(NO_BOARDS)
	def test_a_card_dropped_on_lost_is_asked_for_its_reasons(self):
		(lost,) = (stage.name for stage in self.stages if stage.type == "Lost")
		with self.assertRefused(LostReasonsMissing):
			self.drop_on(lost)

	def test_a_board_that_users_changed_stays(self):
		frappe.db.set_value("Kanban Board", BOARD, "show_labels", 1)
		add_stage_board.execute()
		self.assertTrue(frappe.db.get_value("Kanban Board", BOARD, "show_labels"))

	def test_a_site_without_default_process_gets_none(self):
		frappe.delete_doc("Kanban Board", BOARD)
		frappe.db.set_value("Sales Process", process_for(None), "is_default", 0)
		add_stage_board.execute()
		self.assertFalse(frappe.db.exists("Kanban Board", BOARD))
