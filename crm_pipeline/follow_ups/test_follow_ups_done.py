"""A next contact that took place, and one that is postponed."""

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
		opportunity = self.opportunity(hours=-2, to_discuss="Prices")
		opportunity.complete_follow_up("Wants <an> offer")
		opportunity.reload()
		self.assertEqual(
			(opportunity.next_contact_date, opportunity.next_contact_by, opportunity.to_discuss),
			(None, None, None),
		)
		self.assertEqual((self.event(opportunity).status, opportunity.follow_up_event), ("Completed", None))
		(comment,) = self.said(opportunity)
		self.assertIn("Wants &lt;an&gt; offer", comment)

	def test_the_next_date_is_the_same_users_unless_said_otherwise(self):
		opportunity, colleague = self.opportunity(), make_user("Sales User")
		opportunity.complete_follow_up("Later", next_contact_date=str(in_hours(100)), to_discuss="Terms")
		done, following = self.events(opportunity)
		self.assertEqual((done.status, following.status), ("Completed", "Open"))
		self.assertEqual((following.starts_on, following.owner), (in_hours(100), self.user))
		self.assertEqual((following.description, opportunity.follow_up_event), ("Terms", following.name))
		opportunity.complete_follow_up(
			"Yours", next_contact_date=str(in_hours(200)), next_contact_by=colleague
		)
		self.assertEqual(self.events(opportunity)[-1].owner, colleague)

	def test_the_history_says_when_it_was_due_and_when_the_next_one_is(self):
		opportunity, other = self.opportunity(hours=-2), self.opportunity(hours=-2)
		opportunity.complete_follow_up("Later", next_contact_date=str(in_hours(100)))
		other.complete_follow_up("Spoke to Ada", medium="Phone")
		for name, due, following in (
			(opportunity.name, in_hours(-2), in_hours(100)),
			(other.name, in_hours(-2), ""),
		):
			fields = ["old_value", "new_value", "status", "sales_stage"]
			(row,) = frappe.get_all("Pipeline Change", {"opportunity": name, "change": "Follow-up"}, fields)
			self.assertEqual((row.old_value, row.new_value), (str(due), str(following)))
			self.assertEqual((row.status, row.sales_stage), ("Open", opportunity.sales_stage))

	def test_a_call_counts_as_contact(self):
		opportunity = self.opportunity()
		opportunity.complete_follow_up("Spoke to Ada", medium="Phone", next_contact_date=str(in_hours(100)))
		filters = {
			"reference_name": opportunity.name,
			"communication_medium": "Phone",
			"sent_or_received": "Sent",
		}
		(call,) = frappe.get_all("Communication", filters, ["content"])
		self.assertEqual(call.content, "Spoke to Ada")
		stored = frappe.get_doc("Opportunity", opportunity.name)
		self.assertEqual((stored.contacted_out, stored.status), (1, "Open"))
		self.assertIsNotNone(stored.last_contacted_on)
		self.assertEqual((opportunity.modified, stored.next_contact_date), (stored.modified, in_hours(100)))

	def test_it_is_refused_without_follow_up_or_outcome(self):
		with self.assertRefused(FollowUpMissing):
			make_opportunity().complete_follow_up("Spoke")
		with self.assertRefused(OutcomeMissing):
			self.opportunity().complete_follow_up("  \n")
		with self.assertRefused(ImpossibleDate):
			self.opportunity().complete_follow_up("Spoke", next_contact_date="tomorrow")

	def test_it_needs_the_right_to_write(self):
		opportunity = self.opportunity()
		with self.as_user("Purchase User"):
			for call in (
				lambda doc: doc.complete_follow_up("x"),
				lambda doc: doc.snooze_follow_up("2099-01-01"),
			):
				with self.assertRefused(frappe.PermissionError):
					call(frappe.get_doc("Opportunity", opportunity.name))
		self.assertEqual(self.event(opportunity).status, "Open")

	def test_done_twice_at_once_is_done_once(self):
		first, second = (frappe.get_doc("Opportunity", self.opportunity().name) for _session in range(2))
		second = frappe.get_doc("Opportunity", first.name)
		first.complete_follow_up("Mine")
		with self.assertRefused(frappe.TimestampMismatchError):
			second.complete_follow_up("Mine too")
		self.assertEqual(len(self.said(first)), 1)


class TestSnoozing(FollowUpCase):
	def test_it_moves_the_next_contact_and_its_event(self):
		opportunity = self.opportunity(hours=-30)
		opportunity.snooze_follow_up(str(in_hours(24)))
		self.assertEqual(
			(opportunity.next_contact_date, self.event(opportunity).starts_on), (in_hours(24), in_hours(24))
		)

	def test_to_a_day_means_its_first_moment(self):
		opportunity = self.opportunity()
		opportunity.snooze_follow_up("2099-01-02")
		self.assertEqual(opportunity.next_contact_date, get_datetime("2099-01-02 00:00:00"))

	def test_it_is_refused_into_the_past_and_without_follow_up(self):
		with self.assertRefused(SnoozeDatePassed):
			self.opportunity().snooze_follow_up(str(in_hours(-1)))
		with self.assertRefused(ImpossibleDate):
			self.opportunity().snooze_follow_up("next week")
		with self.assertRefused(FollowUpMissing):
			make_opportunity().snooze_follow_up(str(in_hours(24)))
