"""Auto-close when something is wrong: broken opportunities, locks, two runs at once, a run that is cut short."""

from unittest.mock import patch

import frappe
from frappe.utils.synchronization import filelock
from rq.timeouts import JobTimeoutException

from crm_pipeline.auto_close import closing, notices
from crm_pipeline.auto_close.lock import LOCK
from crm_pipeline.auto_close.undo import undo
from crm_pipeline.tests.factories import make_mail, make_user
from crm_pipeline.tests.inactive_opportunities import DAYS, AutoCloseCase
from crm_pipeline.utils import batches
from crm_pipeline.utils.locking import SERIALIZATION_FAILURE


class Overtaken(Exception):
	"""As PostgreSQL says that a record was changed since the transaction began to read."""

	pgcode = SERIALIZATION_FAILURE


class TestBrokenRecords(AutoCloseCase):
	def test_a_broken_opportunity_is_reported_and_passed_over(self):
		no_stage, contradictory, sound = (
			self.inactive_opportunity(),
			self.inactive_opportunity(),
			self.inactive_opportunity(),
		)
		frappe.db.set_value("Opportunity", no_stage.name, "sales_stage", "Long Gone")
		frappe.db.set_value("Opportunity", contradictory.name, "own_status", "Paused")
		(batch,) = self.run_job()
		self.assertEqual(
			[frappe.db.get_value("Opportunity", d.name, "status") for d in (no_stage, contradictory, sound)],
			["Replied", "Replied", "Closed"],
		)
		self.assertEqual(self.row(no_stage).why, "Sales Stage Long Gone does not exist")
		self.assertEqual(self.row(contradictory).why, "Its own status is Paused")
		counts = frappe.db.get_value("Auto Close Batch", batch, ["status", "closed", "skipped"])
		self.assertEqual(counts[0], "Done")
		self.assertGreaterEqual(counts[1], 1)
		self.assertGreaterEqual(counts[2], 2)

	def test_signs_in_a_name_that_mean_something_to_databases_stay_signs(self):
		for sign in ("100%", "O'Neil", "\\"):
			name = f"{sign} {frappe.generate_hash(length=6)}"
			with self.subTest(name=name):
				opportunity = frappe.get_doc({"doctype": "Opportunity", "title": "Odd"}).insert(set_name=name)
				make_mail(opportunity)
				self.shift(opportunity, DAYS)
				(batch,) = self.run_job()
				self.assertEqual(opportunity.reload().status, "Closed")
				filters = {"reference_name": name, "comment_type": "Info"}
				self.assertEqual(frappe.db.count("Comment", filters), 1)
				undo(batch)
				self.assertEqual(opportunity.reload().status, "Replied")

	def test_it_is_reported_once_until_it_changes(self):
		opportunity = self.inactive_opportunity()
		frappe.db.set_value("Opportunity", opportunity.name, "sales_stage", "Long Gone")
		self.run_job()
		self.assertEqual(self.run_job(), [])
		frappe.db.set_value("Opportunity", opportunity.name, "sales_stage", "Lead")
		self.run_job()
		self.assertEqual(frappe.db.get_value("Opportunity", opportunity.name, "status"), "Closed")

	def test_one_that_the_database_refuses_does_not_stop_the_others(self):
		opportunities = [self.inactive_opportunity() for _opportunity in range(3)]
		close_opportunities = closing.close_opportunities

		def refuse_second(names, moment):
			if opportunities[1].name in str(names):
				raise ValueError("Disk quota of this row exceeded")
			close_opportunities(names, moment)

		with patch.object(closing, "close_opportunities", refuse_second):
			self.run_job()
		self.assertEqual([d.reload().status for d in opportunities], ["Closed", "Replied", "Closed"])
		self.assertEqual(self.row(opportunities[1]).why, "It could not be closed; the Error Log says why")
		self.assertTrue(frappe.db.exists("Error Log", {"method": ["like", f"%{opportunities[1].name}%"]}))

	def test_a_lock_in_the_middle_is_waited_for(self):
		opportunity = self.inactive_opportunity()
		close_opportunities, failures = (
			closing.close_opportunities,
			iter([frappe.QueryTimeoutError, frappe.QueryDeadlockError]),
		)

		def locked_at_first(names, moment):
			if failure := next(failures, None):
				raise failure
			close_opportunities(names, moment)

		with patch.object(closing, "close_opportunities", locked_at_first), patch.object(batches, "PAUSE", 0):
			self.run_job()
		self.assertEqual(opportunity.reload().status, "Closed")
		self.assertEqual(frappe.db.count("Auto Closed Opportunity", {"opportunity": opportunity.name}), 1)

	def test_an_opportunity_that_somebody_changes_meanwhile_is_tried_again(self):
		opportunity = self.inactive_opportunity()
		close_opportunities, failures = closing.close_opportunities, iter([Overtaken, Overtaken])

		def overtaken_at_first(names, moment):
			if failure := next(failures, None):
				raise failure
			close_opportunities(names, moment)

		with (
			patch.object(closing, "close_opportunities", overtaken_at_first),
			patch.object(batches, "PAUSE", 0),
		):
			self.run_job()
		self.assertEqual((opportunity.reload().status, self.row(opportunity).result), ("Closed", "Closed"))
		self.assertEqual(frappe.db.count("Auto Closed Opportunity", {"opportunity": opportunity.name}), 1)

	def test_one_that_lasts_ends_the_run_and_the_next_one_goes_on(self):
		opportunity = self.inactive_opportunity()

		def locked(names, moment):
			raise frappe.QueryTimeoutError

		with patch.object(closing, "close_opportunities", locked), patch.object(batches, "PAUSE", 0):
			with self.assertRaises(frappe.QueryTimeoutError):
				self.run_job()
		self.assertEqual((opportunity.reload().status, self.row(opportunity)), ("Replied", {}))
		self.run_job()
		self.assertEqual(opportunity.reload().status, "Closed")


