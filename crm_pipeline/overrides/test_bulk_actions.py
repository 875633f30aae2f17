"""Bulk edit, bulk submit and a card dropped on a board: who refuses is named."""

from unittest.mock import patch

import frappe
import pytest
from rq.timeouts import JobTimeoutException

from crm_pipeline.exceptions import LostReasonsMissing
from crm_pipeline.overrides import bulk_actions
from crm_pipeline.overrides.bulk_actions import submit_cancel_or_update_docs
from crm_pipeline.overrides.kanban_board import update_order_for_single_card
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	make,
	make_lost_reason,
	make_opportunity,
	make_quotation,
	make_user,
	unique,
)


class TestBulkActions(TestCase):
	def setUp(self):
		super().setUp()
		frappe.clear_messages()

	def messages(self) -> str:
		return str(frappe.local.message_log)

	def test_each_refusal_names_its_record(self):
		reasons = [{"lost_reason": make_lost_reason().name}]
		ready, lacking = make_opportunity(lost_reasons=reasons), make_opportunity()
		names = frappe.as_json([ready.name, lacking.name])
		refused = submit_cancel_or_update_docs("Opportunity", names, "update", '{"status": "Lost"}')
		self.assertEqual(refused, [lacking.name])
		self.assertEqual((ready.reload().status, lacking.reload().status), ("Lost", "Open"))
		self.assertIn(f"{lacking.name}</strong>: Choose at least one reason", self.messages())
		self.assertNotIn(ready.name, self.messages())

	def test_submitting_and_cancelling(self):
		draft, submitted = make_quotation(submit=False), make_quotation()
		names = [draft.name, submitted.name]
		self.assertEqual(submit_cancel_or_update_docs("Quotation", names, "submit"), [submitted.name])
		self.assertEqual(submit_cancel_or_update_docs("Quotation", names, "cancel"), [])
		self.assertEqual((draft.reload().status, submitted.reload().status), ("Cancelled", "Cancelled"))

	def test_rights_are_asked_for_each(self):
		opportunity = make_opportunity()
		with self.as_user("Purchase User"):
			refused = submit_cancel_or_update_docs(
				"Opportunity", [opportunity.name], "update", {"title": "Mine"}
			)
		self.assertEqual(refused, [opportunity.name])
		self.assertNotEqual(opportunity.reload().title, "Mine")

	def test_what_is_not_there_is_refused_and_the_others_are_done(self):
		opportunity = make_opportunity()
		names = ["No such one", opportunity.name]
		self.assertEqual(
			submit_cancel_or_update_docs("Opportunity", names, "update", {"campaign": "Autumn"}), names[:1]
		)
		self.assertEqual(opportunity.reload().campaign, "Autumn")

	def test_many_are_done_in_the_background_and_their_user_is_notified(self):
		opportunities = [make_opportunity().name for _each in range(3)]
		user = make_user("Sales User")
		frappe.set_user(user)
		with patch.object(frappe, "enqueue") as enqueue, patch.object(bulk_actions, "FEW", 2):
			answer = submit_cancel_or_update_docs("Opportunity", opportunities, "update", {"status": "Lost"})
		(job,), options = enqueue.call_args
		self.assertEqual((answer, options["enqueue_after_commit"]), (None, True))
		given = {key: options[key] for key in ("doctype", "names", "action", "data")}
		job(**given)
		frappe.set_user("Administrator")
		(told,) = frappe.get_all("Notification Log", {"for_user": user}, pluck="subject")
		self.assertIn("3 of 3 records refused", told)
		self.assertIn(opportunities[2], told)

	def test_a_worker_whose_time_is_over_refuses_nothing(self):
		names = [make_opportunity().name for _each in range(2)]
		over = JobTimeoutException("The job took longer than allowed")
		with patch.object(bulk_actions, "act_on", side_effect=over) as act_on:
			with self.assertRaises(JobTimeoutException):
				bulk_actions.act_on_each("Opportunity", names, "update", {"campaign": "Autumn"})
		self.assertEqual(act_on.call_count, 1)

	@pytest.mark.bench_only("The embedded host has no boards but as records")
	def test_a_card_dropped_on_lost(self):
		opportunity = make_opportunity()
		board = make(
			"Kanban Board",
			kanban_board_name=unique("Board"),
			reference_doctype="Opportunity",
			field_name="status",
			columns=[
				{"column_name": "Open", "order": frappe.as_json([opportunity.name])},
				{"column_name": "Lost", "order": "[]"},
			],
		)
		frappe.clear_messages()
		with self.assertRefused(LostReasonsMissing):
			update_order_for_single_card(board.name, opportunity.name, "Open", "Lost", 0, 0)
		self.assertIn(opportunity.title, self.messages())
		self.assertIn("Choose at least one reason", self.messages())
