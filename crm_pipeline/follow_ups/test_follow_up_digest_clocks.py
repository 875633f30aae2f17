"""The list of the morning comes in the morning of each user, wherever the site's clock stands."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import format_date

from crm_pipeline.follow_ups import digest
from crm_pipeline.tasks import send_follow_up_digest
from crm_pipeline.tests.factories import make_user
from crm_pipeline.tests.following_up import ReminderCase
from crm_pipeline.tests.mode import forget_system_settings

TOKYO, NEW_YORK, KATHMANDU = "Asia/Tokyo", "America/New_York", "Asia/Kathmandu"


class ClockCase(ReminderCase):
	site_zone: str
	user_zone: str | None

	def setUp(self):
		super().setUp()
		self.addCleanup(forget_system_settings)
		frappe.db.set_single_value("System Settings", "time_zone", self.site_zone)
		forget_system_settings()
		frappe.db.set_value("User", self.user, "time_zone", self.user_zone)

	def site_time(self, at_users: str) -> datetime:
		"""What the site's clock shows when the user's shows a time."""
		there = datetime.fromisoformat(at_users).replace(tzinfo=ZoneInfo(self.user_zone or self.site_zone))
		return there.astimezone(ZoneInfo(self.site_zone)).replace(tzinfo=None)

	def run_day(self, day: str) -> list[datetime]:
		"""Let the job run through a user's day, in the morning every quarter of an hour; the moments, on their clock,
		when mail came.
		"""
		came, midnight = [], datetime.fromisoformat(day)
		for quarter in (0, 12, 20, *range(24, 34), 36, 48, 60, 72, 84, 95):
			moment = midnight + timedelta(minutes=15 * quarter)
			known = len(self.mails())
			self.run_at(self.site_time(str(moment)), send_follow_up_digest)
			came += [moment] * (len(self.mails()) - known)
		return came

	def at_users(self, moment: str):
		self.run_at(self.site_time(moment), send_follow_up_digest)

	def subjects(self) -> list[str]:
		return [mail.subject for mail in self.mails()]


class TestNewYorkOnASiteInTokyo(ClockCase):
	site_zone, user_zone = TOKYO, NEW_YORK

	def test_it_comes_at_seven_by_the_user_s_own_clock_and_only_then(self):
		self.opportunity(self.site_time("2031-05-10 09:00:00"))
		self.assertEqual(self.run_day("2031-05-14"), [datetime(2031, 5, 14, 7)])

	def test_today_is_the_day_that_the_user_has(self):
		self.opportunity(self.site_time("2031-05-13 23:00:00"))
		self.opportunity(self.site_time("2031-05-14 08:00:00"))
		self.opportunity(self.site_time("2031-05-14 23:59:00"))
		self.opportunity(self.site_time("2031-05-15 00:01:00"))
		self.at_users("2031-05-14 07:00:00")
		self.assertEqual(self.subjects(), ["Your follow-ups: 1 overdue, 2 today"])
		for at in ("2031-05-13", "2031-05-14"):
			self.assertIn(format_date(at), self.mails()[0].text)
		self.assertIn("08:00", self.mails()[0].text)

	def test_once_a_day_also_on_the_days_when_the_clocks_change(self):
		self.opportunity(self.site_time("2031-03-01 09:00:00"))
		for day in (8, 9, 10):  # on the ninth New York goes from two to three
			self.assertEqual(self.run_day(f"2031-03-{day:02}"), [datetime(2031, 3, day, 7)])
		for day in (1, 2, 3):  # on the second it passes one o'clock twice
			self.assertEqual(self.run_day(f"2031-11-{day:02}"), [datetime(2031, 11, day, 7)])

	def test_at_seven_in_tokyo_only_those_get_it_who_live_by_the_site_s_clock(self):
		colleague = make_user("Sales User")
		due = self.site_time("2031-05-10 09:00:00")
		self.opportunity(due), self.opportunity(due, next_contact_by=colleague)
		self.run_at("2031-05-14 07:00:00", send_follow_up_digest)
		self.assertEqual((len(self.mails()), len(self.mails(colleague))), (0, 1))

	def test_by_hand_it_goes_out_at_any_hour(self):
		self.opportunity(self.site_time("2031-05-10 09:00:00"))
		with self.at(self.site_time("2031-05-14 15:00:00")):
			send_follow_up_digest(at_any_hour=True)
			send_follow_up_digest(at_any_hour=True)
		self.assertEqual(self.subjects(), ["Your follow-ups: 1 overdue, 0 today"])


class TestTokyoOnASiteInNewYork(ClockCase):
	site_zone, user_zone = NEW_YORK, TOKYO

	def test_it_comes_at_seven_of_the_user_s_day_which_the_site_has_not_begun(self):
		self.opportunity(self.site_time("2031-05-13 23:00:00"))
		self.opportunity(self.site_time("2031-05-14 20:00:00"))
		self.assertEqual(self.run_day("2031-05-14"), [datetime(2031, 5, 14, 7)])
		self.assertEqual(self.subjects(), ["Your follow-ups: 1 overdue, 1 today"])

	def test_the_site_s_change_of_clocks_leaves_out_no_morning(self):
		self.opportunity(self.site_time("2031-03-01 09:00:00"))
		for day in (9, 10, 11):
			self.assertEqual(self.run_day(f"2031-03-{day:02}"), [datetime(2031, 3, day, 7)])


class TestOddZones(ClockCase):
	site_zone, user_zone = NEW_YORK, KATHMANDU

	def test_zones_off_by_quarters_of_an_hour_too(self):
		self.opportunity(self.site_time("2031-05-10 09:00:00"))
		self.assertEqual(self.run_day("2031-05-14"), [datetime(2031, 5, 14, 7)])


class TestWithoutZone(ClockCase):
	site_zone, user_zone = TOKYO, None

	def test_the_site_s_clock_counts(self):
		self.opportunity("2031-05-10 09:00:00")
		self.assertEqual(self.run_day("2031-05-14"), [datetime(2031, 5, 14, 7)])

	def test_a_zone_that_is_none_is_no_zone(self):
		self.opportunity("2031-05-10 09:00:00")
		for zone in ("", "Mars/Olympus Mons", "../etc"):
			frappe.db.set_value("User", self.user, "time_zone", zone)
			with self.at("2031-05-14 07:00:00"):
				self.assertIn(self.user, digest.users_in_the_morning("", 1_000_000))
				self.assertTrue(digest.due_of(self.user)[0])
			with self.at("2031-05-14 08:00:00"):
				self.assertNotIn(self.user, digest.users_in_the_morning("", 1_000_000))