class TestRunsCutShort(AutoCloseCase):
	def test_a_worker_whose_time_is_over_passes_nothing_over(self):
		opportunity = self.inactive_opportunity()
		over = JobTimeoutException("The job took longer than allowed")
		with (
			patch.object(closing, "close_opportunities", side_effect=over),
			self.assertRaises(JobTimeoutException),
		):
			self.run_job()
		self.assertEqual((opportunity.reload().status, self.row(opportunity)), ("Replied", {}))
		self.run_job()
		self.assertEqual(opportunity.reload().status, "Closed")

	def test_an_owner_who_cannot_be_notified_keeps_nobody_else_from_it(self):
		owners = [make_user("Sales User") for _owner in range(3)]
		for owner in owners:
			self.inactive_opportunity(opportunity_owner=owner)
		notify = notices.notify

		def fail_for_one(user, *news, **reference):
			if user == owners[1]:
				raise ValueError("A hook refused the notification")
			notify(user, *news, **reference)

		with patch.object(notices, "notify", fail_for_one):
			(batch,) = self.run_job()
		self.assertEqual(frappe.db.get_value("Auto Close Batch", batch, "status"), "Done")
		self.assertEqual([len(self.told(owner)) for owner in owners], [1, 0, 1])
		self.assertTrue(frappe.db.exists("Error Log", {"method": ["like", f"%{owners[1]}%"]}))
		closing.finish(batch)
		self.assertEqual([len(self.told(owner)) for owner in owners], [1, 1, 1])

	def test_a_batch_left_behind_is_finished_by_the_next_run(self):
		owner = make_user("Sales User")
		opportunity = self.inactive_opportunity(opportunity_owner=owner)
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

	def test_statements_do_not_grow_with_the_number_of_opportunities(self):
		def statements(count: int) -> int:
			for _opportunity in range(count):
				self.inactive_opportunity()
			with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
				self.run_job()
			return spy.call_count

		statements(1)
		self.assertEqual(statements(2), statements(12))

	def test_one_killed_in_its_middle_goes_on_in_its_batch_and_tells_each_owner_once(self):
		owner = make_user("Sales User")
		first = self.inactive_opportunity(opportunity_owner=owner)
		with (
			patch.object(closing, "finish", side_effect=KeyboardInterrupt),
			self.assertRaises(KeyboardInterrupt),
		):
			self.run_job()
		second = self.inactive_opportunity(opportunity_owner=owner)
		(batch,) = self.run_job()
		self.assertEqual({self.row(first).batch, self.row(second).batch}, {batch})
		self.assertIn("2 of your opportunities", *self.told(owner, document_name=batch))

	def test_while_opportunities_are_off_nothing_is_closed(self):
		opportunity = self.inactive_opportunity()
		frappe.db.set_single_value("Selling Settings", "disable_opportunities", 1)
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		self.assertEqual(self.run_job(), [])
		self.assertEqual(opportunity.reload().status, "Replied")

	def test_of_two_runs_at_once_one_does_nothing(self):
		opportunity = self.inactive_opportunity()
		with filelock(LOCK, timeout=0):
			self.assertEqual(self.run_job(), [])
		self.assertEqual(opportunity.reload().status, "Replied")
		self.run_job()
		self.assertEqual(opportunity.reload().status, "Closed")
