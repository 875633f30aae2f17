"""Undoing what auto-close did, to exactly the state before."""

from unittest.mock import patch

import frappe
from frappe.utils import add_days, get_datetime, now_datetime
from frappe.utils.synchronization import filelock

from crm_pipeline.api import auto_close, moves
from crm_pipeline.api.auto_close import undo_auto_close
from crm_pipeline.auto_close import undo, undo_job
from crm_pipeline.auto_close.lock import LOCK
from crm_pipeline.exceptions import BatchUnderWay
from crm_pipeline.tests.factories import in_days, make_mail, make_user
from crm_pipeline.tests.inactive_opportunities import DAYS, AutoCloseCase


class TestUndo(AutoCloseCase):
	def test_it_brings_back_exactly_what_was(self):
		owner = make_user("Sales User")
		opportunity = self.inactive_opportunity(opportunity_owner=owner)
		todo = frappe.get_doc(
			{
				"doctype": "ToDo",
				"description": "Call",
				"allocated_to": owner,
				"reference_type": "Opportunity",
				"reference_name": opportunity.name,
			}
		).insert()
		before = self.state(opportunity)
		(batch,) = self.run_job()
		self.assertNotEqual(self.state(opportunity), before)
		undo_auto_close(batch)
		self.assertEqual(self.state(opportunity), before)
		self.assertEqual((todo.reload().status, self.row(opportunity).result), ("Open", "Undone"))
		change = frappe.get_last_doc("Pipeline Change", {"opportunity": opportunity.name})
		self.assertEqual((change.old_value, change.new_value), ("Closed", "Replied"))
		opportunity.reload().save()

	def test_a_missed_next_contact_leaves_the_calendar_and_comes_back(self):
		opportunity = self.inactive_opportunity(
			next_contact_date=in_days(-2), next_contact_by=make_user("Sales User")
		)
		event = opportunity.follow_up_event
		self.assertTrue(frappe.db.exists("Event", event))
		(batch,) = self.run_job()
		self.assertEqual(
			(opportunity.reload().follow_up_event, frappe.db.exists("Event", event)), (None, None)
		)
		undo_auto_close(batch)
		event = frappe.get_doc("Event", opportunity.reload().follow_up_event)
		self.assertEqual((str(event.starts_on.date()), event.status), (in_days(-2), "Open"))
		self.assertEqual(event.owner, opportunity.next_contact_by)

	def test_it_leaves_what_was_touched_since_and_says_so(self):
		untouched, touched, reopened = (self.inactive_opportunity() for _opportunity in range(3))
		(batch,) = self.run_job()
		touched.reload().update({"to_discuss": "Let it rest"})
		touched.save()
		make_mail(reopened, "Received")
		counts = undo_auto_close(batch)
		self.assertEqual(
			[d.reload().status for d in (untouched, touched, reopened)], ["Replied", "Closed", "Open"]
		)
		self.assertEqual(
			[self.row(d).result for d in (untouched, touched, reopened)],
			["Undone", "Not Restored", "Not Restored"],
		)
		self.assertGreaterEqual(counts["left"], 2)
		state = frappe.db.get_value("Auto Close Batch", batch, ["status", "undone", "not_restored"])
		self.assertEqual(state, ("Partly Undone", counts["undone"], counts["left"]))

	def test_a_move_that_was_undone_touches_nothing(self):
		owner = make_user("Sales User")
		opportunity = self.inactive_opportunity(opportunity_owner=owner)
		task = {"doctype": "ToDo", "description": "Call", "allocated_to": owner}
		on_it = {"reference_type": "Opportunity", "reference_name": opportunity.name}
		todo = frappe.get_doc({**task, **on_it}).insert()
		before = self.state(opportunity)
		(batch,) = self.run_job()
		answer = moves.reopen(opportunity.name)
		self.assertEqual(opportunity.reload().status, "Open")
		moves.undo(opportunity.name, answer["undo"]["version"])
		undo_auto_close(batch)
		self.assertEqual(self.state(opportunity), before)
		self.assertEqual((todo.reload().status, self.row(opportunity).result), ("Open", "Undone"))

	def test_an_answer_that_comes_during_the_undoing_stands(self):
		opportunity = self.inactive_opportunity()
		(batch,) = self.run_job()
		closed_in = undo._closed_in

		def an_answer_comes(*portion):
			found = closed_in(*portion)
			if opportunity.name in found:
				make_mail(opportunity, "Received")
			return found

		with patch.object(undo, "_closed_in", an_answer_comes):
			undo_auto_close(batch)
		self.assertEqual(
			(opportunity.reload().status, self.row(opportunity).result), ("Open", "Not Restored")
		)

	def test_the_owner_is_warned_again_before_it_is_closed_again(self):
		owner = make_user("Sales User")
		opportunity = self.inactive_opportunity(DAYS - 1, opportunity_owner=owner)
		self.run_job()
		self.shift(opportunity, DAYS)
		(batch,) = self.run_job()
		undo_auto_close(batch)
		then = add_days(now_datetime(), -DAYS + 1)
		frappe.db.set_value(
			"Auto Closed Opportunity", {"batch": batch}, "modified", then, update_modified=False
		)
		self.run_job()
		warnings = [subject for subject in self.told(owner) if "will be closed" in subject]
		self.assertEqual(len(warnings), 2)

	def test_while_another_run_is_under_way_it_is_refused(self):
		self.inactive_opportunity()
		(batch,) = self.run_job()
		with filelock(LOCK, timeout=0), self.assertRefused(BatchUnderWay, "a few minutes"):
			undo_auto_close(batch)

	def test_a_second_time_changes_nothing(self):
		opportunity = self.inactive_opportunity()
		(batch,) = self.run_job()
		first = undo_auto_close(batch)
		modified = opportunity.reload().modified
		self.assertEqual(undo_auto_close(batch), first)
		self.assertEqual(opportunity.reload().modified, modified)

	def test_what_was_undone_is_not_closed_again_the_next_night(self):
		opportunity = self.inactive_opportunity()
		(batch,) = self.run_job()
		undo_auto_close(batch)
		self.run_job()
		self.assertEqual(opportunity.reload().status, "Replied")
		then = get_datetime(add_days(now_datetime(), -DAYS))
		frappe.db.set_value(
			"Auto Closed Opportunity", {"batch": batch}, "modified", then, update_modified=False
		)
		self.run_job()
		self.assertEqual(opportunity.reload().status, "Closed")

	def test_one_under_way_is_refused(self):
		self.inactive_opportunity()
		(batch,) = self.run_job()
		frappe.db.set_value("Auto Close Batch", batch, "status", "Running")
		with self.assertRefused(BatchUnderWay, batch):
			undo_auto_close(batch)

	def test_a_large_batch_is_brought_back_in_the_background_and_its_end_is_announced(self):
		opportunity = self.inactive_opportunity()
		(batch,) = self.run_job()
		with (
			patch.object(auto_close, "MOST_AT_ONCE", 0),
			patch.object(frappe, "enqueue") as enqueue,
			patch.object(frappe, "publish_progress") as shown,
			self.as_user("Sales Manager") as manager,
		):
			counts = undo_auto_close(batch)
			self.assertEqual((counts["undone"], opportunity.reload().status), (0, "Closed"))
			(job,), options = enqueue.call_args
			job(batch=options["batch"])
		self.assertEqual(opportunity.reload().status, "Replied")
		self.assertEqual(shown.call_args.args, (100,))
		(news,) = self.told(manager, document_name=batch)
		self.assertIn(f"As they were before: {counts['queued']}, not restored: 0.", news)

	def test_one_that_does_not_get_its_chance_in_the_background_is_to_be_undone_again(self):
		opportunity = self.inactive_opportunity()
		(batch,) = self.run_job()
		with (
			filelock(LOCK, timeout=0),
			patch.object(undo_job, "PATIENCE", 0.1),
			self.as_user("Sales Manager") as manager,
		):
			undo_job.undo_and_notify(batch)
		(news,) = self.told(manager, document_name=batch)
		self.assertIn("Undo it again", news)
		self.assertEqual(opportunity.reload().status, "Closed")

	def test_in_the_background_too_one_under_way_is_refused(self):
		self.inactive_opportunity()
		(batch,) = self.run_job()
		frappe.db.set_value("Auto Close Batch", batch, "status", "Running")
		with patch.object(auto_close, "MOST_AT_ONCE", 0), self.assertRefused(BatchUnderWay, batch):
			undo_auto_close(batch)

	def test_sales_users_are_refused(self):
		self.inactive_opportunity()
		(batch,) = self.run_job()
		with self.as_user("Sales User"), self.assertRefused(frappe.PermissionError, "Sales Manager"):
			undo_auto_close(batch)
