"""Undoing, and warning of what is to be closed, killed at any statement."""

from unittest.mock import patch

import frappe
from frappe.utils import add_days, now_datetime

from crm_pipeline.auto_close import notices
from crm_pipeline.auto_close.undo import undo
from crm_pipeline.crm_pipeline.doctype.opportunity.bulk_status import opportunity
from crm_pipeline.tasks import auto_close_opportunities
from crm_pipeline.tests.killing import INACTIVE_DAYS, KilledJobsCase

BEFORE = {"status": "Replied", "own_status": "Replied", "auto_closed": 0, "closed_on": None}


class TestKilledUndo(KilledJobsCase):
	def close_them(self):
		"""Let auto-close close all opportunities, each with an open task."""
		for name in self.opportunities:
			task = {"doctype": "ToDo", "description": "Call", "allocated_to": self.owner}
			frappe.get_doc({**task, "reference_type": "Opportunity", "reference_name": name}).insert()
		self.before = self.state()
		frappe.db.commit()
		self.in_a_process(auto_close_opportunities)
		(self.batch,) = self.batches()

	def test_undoing(self):
		quiet = add_days(now_datetime(), -INACTIVE_DAYS)

		def undone_or_closed(name: str, status: str):
			done = int(status == "Replied")
			self.assertEqual(self.count("Pipeline Change", name, change="Status", new_value="Replied"), done)
			self.assertEqual(self.count("Comment", name, comment_type="Info"), 1 + done)
			self.assertEqual(self.count("Auto Closed Opportunity", name, result="Undone"), done)
			self.assertEqual(self.count("ToDo", name, status="Open"), done)

		def all_as_before():
			self.assertEqual(self.state(), self.before)
			for name in self.opportunities:
				undone_or_closed(name, "Replied")
			self.assertEqual(frappe.db.get_value("Auto Close Batch", self.batch, "status"), "Undone")

		self.kill_again_and_again(
			lambda: undo(self.batch),
			{**BEFORE, "status_since": quiet, "last_contacted_on": quiet},
			undone_or_closed,
			all_as_before,
			self.close_them,
		)

	def test_warning(self):
		def to_warn(day):
			return opportunity.name.isin(self.opportunities) & opportunity.auto_close_warned_on.isnull()

		def warned_with_its_notice(_name: str, _status: str):
			warned = {"name": ["in", self.opportunities], "auto_close_warned_on": [">", "2000-01-01"]}
			told = frappe.db.count("Notification Log", {"for_user": self.owner})
			self.assertEqual(frappe.db.count("Opportunity", warned), told * len(self.opportunities))

		def all_warned_once():
			self.assertEqual(frappe.db.count("Notification Log", {"for_user": self.owner}), 1)
			warned_with_its_notice("", "")

		with patch.object(notices, "to_warn_on", to_warn):
			self.kill_again_and_again(
				notices.warn_of_closing,
				{"status": "Replied", "auto_close_warned_on": None},
				warned_with_its_notice,
				all_warned_once,
			)
