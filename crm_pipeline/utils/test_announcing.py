"""What set-based changes let others hear of: nothing, unless the settings say so."""

from unittest.mock import patch

import frappe
import pytest

from crm_pipeline.api.handover import hand_over
from crm_pipeline.auto_close.undo import undo
from crm_pipeline.history import announcing
from crm_pipeline.tasks import expire_quotations, wake_paused_opportunities
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_user,
	unique,
)
from crm_pipeline.tests.inactive_opportunities import AutoCloseCase
from crm_pipeline.tests.other_apps import hooked


def at_once(method, former, field, **options):
	"""Do what a worker does later."""
	method(field=field, former=former)


class TestAnnouncing(AutoCloseCase):
	def setUp(self):
		super().setUp()
		self.heard = []

	def switch_on(self):
		frappe.db.set_single_value("Selling Settings", "announce_scheduled_changes", 1)
		frappe.clear_document_cache("Selling Settings", "Selling Settings")

	def hear(self, doc):
		before = doc.get_doc_before_save()
		self.heard += [
			(doc.name, field, before.get(field), doc.get(field))
			for field in ("status", "opportunity_owner")
			if before and before.get(field) != doc.get(field)
		]

	def during(self, act) -> list:
		"""What another app hears of while `act` runs, of jobs alone."""
		self.heard = []
		with (
			patch.object(frappe, "enqueue", at_once),
			hooked("Opportunity", "on_change", then=self.hear),
		):
			act()
		return self.heard

	def test_off_nothing_is_announced(self):
		self.inactive_opportunity()
		self.assertEqual(self.during(self.run_job), [])

	def test_closing_and_its_undoing(self):
		self.switch_on()
		opportunity = self.inactive_opportunity().name
		self.assertIn((opportunity, "status", "Replied", "Closed"), self.during(self.run_job))
		batch = self.row(frappe.get_doc("Opportunity", opportunity))["batch"]
		self.assertIn((opportunity, "status", "Closed", "Replied"), self.during(lambda: undo(batch)))

	def test_pauses_and_quotations_that_end(self):
		self.switch_on()
		paused, quoted = make_opportunity(), make_party_opportunity()
		paused.pause(in_days(3))
		quotation = make_quotation(quoted)
		frappe.db.set_value("Quotation", quotation.name, "valid_till", in_days(-1))
		self.assertIn((quoted.name, "status", "Quotation", "Open"), self.during(expire_quotations))
		with self.at(f"{in_days(4)} 03:00:00"):
			heard = self.during(wake_paused_opportunities)
		self.assertIn((paused.name, "status", "Paused", "Open"), heard)

	def test_handing_over(self):
		self.switch_on()
		leaver, successor = make_user("Sales User"), make_user("Sales User")
		opportunity = make_opportunity(opportunity_owner=leaver).name
		heard = self.during(lambda: hand_over(leaver, successor))
		self.assertEqual(heard, [(opportunity, "opportunity_owner", leaver, successor)])

	def test_one_that_fails_is_logged_and_keeps_nobody_else(self):
		self.switch_on()
		first, second = self.inactive_opportunity().name, self.inactive_opportunity().name

		def fail(doc):
			if doc.name == first:
				raise ValueError("Not this one")
			self.hear(doc)

		with patch.object(frappe, "enqueue", at_once), hooked("Opportunity", "on_change", then=fail):
			self.run_job()
		self.assertIn((second, "status", "Replied", "Closed"), self.heard)
		self.assertEqual(frappe.db.get_value("Opportunity", first, "status"), "Closed")

	def test_it_is_queued_in_portions_after_the_commit(self):
		self.switch_on()
		opportunities = [self.inactive_opportunity().name for _each in range(3)]
		with patch.object(frappe, "enqueue") as enqueue, patch.object(announcing, "BATCH_SIZE", 2):
			self.run_job()
		calls = [call.kwargs for call in enqueue.call_args_list if "former" in call.kwargs]
		told = {name: former for call in calls for name, former in call["former"].items()}
		self.assertEqual(
			{name: told[name] for name in opportunities}, dict.fromkeys(opportunities, "Replied")
		)
		self.assertTrue(all(call["enqueue_after_commit"] and len(call["former"]) <= 2 for call in calls))

	@pytest.mark.bench_only("The embedded host runs no notifications")
	def test_a_notification_on_the_status(self):
		self.switch_on()
		owner = make_user("Sales User")
		notification = make(
			"Notification",
			name=unique("Closed"),
			subject="It is closed",
			message="It is closed",
			document_type="Opportunity",
			channel="System Notification",
			event="Value Change",
			value_changed="status",
			condition='doc.status == "Closed"',
			recipients=[{"receiver_by_document_field": "opportunity_owner"}],
		)
		frappe.cache.hdel("notifications", "Opportunity")
		self.addCleanup(frappe.cache.hdel, "notifications", "Opportunity")
		self.addCleanup(notification.clear_cache)  # where Frappe 16 keeps them
		opportunity = self.inactive_opportunity(opportunity_owner=owner)
		with patch.object(frappe, "enqueue", self.now):
			self.run_job()
		told = {"for_user": owner, "document_name": opportunity.name, "subject": "It is closed"}
		self.assertEqual(frappe.db.count("Notification Log", told), 1)

	def now(self, method, *args, **options):
		for option in ("queue", "enqueue_after_commit", "timeout", "now", "job_id", "deduplicate"):
			options.pop(option, None)
		frappe.call(method, **options)
