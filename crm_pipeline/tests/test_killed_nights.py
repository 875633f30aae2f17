"""The jobs around rates, next contacts and leavers, killed at any statement: done or untouched, and told once."""

from unittest.mock import patch

import frappe
from frappe.utils import add_to_date, now_datetime

from crm_pipeline import tasks
from crm_pipeline.api.handover import hand_over
from crm_pipeline.assignment.reassignment import Reassignment
from crm_pipeline.follow_ups import calendar_bulk, digest, reminders
from crm_pipeline.money.exchange_rates import base_currency
from crm_pipeline.rules.money import Rate
from crm_pipeline.tests.assigning import ENDED, WEEK, forget_rules
from crm_pipeline.tests.factories import make, make_user, unique
from crm_pipeline.tests.killing import KilledJobsCase

OPEN = {"status": "Open", "own_status": "Open", "closed_on": None}
FOREIGN = "ISK"
OLD, NEW = 0.4, 0.5  # units of the base currency


class KilledNightsCase(KilledJobsCase):
	def setUp(self):
		super().setUp()
		self.ours = {"opportunity": ["in", self.opportunities]}

	def kill(self, job, values: dict, check, check_end, prepare=lambda: None):
		self.kill_again_and_again(job, {**OPEN, **values}, check, check_end, prepare)

	def delete(self, doctype: str, filters: dict):
		frappe.db.delete(doctype, filters)
		frappe.db.commit()

	def value(self, name: str, field: str):
		return frappe.db.get_value("Opportunity", name, field)


class TestKilledRevaluation(KilledNightsCase):
	def test_each_opportunity_has_its_new_rate_with_one_line_of_history(self):
		old = {
			"currency": FOREIGN,
			"base_currency": base_currency(),
			"opportunity_amount": 1000,
			"probability": 10,
			"conversion_rate": OLD,
			"inverse_rate": 0,
			"base_opportunity_amount": 1000 * OLD,
			"base_total": 0,
			"weighted_amount": 100 * OLD,
		}

		def revalued_or_untouched(name: str, _status: str):
			rate, base, weighted = frappe.db.get_value(
				"Opportunity", name, ("conversion_rate", "base_opportunity_amount", "weighted_amount")
			)
			self.assertIn(rate, (OLD, NEW))
			self.assertEqual((base, weighted), (1000 * rate, 100 * rate))
			self.assertEqual(self.count("Pipeline Change", name, change="Rate"), int(rate == NEW))

		def all_revalued():
			for name in self.opportunities:
				self.assertEqual(self.value(name, "conversion_rate"), NEW)
				revalued_or_untouched(name, "Open")

		def revalue():
			with patch.object(tasks, "rates_of_today", lambda: {FOREIGN: Rate(NEW)}):
				tasks.revalue_open_opportunities()

		self.kill(
			revalue,
			old,
			revalued_or_untouched,
			all_revalued,
			lambda: self.delete("Pipeline Change", {**self.ours, "change": "Rate"}),
		)


class TestKilledFollowUps(KilledNightsCase):
	def tearDown(self):
		frappe.db.rollback()
		self.forget_events()
		self.forget_mails()
		super().tearDown()

	def events_of(self, name: str) -> list[str]:
		taking_part = {
			"reference_doctype": "Opportunity",
			"reference_docname": name,
			"parenttype": "Event",
		}
		return frappe.get_all("Event Participants", taking_part, pluck="parent")

	def forget_events(self):
		events = [event for name in self.opportunities for event in self.events_of(name)]
		self.delete("Event Participants", {"parent": ["in", events or [""]]})
		self.delete("Event", {"name": ["in", events or [""]]})

	def mails(self) -> list[str]:
		return frappe.get_all("Email Queue Recipient", {"recipient": self.owner}, pluck="parent")

	def forget_mails(self):
		mails = self.mails()
		self.delete("Email Queue Recipient", {"parent": ["in", mails or [""]]})
		self.delete("Email Queue", {"name": ["in", mails or [""]]})

	def due(self, **when: int) -> dict:
		moment = add_to_date(now_datetime(), **when)
		return {
			"next_contact_by": self.owner,
			"next_contact_date": moment,
			"follow_up_event": None,
			"follow_up_reminded_for": None,
		}

	def test_calendar_entries_are_restored_whole_and_once(self):
		without = calendar_bulk.without_event

		def restore():
			def ours(after, limit):
				names = [name for name in without(after, 1_000_000) if name in self.opportunities]
				return names[:limit]

			with patch.object(calendar_bulk, "without_event", ours):
				tasks.restore_follow_up_events()

		def whole_or_missing(name: str, _status: str):
			event = self.value(name, "follow_up_event")
			self.assertEqual(self.events_of(name), [event] if event else [])
			self.assertEqual(bool(event), bool(frappe.db.exists("Event", event)))

		def all_whole():
			for name in self.opportunities:
				self.assertTrue(self.value(name, "follow_up_event"))
				whole_or_missing(name, "Open")

		self.kill(restore, self.due(days=3), whole_or_missing, all_whole, self.forget_events)

	def test_the_mail_of_the_morning_goes_out_once(self):
		users = digest.users_to_tell

		def send():
			def mine(after, limit):
				return [user for user in users(after, 10_000) if user == self.owner]

			with patch.object(digest, "users_to_tell", mine):
				tasks.send_follow_up_digest(at_any_hour=True)

		def at_most_once(_name: str, _status: str):
			mails = self.mails()
			self.assertLessEqual(len(mails), 1)
			self.assertEqual(frappe.db.count("Email Queue", {"name": ["in", mails or [""]]}), len(mails))

		def once():
			self.assertEqual(len(self.mails()), 1)

		self.kill(send, self.due(days=-1), at_most_once, once, self.forget_mails)

	def test_who_is_reminded_is_so_once(self):
		users = reminders.users_due

		def remind():
			def mine(after, limit):
				return [user for user in users(after, 10_000) if user == self.owner]

			with patch.object(reminders, "users_due", mine):
				tasks.send_follow_up_reminders()

		def told_if_marked(name: str, _status: str):
			told = frappe.db.count("Notification Log", {"for_user": self.owner, "document_name": name})
			self.assertEqual(told, int(bool(self.value(name, "follow_up_reminded_for"))))
			self.assertEqual(len(self.mails()), told)

		def all_told():
			for name in self.opportunities:
				self.assertTrue(self.value(name, "follow_up_reminded_for"))
				told_if_marked(name, "Open")

		self.kill(remind, self.due(hours=-1), told_if_marked, all_told, self.forget_mails)


