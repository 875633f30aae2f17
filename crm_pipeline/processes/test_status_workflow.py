"""Workflows of a site's own on the status: they guard people, and let the software pass."""

import frappe
import pytest
from frappe.utils import add_days, today

from crm_pipeline import exceptions
from crm_pipeline.tasks import expire_quotations, wake_paused_opportunities
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_customer,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_supplier,
	unique,
)
from crm_pipeline.tests.mail import address, deliver, make_mailbox, write


class WorkflowCase(TestCase):
	def make_workflow(self, doctype: str, states: dict[str, int], *moves: tuple[str, str, str], **fields):
		"""A workflow on the status, with states and their docstatus, and moves from, to and by a role."""
		for state in states:
			if not frappe.db.exists("Workflow State", state):
				make("Workflow State", workflow_state_name=state)
		if moves and not frappe.db.exists("Workflow Action Master", "Go On"):
			make("Workflow Action Master", workflow_action_name="Go On")
		return make(
			"Workflow",
			workflow_name=unique("Statuses"),
			document_type=doctype,
			states=[
				{"state": state, "doc_status": str(docstatus), "allow_edit": "All"}
				for state, docstatus in states.items()
			],
			transitions=[
				{"state": old, "next_state": new, "allowed": role, "action": "Go On"}
				for old, new, role in moves
			],
			**{"workflow_state_field": "status", "is_active": 1, **fields},
		)


class ActiveWorkflowCase(WorkflowCase):
	def make_workflow(self, *args, **fields):
		workflow = super().make_workflow(*args, **fields)
		self.addCleanup(self.forget, workflow)
		self.forget(workflow)

	def forget(self, workflow):
		frappe.cache.hdel("workflow", workflow.document_type)
		frappe.clear_document_cache("Workflow", workflow.name)
		frappe.clear_cache(doctype=workflow.document_type)


class TestActivation(WorkflowCase):
	def test_states_that_the_status_does_not_have_are_refused_with_the_way_out(self):
		for doctype, states in (
			("Opportunity", {"Open": 0, "Approved": 0}),
			("Quotation", {"Draft": 0, "Approved": 1}),
			("Quotation", {"Draft": 0, "Open": 0}),
			("Supplier Quotation", {"Draft": 0, "Open": 1}),
		):
			with self.subTest(doctype), self.assertRefused(exceptions.WorkflowUnfit, "workflow_state"):
				self.make_workflow(doctype, states)

	def test_actions_that_could_never_succeed_are_refused(self):
		for doctype, states, move in (
			("Opportunity", {"Open": 0, "Converted": 0}, ("Open", "Converted", "All")),
			("Opportunity", {"Open": 0, "Quotation": 0}, ("Open", "Quotation", "All")),
			("Quotation", {"Draft": 0, "Open": 1, "Ordered": 1}, ("Open", "Ordered", "All")),
		):
			with self.subTest(move), self.assertRefused(exceptions.WorkflowUnfit, move[1]):
				self.make_workflow(doctype, states, move)

	def test_others_are_let_pass(self):
		self.make_workflow("Opportunity", {"Open": 0, "Closed": 0}, ("Open", "Closed", "All"))
		self.make_workflow("Quotation", {"Draft": 0, "Open": 1}, ("Draft", "Open", "All"))
		self.make_workflow("Quotation", {"Draft": 0, "Approved": 0}, is_active=0)


@pytest.mark.bench_only("The embedded host keeps workflows as records and does not act on them")
class TestOpportunity(ActiveWorkflowCase):
	def setUp(self):
		super().setUp()
		self.make_workflow("Opportunity", {"Open": 0, "Replied": 0})

	def test_mails_quotations_and_jobs_pass(self):
		opportunity = make_party_opportunity()
		make_mail(opportunity, "Sent")
		self.assertEqual(opportunity.reload().status, "Replied")
		quotation = make_quotation(opportunity)
		self.assertEqual(opportunity.reload().status, "Quotation")
		quotation.mark_ordered()
		self.assertEqual(opportunity.reload().status, "Converted")
		quotation.reload().cancel()
		self.assertEqual(opportunity.reload().status, "Replied")

	def test_a_mail_taken_in_passes_in_a_status_that_it_lacks(self):
		opportunity, mailbox = make_party_opportunity(), make_mailbox()
		opportunity.flags.by_software = True
		opportunity.pause(in_days(3))
		make_mail(opportunity, message_id=f"{opportunity.name}@sales.example")
		mail = write(address(), mailbox, In_Reply_To=f"<{opportunity.name}@sales.example>")
		self.assertEqual(deliver(mail, mailbox).reference_name, opportunity.name)
		self.assertEqual((opportunity.reload().status, opportunity.waiting_for), ("Open", "Us"))
		self.assertFalse(frappe.db.exists("Mail Intake Log", {"email_account": mailbox.name}))

	def test_people_are_guarded(self):
		from frappe.model.workflow import WorkflowPermissionError

		opportunity = make_opportunity()
		with self.assertRefused(WorkflowPermissionError):
			opportunity.pause(in_days(3))

	def test_people_work_on_where_it_does_not_know_the_status(self):
		opportunity = make_party_opportunity()
		make_quotation(opportunity)
		opportunity.reload().to_discuss = "Price"
		self.assertEqual(opportunity.save().status, "Quotation")
		self.assertEqual(opportunity.advance().status, "Quotation")

	def test_pauses_end(self):
		opportunity = make_opportunity()
		opportunity.flags.by_software = True
		opportunity.pause(in_days(3))
		with self.at(f"{add_days(today(), 4)} 03:00:00"):
			wake_paused_opportunities()
		self.assertEqual(opportunity.reload().status, "Open")


