"""Auto-close: which opportunities are closed, what that does to them, who is told, and what a run would do."""

from unittest.mock import patch

import frappe
from frappe.utils import formatdate

from crm_pipeline.api.auto_close import preview_auto_close
from crm_pipeline.crm_pipeline.doctype.opportunity.opportunity import Opportunity
from crm_pipeline.tasks import retry_mails
from crm_pipeline.tests.factories import (
	in_days,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_user,
)
from crm_pipeline.tests.inactive_opportunities import DAYS, AutoCloseCase


class TestWhatIsClosed(AutoCloseCase):
	def assertStatusAfterRun(self, opportunity, expected: str):
		self.run_job()
		self.assertEqual(opportunity.reload().status, expected)

	def test_an_opportunity_quiet_for_the_limit_is_closed(self):
		opportunity = self.inactive_opportunity()
		self.assertStatusAfterRun(opportunity, "Closed")
		self.assertEqual(
			(str(opportunity.closed_on), opportunity.auto_closed, opportunity.own_status),
			(in_days(0), 1, "Closed"),
		)
		self.assertEqual((opportunity.waiting_for, opportunity.waiting_since), ("Nobody", None))

	def test_one_day_less_is_too_early(self):
		self.assertStatusAfterRun(self.inactive_opportunity(DAYS - 1), "Replied")

	def test_the_newest_contact_counts_and_not_modified(self):
		called, answered, touched = (
			self.inactive_opportunity(40),
			self.inactive_opportunity(40),
			self.inactive_opportunity(40),
		)
		frappe.db.set_value("Opportunity", called.name, "last_contacted_on", in_days(-3))
		frappe.db.set_value("Opportunity", answered.name, "last_response_on", in_days(-3))
		touched.to_discuss = "A colleague edits the opportunity"
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
			self.inactive_opportunity(),
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

	def test_a_next_contact_to_come_keeps_it(self):
		self.assertStatusAfterRun(self.inactive_opportunity(next_contact_date=in_days(1)), "Replied")

	def test_a_missed_one_keeps_it_until_its_owner_was_warned_for_the_days_of_warning(self):
		owner = make_user("Sales User")
		opportunity = self.inactive_opportunity(40, opportunity_owner=owner, next_contact_date=in_days(-1))
		frappe.db.set_value("Opportunity", opportunity.name, "auto_close_warned_on", in_days(-2))  # before it
		for _run in range(2):
			self.assertStatusAfterRun(opportunity, "Replied")
			self.assertEqual(len(self.told(owner)), 1)
		for days, expected in ((2, "Replied"), (3, "Closed")):
			with self.at(f"{in_days(days)} 01:00:00"):
				self.assertStatusAfterRun(opportunity, expected)
		self.assertIsNone(opportunity.next_contact_date)

	def test_a_missed_one_of_whose_closing_nobody_is_ever_warned_keeps_nothing(self):
		self.set_limit(DAYS, warn_before=0)
		self.assertStatusAfterRun(self.inactive_opportunity(next_contact_date=in_days(-2)), "Closed")

	def test_a_mail_that_is_not_judged_yet_keeps_it(self):
		opportunity = self.inactive_opportunity()
		with patch.object(Opportunity, "follow_contact", side_effect=frappe.ValidationError):
			make_mail(opportunity, "Received")
		self.assertStatusAfterRun(opportunity, "Replied")
		retry_mails()
		self.assertEqual(opportunity.reload().status, "Open")

	def test_a_quotation_that_stands_keeps_it_even_if_the_status_does_not_say_so(self):
		opportunity = make_party_opportunity()
		make_mail(opportunity)
		make_quotation(opportunity)
		self.shift(opportunity, 40)
		frappe.db.set_value("Opportunity", opportunity.name, {"status": "Replied", "own_status": "Replied"})
		self.assertStatusAfterRun(opportunity, "Replied")

	def test_settings_that_mean_never(self):
		opportunity = self.inactive_opportunity(400)
		for days in (0, -1, None, "", 100_000, 10**9):
			with self.subTest(days=days):
				self.set_limit(days)
				self.assertStatusAfterRun(opportunity, "Replied")