class TestKilledLeaving(KilledNightsCase):
	def setUp(self):
		super().setUp()
		self.successor = make_user("Sales User")
		self.addCleanup(self.remove_successor)
		frappe.db.commit()

	def remove_successor(self):
		frappe.db.rollback()
		frappe.db.delete("ToDo", {"reference_name": ["in", self.opportunities]})
		frappe.db.set_value("User", self.owner, "enabled", 1)
		frappe.db.set_value(
			"Opportunity", {"name": ["in", self.opportunities]}, {"opportunity_owner": self.owner}
		)
		frappe.db.set_value(
			"Pipeline Change",
			{**self.ours, "opportunity_owner": self.successor},
			"opportunity_owner",
			self.owner,
		)
		frappe.db.delete("Notification Log", {"for_user": self.successor})
		for name in frappe.get_all("Contact", {"user": self.successor}, pluck="name"):
			frappe.delete_doc("Contact", name, force=True, ignore_permissions=True)
		frappe.delete_doc("User", self.successor, force=True, ignore_permissions=True)
		frappe.db.commit()

	def prepare(self):
		"""Each opportunity has an open task of the owner."""
		self.delete("Pipeline Change", {**self.ours, "change": "Owner"})
		for name in self.opportunities:
			task = {"description": "Call", "allocated_to": self.owner}
			make("ToDo", reference_type="Opportunity", reference_name=name, **task)
		frappe.db.delete("Notification Log", {"for_user": ["in", (self.owner, self.successor)]})
		frappe.db.commit()

	def passed_or_untouched(self, name: str, _status: str):
		owner = self.value(name, "opportunity_owner")
		self.assertIn(owner, (self.owner, self.successor))
		passed = int(owner == self.successor)
		self.assertEqual(self.count("Pipeline Change", name, change="Owner"), passed)
		self.assertEqual(self.value(name, "next_contact_by"), owner)
		self.assertEqual(frappe.parse_json(self.value(name, "_assign")), [owner])
		self.assertEqual(self.count("ToDo", name, status="Open", allocated_to=owner), 1)
		self.assertEqual(self.count("ToDo", name), 1)

	def all_passed(self):
		for name in self.opportunities:
			self.assertEqual(self.value(name, "opportunity_owner"), self.successor)
			self.passed_or_untouched(name, "Open")

	def kill_passing(self, job):
		theirs = {"opportunity_owner": self.owner, "next_contact_by": self.owner}
		self.kill(job, theirs, self.passed_or_untouched, self.all_passed, self.prepare)

	def test_handing_over(self):
		def transfer():
			hand_over(self.owner, self.successor)
			frappe.db.commit()

		self.kill_passing(transfer)

	def test_reassigning(self):
		rule = make(
			"Assignment Rule",
			name=unique("Rule"),
			document_type="Opportunity",
			rule="Round Robin",
			priority=100,
			description="Take on {{ title }}",
			assign_condition=f"name in {self.opportunities!r} and not opportunity_owner",
			unassign_condition=ENDED,
			assignment_days=[{"day": day} for day in WEEK],
			users=[{"user": self.successor}],
		)
		self.addCleanup(self.remove_rule, rule.name)
		frappe.db.commit()
		frappe.db.set_value("User", self.owner, "enabled", 0)
		frappe.db.commit()

		self.kill_passing(lambda: Reassignment(self.owner, "Opportunity", [rule.name]).run())

	def remove_rule(self, rule: str):
		frappe.db.rollback()
		frappe.db.delete("Assignment Rule User", {"parent": rule})
		frappe.db.delete("Assignment Rule Day", {"parent": rule})
		frappe.db.delete("Assignment Rule", {"name": rule})
		frappe.db.commit()
		forget_rules()
