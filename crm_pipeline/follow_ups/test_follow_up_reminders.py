"""Reminders of next contacts whose time has come."""

from unittest.mock import patch

import frappe
from frappe.utils import add_to_date, get_datetime, get_system_timezone

from crm_pipeline.follow_ups import mails, reminders
from crm_pipeline.rules import time_zones
from crm_pipeline.tasks import restore_follow_up_events, send_follow_up_reminders
from crm_pipeline.tests.factories import (
	make_opportunity,
	make_user,
)
from crm_pipeline.tests.following_up import MORNING, NOON, ReminderCase
from crm_pipeline.utils import batches


class TestReminding(ReminderCase):
	def test_when_its_time_comes_the_user_is_notified_and_mailed_once(self):
		opportunity = self.opportunity(title="Printers & ink", to_discuss="Prices <= 100")
		self.run_at("2031-05-14 10:59:00")
		self.assertEqual((self.notes(opportunity), self.mails()), ([], []))
		for _run in range(2):
			self.run_at(NOON)
		(note,) = self.notes(opportunity)
		self.assertEqual((note.for_user, note.type), (self.user, "Alert"))
		self.assertIn("Printers &amp; ink", note.subject)
		(mail,) = self.mails()
		self.assertEqual(mail.subject, "Contact Printers & ink")
		for text in ("Printers &amp; ink", "Prices &lt;= 100", opportunity.name):
			self.assertIn(text, mail.text)
		self.assertEqual(opportunity.reload().follow_up_reminded_for, opportunity.next_contact_date)

	def test_it_leaves_the_opportunity_unchanged_for_who_has_it_open(self):
		opportunity = self.opportunity()
		self.run_at(NOON)
		opportunity.customer_need = "Speed"
		opportunity.save()
		self.run_at(NOON)
		self.assertEqual(len(self.notes(opportunity)), 1)

	def test_a_moved_date_is_reminded_of_again(self):
		opportunity = self.opportunity()
		self.run_at(NOON)
		with self.at(NOON):
			opportunity.reload().snooze_follow_up("2031-05-15 09:00:00")
		self.run_at(NOON)
		self.assertEqual(len(self.notes(opportunity)), 1)
		self.run_at("2031-05-15 09:00:01")
		self.assertEqual((len(self.notes(opportunity)), len(self.mails())), (2, 2))

	def test_another_user_is_reminded_of_what_they_are_given(self):
		opportunity, colleague = self.opportunity(), make_user("Sales User")
		self.run_at(NOON)
		opportunity.reload().next_contact_by = colleague
		opportunity.save()
		self.run_at(NOON)
		self.assertEqual({note.for_user for note in self.notes(opportunity)}, {self.user, colleague})

	def test_a_past_date_is_due_at_once(self):
		opportunity = self.opportunity("2031-05-01 09:00:00")
		self.run_at(NOON)
		self.assertEqual(len(self.notes(opportunity)), 1)

	def test_what_a_bare_statement_wrote_is_reminded_of_too(self):
		opportunity = make_opportunity()
		values = {"next_contact_by": self.user, "next_contact_date": "2031-05-14 11:00:00"}
		frappe.db.set_value("Opportunity", opportunity.name, values)
		self.run_at(NOON)
		self.assertEqual(len(self.notes(opportunity)), 1)

	def test_several_that_come_due_at_once_share_a_mail(self):
		opportunities = [self.opportunity(title=f"Opportunity {number}") for number in range(3)]
		self.run_at(NOON)
		self.assertEqual([len(self.notes(opportunity)) for opportunity in opportunities], [1, 1, 1])
		(mail,) = self.mails()
		self.assertEqual(mail.subject, "3 follow-ups are due")

	def test_an_hour_that_the_clock_passes_twice_reminds_once(self):
		frappe.db.set_single_value("System Settings", "time_zone", "Europe/Berlin")
		opportunity = self.opportunity("2030-10-27 02:30:00")
		utc = get_datetime("2030-10-27 00:00:00")
		for minutes in (15, 45, 75, 105, 135):  # 02:15, 02:45, 02:15, 02:45 and 03:15 in Berlin
			with patch.object(reminders, "now_datetime", lambda at=minutes: self.berlin(utc, at)):
				send_follow_up_reminders()
		self.assertEqual((len(self.notes(opportunity)), len(self.mails())), (1, 1))

	def berlin(self, utc, minutes: int):
		return time_zones.in_zone(add_to_date(utc, minutes=minutes), "UTC", "Europe/Berlin")

	def test_ended_opportunities_are_left_in_peace(self):
		opportunity = self.opportunity()
		frappe.db.set_value("Opportunity", opportunity.name, "status", "Closed")
		self.run_at(NOON)
		self.assertEqual((self.notes(opportunity), self.mails()), ([], []))

	def test_a_paused_opportunity_with_a_date_is_reminded_of(self):
		opportunity = self.opportunity()
		with self.at(MORNING):
			opportunity.pause("2031-09-01")
		self.run_at(NOON)
		self.assertEqual(len(self.notes(opportunity)), 1)

	def test_the_calendar_entry_asks_frappe_for_no_mail_of_its_own(self):
		event = self.opportunity().follow_up_event
		self.assertEqual(frappe.db.get_value("Event", event, "send_reminder"), 0)


