"""Auto-close: which opportunities are closed, what that does to them, and that it can be undone."""

from unittest.mock import patch

import frappe
from frappe.utils import add_days, get_datetime, now_datetime

from crm_pipeline.api.auto_close import preview_auto_close, undo_auto_close
from crm_pipeline.auto_close import closing
from crm_pipeline.controllers import job_runs
from crm_pipeline.exceptions import BatchUnderWay
from crm_pipeline.tasks import auto_close_opportunities
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_user,
)

DAYS = 15
STATE = (
	"status",
	"own_status",
	"status_since",
	"waiting_for",
	"waiting_since",
	"closed_on",
	"auto_closed",
	"_assign",
	"sales_stage",
	"probability",
	"close_revenue_currency",
)


class AutoCloseCase(TestCase):
	def setUp(self):
		super().setUp()
		self.set_limit(DAYS)

	def set_limit(self, days, warn_before: int = 3):
		"""Write the settings as they may be stored, whatever the form would accept."""
		values = {"close_opportunity_after_days": days, "warn_before_auto_close_days": warn_before}
		frappe.db.set_single_value("Selling Settings", values)
		frappe.clear_document_cache("Selling Settings", "Selling Settings")

	def quiet_deal(self, days: int = DAYS, **fields):
		"""A replied deal on which nobody spoke for that many days."""
		opportunity = make_opportunity(**fields)
		make_mail(opportunity)
		self.shift(opportunity, days)
		return opportunity.reload()

	def shift(self, opportunity, days: int):
		"""Let the reply and all contacts have happened that many days ago."""
		at = add_days(now_datetime(), -days)
		values = {"status_since": at, "last_contacted_on": at, "waiting_since": at}
		frappe.db.set_value("Opportunity", opportunity.name, values)

	def run_job(self) -> list[str]:
		return auto_close_opportunities()

	def row(self, opportunity) -> dict:
		"""The newest note of a batch on a deal."""
		fields = ["batch", "result", "why", "quiet_since"]
		filters = {"opportunity": opportunity.name}
		rows = frappe.get_all("Auto Closed Opportunity", filters, fields, order_by="creation desc")
		return rows[0] if rows else {}

	def told(self, user: str, **filters) -> list[str]:
		return frappe.get_all("Notification Log", {"for_user": user, **filters}, pluck="subject")

	def state(self, opportunity) -> dict:
		return frappe.db.get_value("Opportunity", opportunity.name, STATE, as_dict=True)


class TestWhatIsClosed(AutoCloseCase):
	def assertStatusAfterRun(self, opportunity, expected: str):
		self.run_job()
		self.assertEqual(opportunity.reload().status, expected)

	def test_a_deal_quiet_for_the_limit_is_closed(self):
		opportunity = self.quiet_deal()
		self.assertStatusAfterRun(opportunity, "Closed")
		self.assertEqual(
			(str(opportunity.closed_on), opportunity.auto_closed, opportunity.own_status),
			(in_days(0), 1, "Closed"),
		)
		self.assertEqual((opportunity.waiting_for, opportunity.waiting_since), ("Nobody", None))

	def test_one_day_less_is_too_early(self):
		self.assertStatusAfterRun(self.quiet_deal(DAYS - 1), "Replied")

	def test_the_newest_contact_counts_and_not_modified(self):
		called, answered, touched = self.quiet_deal(40), self.quiet_deal(40), self.quiet_deal(40)
		frappe.db.set_value("Opportunity", called.name, "last_contacted_on", in_days(-3))
		frappe.db.set_value("Opportunity", answered.name, "last_response_on", in_days(-3))
		touched.to_discuss = "A colleague edits the deal"
		touched.save()
		self.run_job()
		self.assertEqual(
			[d.reload().status for d in (called, answered, touched)], ["Replied", "Replied", "Closed"]
		)

	def test_the_day_it_became_replied_counts(self):
		opportunity = make_opportunity(status="Replied", transaction_date=in_days(-DAYS))
		recent = make_opportunity(transaction_date=in_days(-90))
		recent.status = "Replied"
		recent.save()
		self.run_job()
		self.assertEqual((opportunity.reload().status, recent.reload().status), ("Closed", "Replied"))

	def test_other_statuses_are_never_closed(self):
		opened, paused, quoted = (
			make_opportunity(transaction_date=in_days(-90)),
			self.quiet_deal(),
			make_party_opportunity(),
		)
		paused.pause(in_days(3))
		make_quotation(quoted)
		for opportunity in (opened, paused, quoted):
			self.shift(opportunity, 90)
		self.run_job()
		self.assertEqual(
			[d.reload().status for d in (opened, paused, quoted)], ["Open", "Paused", "Quotation"]
		)

	def test_a_next_contact_to_come_keeps_it_and_a_missed_one_does_not(self):
		planned, missed = (
			self.quiet_deal(next_contact_date=in_days(1)),
			self.quiet_deal(next_contact_date=in_days(-2)),
		)
		self.run_job()
		self.assertEqual((planned.reload().status, missed.reload().status), ("Replied", "Closed"))

	def test_a_quotation_that_stands_keeps_it_even_if_the_status_does_not_say_so(self):
		opportunity = make_party_opportunity()
		make_mail(opportunity)
		make_quotation(opportunity)
		self.shift(opportunity, 40)
		frappe.db.set_value("Opportunity", opportunity.name, {"status": "Replied", "own_status": "Replied"})
		self.assertStatusAfterRun(opportunity, "Replied")

	def test_settings_that_mean_never(self):
		opportunity = self.quiet_deal(400)
		for days in (0, -1, None, "", 100_000, 10**9):
			with self.subTest(days=days):
				self.set_limit(days)
				self.assertStatusAfterRun(opportunity, "Replied")