class TestWhatClosingDoes(AutoCloseCase):
	def test_history_comment_and_note_say_why(self):
		opportunity = self.inactive_opportunity()
		(batch,) = self.run_job()
		change = frappe.get_last_doc("Pipeline Change", {"opportunity": opportunity.name})
		self.assertEqual((change.change, change.old_value, change.new_value), ("Status", "Replied", "Closed"))
		self.assertEqual((change.status, change.sales_stage), ("Closed", opportunity.sales_stage))
		comments = frappe.get_all(
			"Comment", {"reference_name": opportunity.name, "comment_type": "Info"}, pluck="content"
		)
		self.assertEqual(len(comments), 1)
		self.assertIn(f"No contact since {formatdate(in_days(-DAYS))}; the limit is {DAYS} days", comments[0])
		row = self.row(opportunity)
		self.assertEqual((row.batch, row.result), (batch, "Closed"))
		self.assertEqual(str(row.inactive_since.date()), in_days(-DAYS))

	def test_assignments_are_closed(self):
		opportunity = self.inactive_opportunity()
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
		for _opportunity in range(3):
			self.inactive_opportunity(opportunity_owner=owner)
		self.inactive_opportunity(opportunity_owner=other)
		(batch,) = self.run_job()
		self.assertIn("3 of your opportunities", *self.told(owner, document_name=batch))
		self.assertIn("1 of your opportunities", *self.told(other, document_name=batch))

	def test_a_second_run_does_nothing(self):
		opportunity = self.inactive_opportunity()
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
		by_job, by_hand = self.inactive_opportunity(), make_opportunity(status="Closed")
		self.run_job()
		for opportunity in (by_job, by_hand):
			make_mail(opportunity, "Received")
		self.assertEqual((by_job.reload().status, by_job.auto_closed, by_job.closed_on), ("Open", 0, None))
		self.assertEqual((by_job.waiting_for, by_hand.reload().status), ("Us", "Closed"))

	def test_the_opportunity_can_be_reopened_and_deleted(self):
		reopened, deleted = self.inactive_opportunity(), self.inactive_opportunity()
		self.run_job()
		reopened.reload().reopen()
		self.assertEqual((reopened.status, reopened.auto_closed), ("Open", 0))
		deleted.reload().delete()
		self.assertEqual(self.row(deleted), {})


class TestWarning(AutoCloseCase):
	def test_the_owner_is_notified_once_so_many_days_ahead(self):
		owner = make_user("Sales User")
		opportunity = self.inactive_opportunity(DAYS - 3, opportunity_owner=owner)
		self.run_job()
		self.run_job()
		self.assertIn("1 of your opportunities will be closed within 3 days", *self.told(owner))
		self.assertEqual(opportunity.reload().status, "Replied")

	def test_nobody_is_notified_earlier_or_with_warnings_off(self):
		owner = make_user("Sales User")
		self.inactive_opportunity(DAYS - 4, opportunity_owner=owner)
		self.run_job()
		self.inactive_opportunity(DAYS - 1, opportunity_owner=owner)
		self.set_limit(DAYS, warn_before=0)
		self.run_job()
		self.assertEqual(self.told(owner), [])

	def test_another_silence_is_another_warning(self):
		owner = make_user("Sales User")
		opportunity = self.inactive_opportunity(DAYS - 1, opportunity_owner=owner)
		self.run_job()
		frappe.db.set_value("Opportunity", opportunity.name, "auto_close_warned_on", in_days(-30))
		self.run_job()
		self.assertEqual(len(self.told(owner)), 2)


class TestPreview(AutoCloseCase):
	def test_it_says_what_the_run_does_and_why(self):
		due, early = self.inactive_opportunity(90), self.inactive_opportunity(DAYS - 1)
		rows = {row.name: row for row in preview_auto_close(limit=500)["rows"]}
		self.assertNotIn(early.name, rows)
		row = rows[due.name]
		self.assertEqual((row.result, row.days_inactive), ("Closed", 90))
		self.assertEqual(row.why, f"No contact since {formatdate(in_days(-90))}; the limit is {DAYS} days")
		self.run_job()
		closed = {name for name in rows if frappe.db.get_value("Opportunity", name, "status") == "Closed"}
		self.assertEqual(closed, {row.name for row in rows.values() if row.result == "Closed"})
		self.assertEqual(preview_auto_close()["total"], 0)

	def test_it_looks_ahead(self):
		early = self.inactive_opportunity(DAYS - 1)
		names = [row.name for row in preview_auto_close(day=in_days(1), limit=500)["rows"]]
		self.assertIn(early.name, names)

	def test_users_see_what_they_may_see(self):
		hidden = self.inactive_opportunity()
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		with self.as_user("Sales User") as user:
			self.assertEqual(preview_auto_close()["total"], 0)
			frappe.db.set_value("Opportunity", hidden.name, "opportunity_owner", user)
			self.assertEqual([row.name for row in preview_auto_close()["rows"]], [hidden.name])

	def test_strangers_are_refused(self):
		with self.as_user(), self.assertRefused(frappe.PermissionError):
			preview_auto_close()