class TestWhoIsReminded(ReminderCase):
	def test_without_address_there_is_the_bell(self):
		opportunity = self.opportunity()
		frappe.db.set_value("User", self.user, "email", "")
		self.run_at(NOON)
		self.assertEqual((len(self.notes(opportunity)), self.mails()), (1, []))

	def test_who_switched_these_mails_off_has_the_bell(self):
		for field in ("enable_email_event_reminders", "enable_email_notifications"):
			with self.subTest(field):
				self.user = make_user("Sales User")
				self.switch_off(field)
				opportunity = self.opportunity()
				self.run_at(NOON)
				self.assertEqual((len(self.notes(opportunity)), self.mails()), (1, []))

	def test_who_switched_notifications_off_gets_nothing(self):
		self.switch_off("enabled")
		opportunity = self.opportunity()
		self.run_at(NOON)
		self.assertEqual((self.notes(opportunity), self.mails()), ([], []))

	def test_a_disabled_user_is_notified_once_enabled_again(self):
		opportunity = self.opportunity()
		frappe.db.set_value("User", self.user, "enabled", 0)
		self.run_at(NOON)
		self.assertEqual(self.notes(opportunity), [])
		frappe.db.set_value("User", self.user, "enabled", 1)
		self.run_at(NOON)
		self.assertEqual(len(self.notes(opportunity)), 1)

	def test_who_may_not_see_the_opportunity_is_notified_of_nothing(self):
		opportunity = self.opportunity()
		self.lose_all_roles()
		self.run_at(NOON)
		self.assertEqual((self.notes(opportunity), self.mails()), ([], []))

	def test_who_sees_only_their_own_is_notified_of_a_colleagues_opportunity_that_they_are_to_contact(self):
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		own, colleagues = (
			self.opportunity(opportunity_owner=self.user),
			self.opportunity(opportunity_owner=make_user()),
		)
		self.run_at(NOON)
		self.assertEqual((len(self.notes(own)), len(self.notes(colleagues))), (1, 1))

	def test_the_mail_shows_the_time_on_the_users_clock(self):
		frappe.db.set_value("User", self.user, "time_zone", "Asia/Tokyo")
		opportunity = self.opportunity()
		there = time_zones.in_zone(opportunity.next_contact_date, get_system_timezone(), "Asia/Tokyo")
		self.run_at(NOON)
		self.assertIn(f"{frappe.utils.format_date(there)} {there:%H:%M}", self.mails()[0].text)

	def test_the_companys_own_words_are_used(self):
		frappe.db.set_value("Email Template", mails.REMINDER, "subject", "Ring {{ follow_ups[0].title }}")
		frappe.clear_document_cache("Email Template", mails.REMINDER)
		opportunity = self.opportunity()
		self.run_at(NOON)
		self.assertEqual(self.mails()[0].subject, f"Ring {opportunity.title}")

	def test_without_the_template_there_is_the_bell(self):
		frappe.delete_doc("Email Template", mails.REMINDER)
		opportunity = self.opportunity()
		self.run_at(NOON)
		self.assertEqual((len(self.notes(opportunity)), self.mails()), (1, []))

	def test_a_mail_that_cannot_be_made_takes_nothing_but_itself(self):
		wrong = "{{ follow_ups[0].title.no.such }}"
		frappe.db.set_value("Email Template", mails.REMINDER, "subject", wrong)
		frappe.clear_document_cache("Email Template", mails.REMINDER)
		first, second = self.opportunity(), self.opportunity("2031-05-14 13:00:00")
		self.run_at(NOON)
		self.run_at("2031-05-14 14:00:00")
		self.assertEqual((len(self.notes(first)), len(self.notes(second)), self.mails()), (1, 1, []))
		with self.at(NOON):
			logged = {"method": ["like", "No mail about follow-ups%"], "creation": [">=", MORNING]}
			self.assertEqual(frappe.db.count("Error Log", logged), 1)


class TestRunning(ReminderCase):
	def test_a_run_that_was_killed_is_finished_by_the_next(self):
		users = sorted(make_user("Sales User") for _number in range(3))
		opportunities = [self.opportunity(next_contact_by=user) for user in users]
		first = []

		def kill_after_the_first_of_ours():
			if first:
				raise KeyboardInterrupt
			if any(self.notes(opportunity) for opportunity in opportunities):
				first.append(frappe.db.savepoint("committed"))

		with (
			patch.object(batches, "_commit", kill_after_the_first_of_ours),
			self.assertRaises(KeyboardInterrupt),
		):
			self.run_at(NOON)
		frappe.db.rollback(save_point="committed")
		self.assertEqual(sum(len(self.notes(opportunity)) for opportunity in opportunities), 1)
		self.run_at(NOON)
		self.assertEqual([len(self.notes(opportunity)) for opportunity in opportunities], [1, 1, 1])
		self.assertEqual([len(self.mails(user)) for user in users], [1, 1, 1])

	def test_one_for_whom_it_fails_keeps_nobody_else_waiting(self):
		users = sorted(make_user("Sales User") for _number in range(2))
		opportunities = [self.opportunity(next_contact_by=user) for user in users]
		remind = reminders.remind

		def fail_for_first(user: str) -> int:
			if user == users[0]:
				raise ValueError("broken")
			return remind(user)

		with patch.object(reminders, "remind", fail_for_first):
			self.run_at(NOON)
		self.assertEqual([len(self.notes(opportunity)) for opportunity in opportunities], [0, 1])
		self.assertTrue(frappe.db.exists("Error Log", {"method": ["like", f"{users[0]}%"]}))

	def test_deleted_calendar_entries_come_back(self):
		opportunity = self.opportunity()
		frappe.db.delete("Event", {"name": opportunity.follow_up_event})
		restore_follow_up_events()
		event = frappe.get_doc("Event", opportunity.reload().follow_up_event)
		self.assertEqual((event.owner, event.starts_on), (self.user, opportunity.next_contact_date))