class TestWhatClosingDoes(AutoCloseCase):
	def test_history_comment_and_note_say_why(self):
		opportunity = self.quiet_deal()
		(batch,) = self.run_job()
		change = frappe.get_last_doc("Pipeline Change", {"opportunity": opportunity.name})
		self.assertEqual((change.change, change.old_value, change.new_value), ("Status", "Replied", "Closed"))
		self.assertEqual((change.status, change.sales_stage), ("Closed", opportunity.sales_stage))
		comments = frappe.get_all(
			"Comment", {"reference_name": opportunity.name, "comment_type": "Info"}, pluck="content"
		)
		self.assertEqual(len(comments), 1)
		self.assertIn(f"No contact since {in_days(-DAYS)}; the limit is {DAYS} days", comments[0])
		row = self.row(opportunity)
		self.assertEqual((row.batch, row.result), (batch, "Closed"))
		self.assertEqual(str(row.quiet_since.date()), in_days(-DAYS))

	def test_assignments_are_closed(self):
		opportunity = self.quiet_deal()
		user = make_user("Sales User")
		todo = frappe.get_doc(
			{
				"doctype": "ToDo",
				"description": "Call",
				"allocated_to": user,
				"reference_type": "Opportunity",
				"reference_name": opportunity.name,
			}
		).insert()
		self.shift(opportunity, DAYS)
		self.run_job()
		self.assertEqual(todo.reload().status, "Closed")
		self.assertFalse(frappe.db.get_value("Opportunity", opportunity.name, "_assign"))

	def test_one_notification_per_owner_and_night(self):
		owner, other = make_user("Sales User"), make_user("Sales User")
		for _deal in range(3):
			self.quiet_deal(opportunity_owner=owner)
		self.quiet_deal(opportunity_owner=other)
		(batch,) = self.run_job()
		self.assertIn("3 of your opportunities", *self.told(owner, document_name=batch))
		self.assertIn("1 of your opportunities", *self.told(other, document_name=batch))

	def test_a_second_run_does_nothing(self):
		opportunity = self.quiet_deal()
		self.run_job()
		before = (
			frappe.get_all("Pipeline Change", {"opportunity": opportunity.name}),
			opportunity.reload().modified,
		)
		self.assertEqual(self.run_job(), [])
		after = (
			frappe.get_all("Pipeline Change", {"opportunity": opportunity.name}),
			opportunity.reload().modified,
		)
		self.assertEqual(before, after)

	def test_a_mail_from_the_customer_reopens_it(self):
		by_job, by_hand = self.quiet_deal(), make_opportunity(status="Closed")
		self.run_job()
		for opportunity in (by_job, by_hand):
			make_mail(opportunity, "Received")
		self.assertEqual((by_job.reload().status, by_job.auto_closed, by_job.closed_on), ("Open", 0, None))
		self.assertEqual((by_job.waiting_for, by_hand.reload().status), ("Us", "Closed"))

	def test_the_deal_can_be_reopened_and_deleted(self):
		reopened, deleted = self.quiet_deal(), self.quiet_deal()
		self.run_job()
		reopened.reload().reopen()
		self.assertEqual((reopened.status, reopened.auto_closed), ("Open", 0))
		deleted.reload().delete()
		self.assertEqual(self.row(deleted), {})


