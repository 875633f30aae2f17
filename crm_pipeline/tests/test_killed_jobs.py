"""Jobs that are killed at any statement leave every deal done or untouched, and the next run does the rest once."""

import os
import signal
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from random import Random
from unittest.mock import patch

import frappe
from frappe.utils import add_days, now_datetime

from crm_pipeline.auto_close import closing, notices
from crm_pipeline.controllers import due_statuses, job_runs
from crm_pipeline.tasks import auto_close_opportunities, wake_paused_opportunities
from crm_pipeline.tests.base import FrappesTestCase, name_sender
from crm_pipeline.tests.factories import in_days, make_opportunity, make_user

DEALS = 5
PORTION = 2
KILLS = 120
QUIET_DAYS = 400
WRITTEN = {
	"Pipeline Change": "opportunity",
	"Auto Closed Opportunity": "opportunity",
	"Comment": "reference_name",
	"ToDo": "reference_name",
	"Opportunity": "name",
}


class TestKilledJobs(FrappesTestCase):
	"""What a killed process leaves is what it committed, so these records are committed, and deleted afterwards."""

	def setUp(self):
		super().setUp()
		name_sender()
		frappe.set_user("Administrator")
		self.random = Random(2026)
		self.owner = make_user("Sales User")
		self.deals = [make_opportunity(opportunity_owner=self.owner).name for _deal in range(DEALS)]
		self.addCleanup(self.remove)
		frappe.db.commit()

	def remove(self):
		frappe.db.rollback()
		batches = self.batches()
		for doctype, field in WRITTEN.items():
			frappe.db.delete(doctype, {field: ["in", self.deals]})
		frappe.db.delete("Auto Close Batch", {"name": ["in", batches or [""]]})
		frappe.db.delete("Notification Log", {"for_user": self.owner})
		frappe.delete_doc("User", self.owner, force=True, ignore_permissions=True)
		frappe.db.commit()

	def batches(self) -> list[str]:
		filters = {"opportunity": ["in", self.deals]}
		return frappe.get_all("Auto Closed Opportunity", filters, pluck="batch", distinct=True)

	def start_again(self, values: dict):
		"""Give all deals these values and forget what jobs wrote about them."""
		batches = self.batches()
		for doctype, field in WRITTEN.items():
			if doctype not in ("Opportunity", "Pipeline Change"):
				frappe.db.delete(doctype, {field: ["in", self.deals]})
		frappe.db.delete("Auto Close Batch", {"name": ["in", batches or [""]]})
		frappe.db.delete("Notification Log", {"for_user": self.owner})
		frappe.db.delete("Pipeline Change", {"opportunity": ["in", self.deals], "change": "Status"})
		frappe.db.set_value("Opportunity", {"name": ["in", self.deals]}, values)
		frappe.db.set_value(
			"Pipeline Change", {"opportunity": ["in", self.deals]}, "status", values["status"]
		)
		frappe.db.commit()

	def in_a_process(self, job: Callable, die_at: int | None = None) -> int:
		"""Run a job in a process of its own that is killed just before its n-th statement. Returns how many it ran."""
		reader, writer = os.pipe()
		process = os.fork()
		if process == 0:
			self._be_the_process(job, die_at, writer)
		os.close(writer)
		_process, outcome = os.waitpid(process, 0)
		with os.fdopen(reader) as pipe:
			said = pipe.read()
		frappe.db.commit()
		if die_at is None or not os.WIFSIGNALED(outcome):
			self.assertTrue(said.isdigit(), said)
			return int(said)
		self.assertEqual(os.WTERMSIG(outcome), signal.SIGKILL)
		return die_at

	def _be_the_process(self, job: Callable, die_at: int | None, writer: int):
		count, inherited = 0, frappe.local.db
		try:
			frappe.connect(set_admin_as_user=False)
			frappe.flags.in_test = frappe.local.flags.in_test = False
			run = frappe.db.sql

			def counted(*args, **kwargs):
				nonlocal count
				count += 1
				if count == die_at:
					os.kill(os.getpid(), signal.SIGKILL)
				return run(*args, **kwargs)

			with patch.object(frappe.db, "sql", counted), patch.object(job_runs, "PORTION", PORTION):
				with self.only_ours():
					job()
			os.write(writer, str(count).encode())
		except BaseException:
			os.write(writer, traceback.format_exc().encode())
		finally:
			del inherited
			os._exit(0)

	@contextmanager
	def only_ours(self):
		"""Whatever else is due on this site is none of a test's business."""
		due_on, to_warn_on, names = closing.due_on, notices.to_warn_on, due_statuses.names_after
		ours = due_statuses.deal.name.isin(self.deals)
		with (
			patch.object(closing, "due_on", lambda day: due_on(day) & ours),
			patch.object(notices, "to_warn_on", lambda day: to_warn_on(day) & ours),
			patch.object(
				due_statuses, "names_after", lambda deal, which, *portion: names(deal, which & ours, *portion)
			),
		):
			yield

	def state(self) -> list[tuple]:
		fields = ["name", "status", "_assign"]
		return [
			tuple(row.values()) for row in frappe.get_all("Opportunity", {"name": ["in", self.deals]}, fields)
		]

	def count(self, doctype: str, deal: str, **filters) -> int:
		return frappe.db.count(doctype, {WRITTEN[doctype]: deal, **filters})

	def kill_again_and_again(self, job: Callable, values: dict, check: Callable, check_end: Callable):
		self.start_again(values)
		statements = self.in_a_process(job)
		check_end()
		for kill in range(KILLS):
			self.start_again(values)
			self.in_a_process(job, self.random.randint(1, statements))
			for name, status, _assign in self.state():
				check(name, status)
			self.in_a_process(job)
			if kill % 10 == 0:
				self.in_a_process(job)
			check_end()

	def test_auto_close(self):
		quiet = add_days(now_datetime(), -QUIET_DAYS)
		replied = {
			"status": "Replied",
			"own_status": "Replied",
			"status_since": quiet,
			"last_contacted_on": quiet,
			"auto_closed": 0,
			"closed_on": None,
		}

		def done_or_untouched(name: str, status: str):
			done = int(status == "Closed")
			self.assertEqual(self.count("Pipeline Change", name, change="Status", new_value="Closed"), done)
			self.assertEqual(self.count("Comment", name, comment_type="Info"), done)
			self.assertEqual(self.count("Auto Closed Opportunity", name, result="Closed"), done)

		def all_done_and_told_once_a_batch():
			for name, status, _assign in self.state():
				self.assertEqual(status, "Closed")
				done_or_untouched(name, status)
			batches = self.batches()
			for batch in batches:
				self.assertEqual(frappe.db.get_value("Auto Close Batch", batch, "status"), "Done")
				told = {"for_user": self.owner, "document_name": batch}
				self.assertEqual(frappe.db.count("Notification Log", told), 1)

		self.kill_again_and_again(
			auto_close_opportunities, replied, done_or_untouched, all_done_and_told_once_a_batch
		)

	def test_waking(self):
		paused = {"status": "Paused", "own_status": "Paused", "paused_until": in_days(-1), "_assign": None}

		def awake_or_asleep(name: str, status: str):
			done = int(status == "Open")
			self.assertEqual(self.count("Pipeline Change", name, change="Status", new_value="Open"), done)
			self.assertEqual(self.count("ToDo", name, allocated_to=self.owner, status="Open"), done)

		def all_awake():
			for name, status, assigned in self.state():
				self.assertEqual((status, frappe.parse_json(assigned)), ("Open", [self.owner]))
				awake_or_asleep(name, status)

		self.kill_again_and_again(wake_paused_opportunities, paused, awake_or_asleep, all_awake)
