"""Jobs that are killed at any statement, or find a record locked for long, leave every opportunity done or untouched, and
the next run does the rest once."""

from unittest.mock import patch

import frappe
from frappe.utils import add_days, now_datetime

from crm_pipeline.crm_pipeline.doctype.opportunity import bulk_status
from crm_pipeline.tasks import auto_close_opportunities, expire_quotations, wake_paused_opportunities
from crm_pipeline.tests.factories import in_days, make_quotation
from crm_pipeline.tests.killing import INACTIVE_DAYS, KilledJobsCase
from crm_pipeline.utils import batches


class TestKilledJobs(KilledJobsCase):
	def test_auto_close(self):
		quiet = add_days(now_datetime(), -INACTIVE_DAYS)
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

	def quote_until_yesterday(self):
		for name in self.opportunities:
			rows = [{"item_name": "Consulting", "qty": 1, "rate": 100}]
			make_quotation(frappe.get_doc("Opportunity", name), items=rows)
		frappe.db.set_value(
			"Quotation", {"opportunity": ["in", self.opportunities]}, "valid_till", in_days(-1)
		)

	def quote_again(self):
		frappe.db.set_value("Quotation", {"opportunity": ["in", self.opportunities]}, "status", "Open")
		frappe.db.commit()

	def assert_expired(self):
		self.assertEqual({status for _name, status, _assign in self.state()}, {"Replied"})
		filters = {"opportunity": ["in", self.opportunities]}
		self.assertEqual(set(frappe.get_all("Quotation", filters, pluck="status")), {"Expired"})
		for name in self.opportunities:
			self.assertEqual(self.count("Pipeline Change", name, change="Status", new_value="Replied"), 1)

	def test_expiring(self):
		self.quote_until_yesterday()
		quoted = {"status": "Quotation", "own_status": "Replied"}

		def expired_or_untouched(name: str, status: str):
			done = int(status == "Replied")
			self.assertEqual(self.count("Pipeline Change", name, change="Status", new_value="Replied"), done)

		self.kill_again_and_again(
			expire_quotations, quoted, expired_or_untouched, self.assert_expired, self.quote_again
		)

	def test_winning_with_what_was_ordered(self):
		"""Of each quotation a part is ordered, and its opportunity rests when the last valid day passes."""
		rows = [{"item_name": each, "qty": 1, "rate": 100} for each in ("Ordered", "Left")]
		for name in self.opportunities:
			quotation = make_quotation(frappe.get_doc("Opportunity", name), items=rows)
			quotation.mark_ordered(items=[quotation.items[0].name])
		mine = {"opportunity": ["in", self.opportunities]}
		frappe.db.set_value("Quotation", mine, "valid_till", in_days(-1))
		paused = {
			"status": "Paused",
			"own_status": "Paused",
			"paused_until": in_days(9),
			"closed_on": None,
			"close_revenue": 0,
		}

		def won_or_untouched(name: str, status: str):
			done = int(status == "Converted")
			self.assertEqual(
				self.count("Pipeline Change", name, change="Status", new_value="Converted"), done
			)
			self.assertEqual(frappe.db.get_value("Opportunity", name, "close_revenue"), 100 * done)

		def all_won():
			for name, status, _assign in self.state():
				self.assertEqual(status, "Converted")
				won_or_untouched(name, status)
			self.assertEqual(set(frappe.get_all("Quotation", mine, pluck="status")), {"Ordered"})

		def order_again():
			frappe.db.set_value("Quotation", mine, "status", "Partially Ordered")
			frappe.db.commit()

		self.kill_again_and_again(expire_quotations, paused, won_or_untouched, all_won, order_again)

	def test_a_lock_that_lasts_while_expiring(self):
		self.quote_until_yesterday()
		self.start_again({"status": "Quotation", "own_status": "Replied"})
		self.quote_again()

		def find_it_locked():
			locked = frappe.QueryTimeoutError("Lock wait timeout exceeded")
			with (
				patch.object(bulk_status, "record_change_of_many", side_effect=locked),
				patch.object(batches, "PAUSE", 0),
				self.assertRaises(frappe.QueryTimeoutError),
			):
				expire_quotations()

		self.in_a_process(find_it_locked)
		self.assertEqual({status for _name, status, _assign in self.state()}, {"Quotation"})
		filters = {"opportunity": ["in", self.opportunities]}
		self.assertEqual(set(frappe.get_all("Quotation", filters, pluck="status")), {"Expired"})
		self.in_a_process(expire_quotations)
		self.assert_expired()