class TestWarning(AutoCloseCase):
	def test_the_owner_is_told_once_so_many_days_ahead(self):
		owner = make_user("Sales User")
		opportunity = self.quiet_deal(DAYS - 3, opportunity_owner=owner)
		self.run_job()
		self.run_job()
		self.assertIn("1 of your opportunities will be closed within 3 days", *self.told(owner))
		self.assertEqual(opportunity.reload().status, "Replied")

	def test_nobody_is_told_earlier_or_with_warnings_off(self):
		owner = make_user("Sales User")
		self.quiet_deal(DAYS - 4, opportunity_owner=owner)
		self.run_job()
		self.quiet_deal(DAYS - 1, opportunity_owner=owner)
		self.set_limit(DAYS, warn_before=0)
		self.run_job()
		self.assertEqual(self.told(owner), [])

	def test_another_silence_is_another_warning(self):
		owner = make_user("Sales User")
		opportunity = self.quiet_deal(DAYS - 1, opportunity_owner=owner)
		self.run_job()
		frappe.db.set_value("Opportunity", opportunity.name, "auto_close_warned_on", in_days(-30))
		self.run_job()
		self.assertEqual(len(self.told(owner)), 2)


class TestBrokenRecords(AutoCloseCase):
	def test_a_broken_deal_is_reported_and_passed_over(self):
		no_stage, contradictory, sound = self.quiet_deal(), self.quiet_deal(), self.quiet_deal()
		frappe.db.set_value("Opportunity", no_stage.name, "sales_stage", "Long Gone")
		frappe.db.set_value("Opportunity", contradictory.name, "own_status", "Paused")
		(batch,) = self.run_job()
		self.assertEqual(
			[frappe.db.get_value("Opportunity", d.name, "status") for d in (no_stage, contradictory, sound)],
			["Replied", "Replied", "Closed"],
		)
		self.assertEqual(self.row(no_stage).why, "Sales Stage Long Gone does not exist")
		self.assertEqual(self.row(contradictory).why, "Its own status is Paused")
		counts = frappe.db.get_value("Auto Close Batch", batch, ["status", "closed", "passed_over"])
		self.assertEqual(counts[0], "Done")
		self.assertGreaterEqual(counts[1], 1)
		self.assertGreaterEqual(counts[2], 2)

	def test_it_is_reported_once_until_it_changes(self):
		opportunity = self.quiet_deal()
		frappe.db.set_value("Opportunity", opportunity.name, "sales_stage", "Long Gone")
		self.run_job()
		self.assertEqual(self.run_job(), [])
		frappe.db.set_value("Opportunity", opportunity.name, "sales_stage", "Lead")
		self.run_job()
		self.assertEqual(frappe.db.get_value("Opportunity", opportunity.name, "status"), "Closed")

	def test_one_that_the_database_refuses_does_not_stop_the_others(self):
		deals = [self.quiet_deal() for _deal in range(3)]
		close_deals = closing.close_deals

		def refuse_second(names, moment):
			if deals[1].name in names:
				raise ValueError("Disk quota of this row exceeded")
			close_deals(names, moment)

		with patch.object(closing, "close_deals", refuse_second):
			self.run_job()
		self.assertEqual([d.reload().status for d in deals], ["Closed", "Replied", "Closed"])
		self.assertEqual(self.row(deals[1]).why, "Disk quota of this row exceeded")
		self.assertTrue(frappe.db.exists("Error Log", {"method": ["like", f"%{deals[1].name}%"]}))

	def test_a_lock_in_the_middle_is_waited_for(self):
		opportunity = self.quiet_deal()
		close_deals, failures = (
			closing.close_deals,
			iter([frappe.QueryTimeoutError, frappe.QueryDeadlockError]),
		)

		def locked_at_first(names, moment):
			if failure := next(failures, None):
				raise failure
			close_deals(names, moment)

		with patch.object(closing, "close_deals", locked_at_first), patch.object(job_runs, "PAUSE", 0):
			self.run_job()
		self.assertEqual(opportunity.reload().status, "Closed")
		self.assertEqual(frappe.db.count("Auto Closed Opportunity", {"opportunity": opportunity.name}), 1)

	def test_one_that_lasts_ends_the_run_and_the_next_one_goes_on(self):
		opportunity = self.quiet_deal()

		def locked(names, moment):
			raise frappe.QueryTimeoutError

		with patch.object(closing, "close_deals", locked), patch.object(job_runs, "PAUSE", 0):
			with self.assertRaises(frappe.QueryTimeoutError):
				self.run_job()
		self.assertEqual((opportunity.reload().status, self.row(opportunity)), ("Replied", {}))
		self.run_job()
		self.assertEqual(opportunity.reload().status, "Closed")


