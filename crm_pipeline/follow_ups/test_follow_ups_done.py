"""A next contact that took place, and one that is put off."""

import frappe
from frappe.utils import get_datetime

from crm_pipeline.exceptions import (
	FollowUpMissing,
	ImpossibleDate,
	OutcomeMissing,
	SnoozeDatePassed,
)
from crm_pipeline.tests.factories import (
	make_opportunity,
	make_user,
)
from crm_pipeline.tests.following_up import FollowUpCase, in_hours


class TestDone(FollowUpCase):
	def test_the_outcome_goes_to_the_activity_and_the_event_stays_as_completed(self):
		deal = self.deal(hours=-2, to_discuss="Prices")
		deal.complete_follow_up("Wants <an> offer")
		deal.reload()
		self.assertEqual((deal.next_contact_date, deal.next_contact_by, deal.to_discuss), (None, None, None))
		self.assertEqual((self.event(deal).status, deal.follow_up_event), ("Completed", None))
		(comment,) = self.said(deal)
		self.assertIn("Wants &lt;an&gt; offer", comment)

	def test_the_next_date_is_the_same_users_unless_said_otherwise(self):
		deal, colleague = self.deal(), make_user("Sales User")
		deal.complete_follow_up("Later", next_contact_date=str(in_hours(100)), to_discuss="Terms")
		done, following = self.events(deal)
		self.assertEqual((done.status, following.status), ("Completed", "Open"))
		self.assertEqual((following.starts_on, following.owner), (in_hours(100), self.user))
		self.assertEqual((following.description, deal.follow_up_event), ("Terms", following.name))
		deal.complete_follow_up("Yours", next_contact_date=str(in_hours(200)), next_contact_by=colleague)
		self.assertEqual(self.events(deal)[-1].owner, colleague)

	def test_the_history_says_when_it_was_due_and_when_the_next_one_is(self):
		deal, other = self.deal(hours=-2), self.deal(hours=-2)
		deal.complete_follow_up("Later", next_contact_date=str(in_hours(100)))
		other.complete_follow_up("Spoke to Ada", medium="Phone")
		for name, due, following in (
			(deal.name, in_hours(-2), in_hours(100)),
			(other.name, in_hours(-2), ""),
		):
			fields = ["old_value", "new_value", "status", "sales_stage"]
			(row,) = frappe.get_all("Pipeline Change", {"opportunity": name, "change": "Follow-up"}, fields)
			self.assertEqual((row.old_value, row.new_value), (str(due), str(following)))
			self.assertEqual((row.status, row.sales_stage), ("Open", deal.sales_stage))

	def test_a_call_counts_as_contact(self):
		deal = self.deal()
		deal.complete_follow_up("Spoke to Ada", medium="Phone", next_contact_date=str(in_hours(100)))
		filters = {"reference_name": deal.name, "communication_medium": "Phone", "sent_or_received": "Sent"}
		(call,) = frappe.get_all("Communication", filters, ["content"])
		self.assertEqual(call.content, "Spoke to Ada")
		stored = frappe.get_doc("Opportunity", deal.name)
		self.assertEqual((stored.contacted_out, stored.status), (1, "Open"))
		self.assertIsNotNone(stored.last_contacted_on)
		self.assertEqual((deal.modified, stored.next_contact_date), (stored.modified, in_hours(100)))

	def test_it_is_refused_without_follow_up_or_outcome(self):
		with self.assertRefused(FollowUpMissing):
			make_opportunity().complete_follow_up("Spoke")
		with self.assertRefused(OutcomeMissing):
			self.deal().complete_follow_up("  \n")
		with self.assertRefused(ImpossibleDate):
			self.deal().complete_follow_up("Spoke", next_contact_date="tomorrow")

	def test_it_needs_the_right_to_write(self):
		deal = self.deal()
		with self.as_user("Purchase User"):
			for call in (
				lambda doc: doc.complete_follow_up("x"),
				lambda doc: doc.snooze_follow_up("2099-01-01"),
			):
				with self.assertRefused(frappe.PermissionError):
					call(frappe.get_doc("Opportunity", deal.name))
		self.assertEqual(self.event(deal).status, "Open")

	def test_done_twice_at_once_is_done_once(self):
		first, second = (frappe.get_doc("Opportunity", self.deal().name) for _session in range(2))
		second = frappe.get_doc("Opportunity", first.name)
		first.complete_follow_up("Mine")
		with self.assertRefused(frappe.TimestampMismatchError):
			second.complete_follow_up("Mine too")
		self.assertEqual(len(self.said(first)), 1)


class TestSnoozing(FollowUpCase):
	def test_it_moves_the_next_contact_and_its_event(self):
		deal = self.deal(hours=-30)
		deal.snooze_follow_up(str(in_hours(24)))
		self.assertEqual((deal.next_contact_date, self.event(deal).starts_on), (in_hours(24), in_hours(24)))

	def test_to_a_day_means_its_first_moment(self):
		deal = self.deal()
		deal.snooze_follow_up("2099-01-02")
		self.assertEqual(deal.next_contact_date, get_datetime("2099-01-02 00:00:00"))

	def test_it_is_refused_into_the_past_and_without_follow_up(self):
		with self.assertRefused(SnoozeDatePassed):
			self.deal().snooze_follow_up(str(in_hours(-1)))
		with self.assertRefused(ImpossibleDate):
			self.deal().snooze_follow_up("next week")
		with self.assertRefused(FollowUpMissing):
			make_opportunity().snooze_follow_up(str(in_hours(24)))
