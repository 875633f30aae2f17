"""The list of the morning, and the clocks and counts of what is overdue."""

from datetime import timedelta
from unittest.mock import patch

import frappe
from frappe.utils import add_to_date, get_datetime, get_system_timezone

from crm_pipeline.api.pipeline import count_overdue
from crm_pipeline.rules import time_zones
from crm_pipeline.tasks import send_follow_up_digest
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.following_up import MORNING, NOON, ReminderCase


class TestDigest(ReminderCase):
	def digest(self, moment=MORNING):
		self.run_at(moment, send_follow_up_digest)

	def test_it_lists_what_is_overdue_and_what_is_today(self):
		missed, today = (
			self.opportunity("2031-05-12 09:00:00", title="Missed one"),
			self.opportunity(title="Today one"),
		)
		later = self.opportunity("2031-05-15 00:00:00", title="Later one")
		self.digest()
		(mail,) = self.mails()
		self.assertEqual(mail.subject, "Your follow-ups: 1 overdue, 1 today")
		self.assertLess(mail.text.index(missed.name), mail.text.index(today.name))
		self.assertNotIn(later.name, mail.text)

	def test_once_a_day_however_often_it_runs(self):
		self.opportunity()
		for _run in range(3):
			self.digest()
		self.assertEqual(len(self.mails()), 1)
		self.digest("2031-05-15 07:00:00")
		self.assertEqual(self.mails()[1].subject, "Your follow-ups: 1 overdue, 0 today")

	def test_a_missed_one_comes_every_morning_until_it_is_done_snoozed_or_emptied(self):
		done, snoozed, emptied = (self.opportunity("2031-05-12 09:00:00") for _number in range(3))
		self.digest()
		with self.at(MORNING):
			done.complete_follow_up("Spoke")
			snoozed.snooze_follow_up("2031-06-01")
			emptied.next_contact_date = None
			emptied.save()
		self.digest("2031-05-15 07:00:00")
		self.assertEqual([mail.subject for mail in self.mails()], ["Your follow-ups: 3 overdue, 0 today"])

	def test_who_has_nothing_gets_nothing(self):
		self.opportunity("2031-05-20 09:00:00")
		self.digest()
		self.assertEqual(self.mails(), [])

	def test_disabled_users_and_those_who_do_not_want_it_get_none(self):
		self.opportunity()
		frappe.db.set_value("User", self.user, "enabled", 0)
		self.digest()
		frappe.db.set_value("User", self.user, "enabled", 1)
		self.switch_off("enable_email_event_reminders")
		self.digest()
		self.assertEqual(self.mails(), [])

	def test_what_the_user_may_not_see_is_not_in_it(self):
		self.opportunity()
		self.lose_all_roles()
		self.digest()
		self.assertEqual(self.mails(), [])

	def test_today_is_the_users_own_day(self):
		frappe.db.set_value("User", self.user, "time_zone", "Pacific/Kiritimati")
		site = get_system_timezone()
		until = time_zones.end_of_day(MORNING, site, "Pacific/Kiritimati")
		inside, outside = (
			self.opportunity(add_to_date(until, hours=-1)),
			self.opportunity(add_to_date(until, hours=1)),
		)
		self.run_at(MORNING, lambda: send_follow_up_digest(at_any_hour=True))
		(mail,) = self.mails()
		self.assertIn(inside.name, mail.text)
		self.assertNotIn(outside.name, mail.text)

	def test_a_long_list_is_cut_and_says_so(self):
		opportunities = [self.opportunity("2031-05-12 09:00:00") for _number in range(3)]
		with patch("crm_pipeline.follow_ups.digest.MOST_NAMED", 2):
			self.digest()
		(mail,) = self.mails()
		self.assertEqual(sum(opportunity.name in mail.text for opportunity in opportunities), 2)
		self.assertIn("and 1 more.", mail.text)


class TestZones(TestCase):
	def test_a_moment_on_another_clock(self):
		moment = get_datetime("2031-01-10 23:30:00")
		self.assertEqual(
			str(time_zones.in_zone(moment, "Europe/Berlin", "Asia/Tokyo")), "2031-01-11 07:30:00"
		)
		self.assertEqual(time_zones.in_zone(moment, "Europe/Berlin", None), moment)

	def test_the_end_of_somebodys_day_in_site_time(self):
		now = get_datetime("2031-01-10 12:00:00")
		self.assertEqual(str(time_zones.end_of_day(now, "Europe/Berlin", None)), "2031-01-10 23:59:59.999999")
		self.assertEqual(
			str(time_zones.end_of_day(now, "Europe/Berlin", "Asia/Tokyo")), "2031-01-10 15:59:59.999999"
		)


class TestCard(ReminderCase):
	def test_it_counts_what_is_overdue_and_leads_to_just_that(self):
		now = get_datetime(NOON)
		with self.at(now):
			before = count_overdue()["value"]
			overdue = self.opportunity(next_contact_date=add_to_date(now, hours=-1))
			self.opportunity(next_contact_date=add_to_date(now, hours=1))
			with self.at(add_to_date(now, seconds=40) + timedelta(microseconds=123)):
				card = count_overdue()
		self.assertEqual(card["value"], before + 1)
		until = frappe.parse_json(card["route_options"]["next_contact_date"][1])[1]
		self.assertEqual(until, str(now))  # which the control of Desk's filters keeps as it is
		filters = [["status", *card["route_options"]["status"]]]
		filters += [
			["next_contact_date", *frappe.parse_json(each)]
			for each in card["route_options"]["next_contact_date"]
		]
		listed = frappe.get_list("Opportunity", filters=filters, pluck="name", limit_page_length=0)
		self.assertIn(overdue.name, listed)
		self.assertEqual(len(listed), card["value"])

	def test_strangers_are_refused(self):
		with self.as_user(), self.assertRefused(frappe.PermissionError):
			count_overdue()