class TestPreview(AutoCloseCase):
	def test_it_says_what_the_run_does_and_why(self):
		due, early = self.quiet_deal(90), self.quiet_deal(DAYS - 1)
		rows = {row.name: row for row in preview_auto_close(limit=500)["rows"]}
		self.assertNotIn(early.name, rows)
		row = rows[due.name]
		self.assertEqual((row.result, row.days_quiet), ("Closed", 90))
		self.assertEqual(row.why, f"No contact since {in_days(-90)}; the limit is {DAYS} days")
		self.run_job()
		closed = {name for name in rows if frappe.db.get_value("Opportunity", name, "status") == "Closed"}
		self.assertEqual(closed, {row.name for row in rows.values() if row.result == "Closed"})
		self.assertEqual(preview_auto_close()["total"], 0)

	def test_it_looks_ahead(self):
		early = self.quiet_deal(DAYS - 1)
		names = [row.name for row in preview_auto_close(day=in_days(1), limit=500)["rows"]]
		self.assertIn(early.name, names)

	def test_users_see_what_they_may_see(self):
		hidden = self.quiet_deal()
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		with self.as_user("Sales User") as user:
			self.assertEqual(preview_auto_close()["total"], 0)
			frappe.db.set_value("Opportunity", hidden.name, "opportunity_owner", user)
			self.assertEqual([row.name for row in preview_auto_close()["rows"]], [hidden.name])

	def test_strangers_are_refused(self):
		with self.as_user(), self.assertRefused(frappe.PermissionError):
			preview_auto_close()


class TestUndo(AutoCloseCase):
	def test_it_brings_back_exactly_what_was(self):
		owner = make_user("Sales User")
		opportunity = self.quiet_deal(opportunity_owner=owner)
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
		opportunity = self.quiet_deal(next_contact_date=in_days(-2), next_contact_by=make_user("Sales User"))
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
		untouched, touched, reopened = (self.quiet_deal() for _deal in range(3))
		(batch,) = self.run_job()
		touched.reload().update({"to_discuss": "Let it rest"})
		touched.save()
		make_mail(reopened, "Received")
		counts = undo_auto_close(batch)
		self.assertEqual(
			[d.reload().status for d in (untouched, touched, reopened)], ["Replied", "Closed", "Open"]
		)
		self.assertEqual(
			[self.row(d).result for d in (untouched, touched, reopened)], ["Undone", "Left", "Left"]
		)
		self.assertGreaterEqual(counts["left"], 2)
		state = frappe.db.get_value("Auto Close Batch", batch, ["status", "undone", "left_alone"])
		self.assertEqual(state, ("Partly Undone", counts["undone"], counts["left"]))

	def test_a_second_time_changes_nothing(self):
		opportunity = self.quiet_deal()
		(batch,) = self.run_job()
		first = undo_auto_close(batch)
		modified = opportunity.reload().modified
		self.assertEqual(undo_auto_close(batch), first)
		self.assertEqual(opportunity.reload().modified, modified)

	def test_what_was_undone_is_not_closed_again_the_next_night(self):
		opportunity = self.quiet_deal()
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
		self.quiet_deal()
		(batch,) = self.run_job()
		frappe.db.set_value("Auto Close Batch", batch, "status", "Running")
		with self.assertRefused(BatchUnderWay, batch):
			undo_auto_close(batch)

	def test_sales_users_are_refused(self):
		self.quiet_deal()
		(batch,) = self.run_job()
		with self.as_user("Sales User"), self.assertRefused(frappe.PermissionError, "Sales Manager"):
			undo_auto_close(batch)


class TestRunsCutShort(AutoCloseCase):
	def test_a_batch_left_behind_is_finished_by_the_next_run(self):
		owner = make_user("Sales User")
		opportunity = self.quiet_deal(opportunity_owner=owner)
		with (
			patch.object(closing, "finish", side_effect=KeyboardInterrupt),
			self.assertRaises(KeyboardInterrupt),
		):
			self.run_job()
		batch = self.row(opportunity).batch
		self.assertEqual(frappe.db.get_value("Auto Close Batch", batch, "status"), "Running")
		self.assertEqual(self.told(owner), [])
		self.assertEqual(self.run_job(), [batch])
		self.assertEqual(frappe.db.get_value("Auto Close Batch", batch, "status"), "Done")
		self.assertEqual(len(self.told(owner, document_name=batch)), 1)

	def test_statements_do_not_grow_with_the_number_of_deals(self):
		def statements(count: int) -> int:
			for _deal in range(count):
				self.quiet_deal()
			with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
				self.run_job()
			return spy.call_count

		statements(1)
		self.assertEqual(statements(2), statements(12))
