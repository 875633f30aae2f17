"""The two workflows that come with the app: there, asleep, and once awake a guard of the stages, not a second truth."""

import frappe
import pytest

from crm_pipeline import exceptions
from crm_pipeline.processes.workflows import delete_unused_workflow_records
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make_customer,
	make_opportunity,
	make_quotation,
	unique,
)

WORKFLOWS = {"Standard Stages": "Standard", "Solution Sale Stages": "Solution Sale"}


class TestShippedWorkflows(TestCase):
	def test_one_per_process_inactive_with_the_stage_as_its_state(self):
		for name, process in WORKFLOWS.items():
			workflow = frappe.get_doc("Workflow", name)
			self.assertEqual(
				(workflow.document_type, workflow.workflow_state_field, workflow.is_active),
				("Opportunity", "sales_stage", 0),
			)
			stages = [row.sales_stage for row in frappe.get_doc("Sales Process", process).stages]
			self.assertEqual([row.state for row in workflow.states], stages)

	def test_a_renamed_stage_is_renamed_in_them(self):
		renamed = frappe.rename_doc("Sales Stage", "Pitching", unique("Presenting"))
		workflow = frappe.get_doc("Workflow", "Standard Stages")
		self.assertIn(renamed, [row.state for row in workflow.states])
		named = {name for row in workflow.transitions for name in (row.state, row.next_state)}
		self.assertIn(renamed, named)
		self.assertNotIn("Pitching", named)

	def test_uninstalling_leaves_states_and_actions_that_others_use(self):
		standard = frappe.get_doc("Workflow", "Standard Stages")
		for doctype in ("Workflow Document State", "Workflow Transition"):
			frappe.db.delete(doctype, {"parent": ["!=", standard.name]})
		delete_unused_workflow_records()
		self.assertTrue(frappe.db.exists("Workflow State", "Pitching"))
		self.assertTrue(frappe.db.exists("Workflow Action Master", "Advance"))
		self.assertFalse(frappe.db.exists("Workflow State", "Negotiation"))
		self.assertFalse(frappe.db.exists("Workflow Action Master", "Reopen in Negotiation"))


@pytest.mark.bench_only("The embedded host keeps workflows as records and does not act on them")
class TestActiveWorkflow(TestCase):
	def setUp(self):
		super().setUp()
		workflow = frappe.get_doc("Workflow", "Standard Stages")
		workflow.is_active = 1
		workflow.save()
		frappe.clear_cache(doctype="Opportunity")

	def undo(self):
		super().undo()
		frappe.cache.hdel("workflow", "Opportunity")
		frappe.clear_document_cache("Workflow", "Standard Stages")
		frappe.clear_cache(doctype="Opportunity")

	def act(self, opportunity, action: str):
		from frappe.model.workflow import apply_workflow

		return apply_workflow(frappe.get_doc("Opportunity", opportunity.name).as_json(), action)

	def actions(self, opportunity) -> set[str]:
		from frappe.model.workflow import get_transitions

		return {row["action"] for row in get_transitions(frappe.get_doc("Opportunity", opportunity.name))}

	def assertBlocked(self):
		from frappe.model.workflow import WorkflowPermissionError

		return self.assertRefused(WorkflowPermissionError)

	def test_its_actions_move_stage_and_status_together(self):
		with self.as_user("Sales User"):
			opportunity = make_opportunity(opportunity_amount=500)
			self.assertEqual(self.actions(opportunity), {"Advance", "Lose"})
			self.act(opportunity, "Advance")
			self.assertEqual(self.actions(opportunity), {"Advance", "Step Back", "Lose"})
			self.assertEqual((opportunity.reload().sales_stage, opportunity.probability), ("Pitching", 25))
			for _step in range(2):
				self.act(opportunity, "Advance")
			self.act(opportunity, "Win")
		opportunity.reload()
		self.assertEqual(
			(opportunity.status, opportunity.sales_stage, opportunity.probability, opportunity.close_revenue),
			("Converted", "Won", 100, 500),
		)

	def test_losing_needs_its_reasons_here_too(self):
		with self.as_user("Sales User"):
			opportunity = make_opportunity()
			with self.assertRefused(exceptions.LostReasonsMissing):
				self.act(opportunity, "Lose")
			reason = {"lost_reason": frappe.get_all("Lost Reason", limit=1, pluck="name")[0]}
			opportunity.reload().update({"lost_reasons": [reason]})
			opportunity.save()
			self.act(opportunity, "Lose")
		self.assertEqual((opportunity.reload().status, opportunity.sales_stage), ("Lost", "Lost"))

	def test_a_salesperson_does_not_skip_stages_on_any_path(self):
		with self.as_user("Sales User"):
			opportunity = make_opportunity()
			opportunity.sales_stage = "Closing"
			with self.assertBlocked():
				opportunity.save()
			with self.assertBlocked():
				opportunity.reload().mark_won()
			self.assertEqual(opportunity.reload().advance().sales_stage, "Pitching")
		self.assertEqual(opportunity.reload().status, "Open")

	def test_a_manager_wins_early_and_reopens(self):
		with self.as_user("Sales User"):
			opportunity = make_opportunity(sales_stage="Lead")
		with self.as_user("Sales Manager"):
			opportunity.reload().mark_won()
			self.assertEqual(opportunity.reopen().sales_stage, "Lead")
			self.act(opportunity, "Win")
			self.act(opportunity, "Reopen in Quoting")
		self.assertEqual((opportunity.reload().status, opportunity.sales_stage), ("Open", "Quoting"))

	def test_what_keeps_the_stage_is_not_its_business(self):
		with self.as_user("Sales User"):
			opportunity = make_opportunity()
			opportunity.pause(frappe.utils.add_days(frappe.utils.today(), 3))
			self.assertEqual(opportunity.resume().status, "Open")

	def test_quotations_pass(self):
		with self.as_user("Sales User"):
			won, lost = make_party_opportunity(), make_party_opportunity()
			make_quotation(won).mark_ordered()
			reason = frappe.get_all("Lost Reason", limit=1, pluck="name")[0]
			make_quotation(lost).declare_lost([reason])
		self.assertEqual((won.reload().sales_stage, lost.reload().sales_stage), ("Won", "Lost"))

	def test_opportunities_of_another_process_pass(self):
		with self.as_user("Sales User"):
			opportunity = make_opportunity(sales_stage="Needs Analysis")
			opportunity.sales_stage = "Negotiation"
			self.assertEqual(opportunity.save().sales_stage, "Negotiation")


def make_party_opportunity():
	"""An opportunity that a salesperson, who may not create items, can quote."""
	return make_opportunity(
		opportunity_from="Customer",
		party_name=make_customer().name,
		items=[{"item_name": "Chair", "qty": 1, "rate": 5}],
	)
