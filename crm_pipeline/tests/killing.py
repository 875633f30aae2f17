"""Running jobs in processes that are killed at a statement of theirs."""

import os
import signal
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from random import Random
from unittest.mock import patch

import frappe

from crm_pipeline.auto_close import closing, notices
from crm_pipeline.crm_pipeline.doctype.opportunity.bulk_status import opportunity
from crm_pipeline.crm_pipeline.doctype.quotation import expiry
from crm_pipeline.tests.base import FrappesTestCase, name_sender
from crm_pipeline.tests.factories import make_customer, make_opportunity, make_user
from crm_pipeline.tests.invariants import contradictions_of
from crm_pipeline.tests.mode import toggle_test_mode
from crm_pipeline.utils import batches

OPPORTUNITIES = 5
BATCH_SIZE = 2
MOST_KILLS = 100  # of one job; with fewer statements, one at each
INACTIVE_DAYS = 400
WRITTEN = {
	"Pipeline Change": "opportunity",
	"Auto Closed Opportunity": "opportunity",
	"Comment": "reference_name",
	"ToDo": "reference_name",
	"Opportunity": "name",
}


class KilledJobsCase(FrappesTestCase):
	"""What a killed process leaves is what it committed, so these records are committed, and deleted afterwards."""

	def setUp(self):
		super().setUp()
		name_sender()
		frappe.set_user("Administrator")
		self.random = Random(2026)
		self.owner = make_user("Sales User")
		self.customer = make_customer().name
		party = {"opportunity_from": "Customer", "party_name": self.customer}
		opportunities = [
			make_opportunity(opportunity_owner=self.owner, **party) for _opportunity in range(OPPORTUNITIES)
		]
		self.opportunities = [opportunity.name for opportunity in opportunities]
		self.addCleanup(self.remove)
		frappe.db.commit()

	def remove(self):
		frappe.db.rollback()
		batches = self.batches()
		quotations = frappe.get_all("Quotation", {"opportunity": ["in", self.opportunities]}, pluck="name")
		frappe.db.delete("Quotation Item", {"parent": ["in", quotations or [""]]})
		frappe.db.delete("Quotation", {"name": ["in", quotations or [""]]})
		for doctype, field in WRITTEN.items():
			frappe.db.delete(doctype, {field: ["in", self.opportunities]})
		frappe.db.delete("Auto Close Batch", {"name": ["in", batches or [""]]})
		frappe.db.delete("Notification Log", {"for_user": self.owner})
		frappe.db.delete("Version", {"ref_doctype": "Opportunity", "docname": ["in", self.opportunities]})
		made = [("Contact", name) for name in frappe.get_all("Contact", {"user": self.owner}, pluck="name")]
		for doctype, name in (*made, ("Customer", self.customer), ("User", self.owner)):
			frappe.delete_doc(doctype, name, force=True, ignore_permissions=True)
		frappe.db.commit()

	def batches(self) -> list[str]:
		filters = {"opportunity": ["in", self.opportunities]}
		return frappe.get_all("Auto Closed Opportunity", filters, pluck="batch", distinct=True)

	def start_again(self, values: dict):
		"""Give all opportunities these values and forget what jobs wrote about them."""
		batches = self.batches()
		for doctype, field in WRITTEN.items():
			if doctype not in ("Opportunity", "Pipeline Change"):
				frappe.db.delete(doctype, {field: ["in", self.opportunities]})
		frappe.db.delete("Auto Close Batch", {"name": ["in", batches or [""]]})
		frappe.db.delete("Notification Log", {"for_user": self.owner})
		frappe.db.delete("Pipeline Change", {"opportunity": ["in", self.opportunities], "change": "Status"})
		frappe.db.set_value("Opportunity", {"name": ["in", self.opportunities]}, values)
		frappe.db.set_value(
			"Pipeline Change", {"opportunity": ["in", self.opportunities]}, "status", values["status"]
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
			toggle_test_mode(False)
			run = frappe.db.sql

			def counted(*args, **kwargs):
				nonlocal count
				count += 1
				if count == die_at:
					os.kill(os.getpid(), signal.SIGKILL)
				return run(*args, **kwargs)

			with patch.object(frappe.db, "sql", counted), patch.object(batches, "BATCH_SIZE", BATCH_SIZE):
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
		due_on, to_warn_on, names = closing.due_on, notices.to_warn_on, batches.names_after
		overdue_on = expiry.overdue_on
		ours = opportunity.name.isin(self.opportunities)
		with (
			patch.object(closing, "due_on", lambda day: due_on(day) & ours),
			patch.object(notices, "to_warn_on", lambda day: to_warn_on(day) & ours),
			patch.object(
				batches, "names_after", lambda table, which, *portion: names(table, which & ours, *portion)
			),
			patch.object(
				expiry,
				"overdue_on",
				lambda *which: {**overdue_on(*which), "opportunity": ["in", self.opportunities]},
			),
		):
			yield

	def state(self) -> list[tuple]:
		fields = ["name", "status", "_assign"]
		return [
			tuple(row.values())
			for row in frappe.get_all("Opportunity", {"name": ["in", self.opportunities]}, fields)
		]

	def count(self, doctype: str, opportunity: str, **filters) -> int:
		return frappe.db.count(doctype, {WRITTEN[doctype]: opportunity, **filters})

	def kill_again_and_again(
		self,
		job: Callable,
		values: dict,
		check: Callable,
		check_end: Callable,
		prepare: Callable = lambda: None,
	):
		"""Kill a job at each statement of it, or at random ones, and look at what it left and at what the next run made of it.

		Args:
			values: what the opportunities have before each run, beside what `prepare` does.
			check: given name and status of each opportunity after a kill.
			check_end: after the run that follows.
		"""
		self.start_again(values)
		prepare()
		statements = self.in_a_process(job)
		check_end()
		places = self.random.sample(range(1, statements + 1), min(MOST_KILLS, statements))
		for kill, die_at in enumerate(places):
			self.start_again(values)
			prepare()
			made_so = self.broken() if kill % 10 == 0 else None
			self.in_a_process(job, die_at)
			for name, status, _assign in self.state():
				check(name, status)
			self.in_a_process(job)
			if kill % 10 == 0:
				self.in_a_process(job)
			check_end()
			if made_so is not None:
				self.assertLessEqual(self.broken(), made_so)

	def broken(self) -> set[tuple[str, str]]:
		"""Return each opportunity with each invariant that it breaks. What `start_again` writes breaks some itself."""
		found = contradictions_of(self.opportunities)
		return {(name, invariant) for name, invariants in found.items() for invariant in invariants}
