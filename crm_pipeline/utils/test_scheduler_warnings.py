"""Who can do something about it is told why scheduled jobs do not run; and jobs follow the site's clock."""

from datetime import timedelta
from unittest.mock import patch

import frappe
from frappe.utils import add_to_date, get_datetime, now_datetime

from crm_pipeline.api.setup import get_setup_warnings
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.mode import outside_test_mode
from crm_pipeline.utils import scheduler

JOB = "crm_pipeline.tasks.retry_mails"


class SchedulerCase(TestCase):
	def setUp(self):
		super().setUp()
		for switch in ("maintenance_mode", "pause_scheduler", "disable_scheduler"):
			self.configure(switch, 0)
		frappe.db.set_single_value("System Settings", "enable_scheduler", 1)
		self.enterContext(patch("frappe.is_setup_complete", lambda: True))
		self.next_run = now_datetime()
		self.enterContext(patch("crm_pipeline.utils.scheduler.next_run", lambda: self.next_run))

	def enterContext(self, context):  # of Python 3.11
		self.addCleanup(context.__exit__, None, None, None)
		return context.__enter__()

	def configure(self, switch: str, value):
		self.enterContext(patch.dict(frappe.local.conf, {switch: value}))


class TestWarnings(SchedulerCase):
	def test_a_site_in_order_says_nothing(self):
		self.assertEqual(get_setup_warnings(), [])

	def test_each_switch_is_named_with_the_command_that_ends_it(self):
		for switch, command in (
			("maintenance_mode", "set-maintenance-mode off"),
			("pause_scheduler", "scheduler resume"),
			("disable_scheduler", "set-config disable_scheduler 0"),
		):
			with patch.dict(frappe.local.conf, {switch: 1}):
				(warning,) = get_setup_warnings()
			self.assertIn(f"bench --site {frappe.local.site} {command}", warning)
		frappe.db.set_single_value("System Settings", "enable_scheduler", 0)
		self.assertIn(f"bench --site {frappe.local.site} enable-scheduler", get_setup_warnings()[0])

	def test_a_wizard_that_was_never_done(self):
		with patch("frappe.is_setup_complete", lambda: False):
			(warning,) = get_setup_warnings()
		self.assertIn("The setup wizard of this site was not completed", warning)

	def test_a_scheduler_that_is_on_and_does_not_run(self):
		self.next_run = now_datetime() - timedelta(minutes=61)
		(warning,) = get_setup_warnings()
		self.assertIn("Start the scheduler and the workers", warning)
		self.next_run = now_datetime() - timedelta(minutes=59)
		self.assertEqual(get_setup_warnings(), [])
		self.next_run = None  # a host that keeps no such times
		self.assertEqual(get_setup_warnings(), [])

	def test_one_that_is_off_is_not_called_late_too(self):
		self.next_run = now_datetime() - timedelta(days=3)
		self.configure("pause_scheduler", 1)
		self.assertEqual(len(get_setup_warnings()), 1)

	def test_others_are_not_warned(self):
		for role in ("Sales User", "Sales Manager", "Purchase User"):
			with self.as_user(role), outside_test_mode(), self.assertRefused(frappe.PermissionError):
				get_setup_warnings()
		with self.as_user("System Manager"), outside_test_mode():
			self.assertEqual(get_setup_warnings(), [])


class TestClock(TestCase):
	"""Scheduled Job Types are a bench's; on a host without them there is nothing to follow."""

	def times(self) -> dict:
		filters = {"method": ["like", "crm_pipeline.%"]}
		rows = frappe.get_all(
			scheduler.JOB_TYPE, filters, ["method", "creation", "last_execution"], order_by="method"
		)
		return {row.method: (get_datetime(row.creation), row.last_execution) for row in rows}

	def put(self, **values):
		for field, value in values.items():
			frappe.db.set_value(scheduler.JOB_TYPE, {"method": JOB}, field, value, update_modified=False)

	def test_jobs_that_another_zone_put_hours_ahead_run_at_once(self):
		if not frappe.db.exists("DocType", scheduler.JOB_TYPE):
			self.assertIsNone(scheduler.next_run())
			return scheduler.follow_clock()
		future = add_to_date(now_datetime(), hours=9)
		for values in ({"creation": future, "last_execution": None}, {"last_execution": future}):
			self.put(**values)
			self.assertGreater(scheduler.next_run(), future)
			for hook in frappe.get_hooks("setup_wizard_complete", app_name="crm_pipeline"):
				frappe.get_attr(hook)(frappe._dict())
			self.assertLess(scheduler.next_run(), add_to_date(now_datetime(), minutes=16))

	def test_a_change_of_the_site_s_zone_does_so_too_and_leaves_the_past_alone(self):
		if not frappe.db.exists("DocType", scheduler.JOB_TYPE):
			return scheduler.follow_clock()
		self.put(creation="2026-01-01 00:00:00", last_execution="2026-01-02 00:00:00")
		settings = frappe.get_doc("System Settings")
		settings.time_zone = "Pacific/Kiritimati"
		settings.save()
		others = self.times()
		self.put(last_execution=add_to_date(now_datetime(), hours=-1))
		settings.time_zone = "Pacific/Honolulu"
		settings.save()
		self.assertLess(scheduler.next_run(), add_to_date(now_datetime(), minutes=16))
		for method, (_creation, last) in self.times().items():
			if method != JOB:
				self.assertEqual(last, others[method][1])