@pytest.mark.bench_only("The embedded host keeps workflows as records and does not act on them")
class TestQuotation(ActiveWorkflowCase):
	def quote(self):
		return make_quotation(make_quotable(), submit=False)

	def assertBlocked(self):
		from frappe.model.workflow import WorkflowPermissionError

		return self.assertRefused(WorkflowPermissionError)

	def test_submitting_by_its_action_ordering_losing_cancelling_and_expiring_pass(self):
		from frappe.model.workflow import apply_workflow

		self.make_workflow("Quotation", {"Draft": 0, "Open": 1}, ("Draft", "Open", "Sales User"))
		with self.as_user("Sales User"):
			ordered, lost, expired = (apply_workflow(self.quote().as_json(), "Go On") for _each in range(3))
			self.assertEqual((ordered.docstatus, ordered.status), (1, "Open"))
			self.assertEqual(ordered.mark_ordered().status, "Ordered")
			self.assertEqual(lost.declare_lost([a_lost_reason()]).status, "Lost")
		opportunity = frappe.get_doc("Opportunity", ordered.opportunity)
		self.assertEqual(opportunity.status, "Converted")
		self.assertEqual(frappe.get_doc("Quotation", ordered.name).cancel().status, "Cancelled")
		self.assertEqual(opportunity.reload().status, "Open")
		frappe.db.set_value("Quotation", expired.name, "valid_till", in_days(-1))
		expire_quotations()
		self.assertEqual(expired.reload().status, "Expired")

	def test_people_submit_as_it_says_only(self):
		self.make_workflow("Quotation", {"Draft": 0, "Open": 1}, ("Draft", "Open", "Sales Manager"))
		with self.as_user("Sales User"):
			quotation = self.quote()
			with self.assertBlocked():
				quotation.submit()
		with self.as_user("Sales Manager", "Sales User"):
			self.assertEqual(quotation.reload().submit().status, "Open")

	def test_a_workflow_without_the_draft_lets_people_pass(self):
		self.make_workflow("Quotation", {"Open": 1, "Cancelled": 2}, ("Open", "Cancelled", "Sales Manager"))
		quotation = frappe.get_doc("Quotation", self.quote().name).submit()
		self.assertEqual(quotation.mark_ordered().status, "Ordered")

	def test_a_submitted_one_has_our_status_even_if_the_workflow_lacks_it(self):
		self.make_workflow("Quotation", {"Expired": 1}, ("Expired", "Expired", "All"))
		self.assertEqual(frappe.get_doc("Quotation", self.quote().name).submit().status, "Open")

	def test_supplier_quotations(self):
		self.make_workflow("Supplier Quotation", {"Draft": 0, "Submitted": 1}, ("Draft", "Submitted", "All"))
		rows = [{"item_name": "Consulting", "qty": 1, "rate": 100}]
		quotation = make("Supplier Quotation", supplier=make_supplier().name, items=rows)
		self.assertEqual(quotation.submit().status, "Submitted")
		self.assertEqual(quotation.cancel().status, "Cancelled")


def make_quotable():
	"""An opportunity that a salesperson, who may not create items, can quote."""
	rows = [{"item_name": "Chair", "qty": 1, "rate": 5}]
	return make_opportunity(opportunity_from="Customer", party_name=make_customer().name, items=rows)


def a_lost_reason() -> str:
	return frappe.get_all("Lost Reason", limit=1, pluck="name")[0]
