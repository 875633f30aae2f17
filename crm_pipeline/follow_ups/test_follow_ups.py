"""The next contact of an opportunity and its one entry in the calendar."""

import frappe
from frappe.desk.doctype.event.event import get_permission_query_conditions
from frappe.utils import add_to_date

from crm_pipeline.api.handover import hand_over
from crm_pipeline.exceptions import (
	ImpossibleDate,
	NextContactByUnfit,
)
from crm_pipeline.follow_ups.calendar_bulk import remove_events, restore_events, without_event
from crm_pipeline.tests.factories import (
	in_days,
	make_contact,
	make_customer,
	make_lost_reason,
	make_opportunity,
	make_user,
)
from crm_pipeline.tests.following_up import FollowUpCase, in_hours


class TestTheEvent(FollowUpCase):
	def test_a_next_contact_makes_one_private_event_of_that_user(self):
		opportunity = self.opportunity(
			to_discuss="The offer & <b>prices</b>\nand dates", title="Printers for Ada"
		)
		(event,) = self.events(opportunity)
		self.assertEqual((event.owner, event.event_type, event.status), (self.user, "Private", "Open"))
		self.assertEqual(event.starts_on, opportunity.next_contact_date)
		self.assertEqual((event.subject, event.send_reminder), ("Contact Printers for Ada", 0))
		self.assertEqual(event.description.replace("<br/>", "<br>"), "The offer &amp; prices<br>and dates")
		self.assertEqual(opportunity.follow_up_event, event.name)
		self.assertEqual(frappe.db.get_value("Opportunity", opportunity.name, "follow_up_event"), event.name)

	def test_the_user_sees_it_in_their_calendar_and_a_colleague_does_not(self):
		event = self.event(self.opportunity())
		for user, visible in ((self.user, 1), (make_user("Sales User"), 0)):
			query = (
				f"select count(*) from `tabEvent` where name = %s and {get_permission_query_conditions(user)}"
			)
			self.assertEqual(
				frappe.db.sql(query.replace("%", "%%").replace("%%s", "%s"), event.name)[0][0], visible
			)
			self.assertEqual(event.has_permission("read", user=user), bool(visible))

	def test_the_contact_person_takes_part_until_another_does(self):
		customer = make_customer()
		first, second = (make_contact(customer).name for _number in range(2))
		opportunity = self.opportunity(
			opportunity_from="Customer", party_name=customer.name, contact_person=first
		)
		self.assertEqual(
			self.participants(opportunity), {("Opportunity", opportunity.name), ("Contact", first)}
		)
		opportunity.contact_person = second
		opportunity.save()
		self.assertEqual(
			self.participants(opportunity), {("Opportunity", opportunity.name), ("Contact", second)}
		)

	def participants(self, opportunity) -> set:
		return {
			(row.reference_doctype, row.reference_docname)
			for row in self.event(opportunity).event_participants
		}

	def test_it_moves_with_the_date_and_keeps_its_length(self):
		opportunity = self.opportunity()
		event = self.event(opportunity)
		event.ends_on = add_to_date(event.starts_on, hours=1)
		event.save()
		opportunity.reload().next_contact_date = in_hours(72)
		opportunity.save()
		moved = self.event(opportunity)
		self.assertEqual((moved.name, moved.starts_on), (event.name, in_hours(72)))
		self.assertEqual(moved.ends_on, add_to_date(in_hours(72), hours=1))

	def test_handed_to_another_user_it_is_that_users(self):
		opportunity, successor = self.opportunity(), make_user("Sales User")
		name = opportunity.follow_up_event
		opportunity.next_contact_by = successor
		opportunity.save()
		event = self.event(opportunity)
		self.assertEqual((event.name, event.owner), (name, successor))

	def test_what_to_discuss_and_the_title_are_kept_in_step(self):
		opportunity = self.opportunity()
		opportunity.update({"to_discuss": "Delivery", "title": "Renamed"})
		opportunity.save()
		event = self.event(opportunity)
		self.assertEqual((event.subject, event.description), ("Contact Renamed", "Delivery"))

	def test_a_save_that_changes_nothing_of_it_leaves_it_alone(self):
		opportunity = self.opportunity()
		modified = self.event(opportunity).modified
		opportunity.customer_need = "Speed"
		opportunity.save()
		self.assertEqual(self.event(opportunity).modified, modified)

	def test_an_emptied_date_removes_it(self):
		opportunity = self.opportunity()
		opportunity.next_contact_date = None
		opportunity.save()
		self.assertEqual((self.events(opportunity), opportunity.reload().follow_up_event), ([], None))

	def test_without_a_date_there_is_none(self):
		opportunity = make_opportunity(next_contact_by=self.user)
		self.assertEqual((self.events(opportunity), opportunity.next_contact_by), ([], self.user))

	def test_a_date_alone_is_the_owners_or_else_of_whoever_enters_it(self):
		owned = self.opportunity(next_contact_by=None, opportunity_owner=self.user)
		self.assertEqual((owned.next_contact_by, self.event(owned).owner), (self.user, self.user))
		unowned = self.opportunity(next_contact_by=None)
		self.assertEqual(self.event(unowned).owner, "Administrator")

	def test_it_is_not_given_to_whoever_would_not_see_it(self):
		frappe.db.set_value("User", self.user, "enabled", 0)
		for user in (self.user, "Guest"):
			with self.assertRefused(NextContactByUnfit, user):
				self.opportunity(next_contact_by=user)
		opportunity = self.opportunity(next_contact_by=None, opportunity_owner=self.user)
		self.assertEqual(opportunity.next_contact_by, frappe.session.user)

	def test_a_leaver_keeps_theirs_until_it_is_handed_over(self):
		opportunity = self.opportunity()
		frappe.db.set_value("User", self.user, "enabled", 0)
		opportunity.reload().update({"to_discuss": "Prices", "next_contact_date": in_hours(9)})
		opportunity.save()
		self.assertEqual(opportunity.reload().next_contact_by, self.user)

	def test_a_past_date_may_be_entered(self):
		opportunity = self.opportunity(hours=-24)
		self.assertEqual(self.event(opportunity).starts_on, opportunity.next_contact_date)

	def test_a_date_that_does_not_exist_is_refused(self):
		with self.assertRefused(ImpossibleDate):
			self.opportunity(next_contact_date="2031-02-30 10:00:00")

	def test_ending_the_opportunity_removes_it_and_empties_the_date(self):
		lost, won, closed = self.opportunity(), self.opportunity(), self.opportunity()
		lost.declare_lost([make_lost_reason().name])
		won.mark_won()
		closed.status = "Closed"
		closed.save()
		for opportunity in (lost, won, closed):
			opportunity.reload()
			self.assertEqual(self.events(opportunity), [])
			self.assertEqual((opportunity.next_contact_date, opportunity.follow_up_event), (None, None))

	def test_it_stays_while_the_opportunity_is_paused(self):
		opportunity = self.opportunity()
		opportunity.pause(in_days(9))
		self.assertEqual(self.event(opportunity).status, "Open")

	def test_deleting_the_opportunity_removes_it(self):
		opportunity = self.opportunity()
		event = opportunity.follow_up_event
		opportunity.delete()
		self.assertFalse(frappe.db.exists("Event", event))

	def test_nobody_lays_hands_on_a_foreign_event_by_naming_it(self):
		foreign = self.event(self.opportunity())
		opportunity = make_opportunity(follow_up_event=foreign.name)
		opportunity.follow_up_event = foreign.name
		opportunity.save()
		opportunity.delete()
		self.assertTrue(frappe.db.exists("Event", foreign.name))

	def test_a_copy_of_an_opportunity_does_not_share_it(self):
		opportunity = self.opportunity()
		copy = frappe.copy_doc(opportunity).insert()
		self.assertEqual(self.event(copy).name, copy.follow_up_event)
		self.assertNotEqual(copy.follow_up_event, self.event(opportunity).name)

	def test_a_colleague_without_right_on_the_event_moves_it_with_the_opportunity(self):
		opportunity = self.opportunity()
		with self.as_user("Sales User"):
			mine = frappe.get_doc("Opportunity", opportunity.name)
			mine.next_contact_date = in_hours(5)
			mine.save()
		event = self.event(opportunity)
		self.assertEqual((event.starts_on, event.owner), (in_hours(5), self.user))


class TestTheCalendar(FollowUpCase):
	def test_moving_the_event_moves_the_next_contact(self):
		opportunity = self.opportunity()
		frappe.set_user(self.user)
		event = self.event(opportunity)
		event.starts_on = in_hours(30)
		event.save()
		opportunity.reload()
		self.assertEqual(opportunity.next_contact_date, in_hours(30))
		self.assertEqual(self.event(opportunity).starts_on, in_hours(30))

	def test_an_ended_length_or_text_changes_nothing_of_the_opportunity(self):
		opportunity = self.opportunity()
		modified = opportunity.reload().modified
		event = self.event(opportunity)
		event.update({"ends_on": in_hours(60), "description": "Bring samples"})
		event.save()
		self.assertEqual(opportunity.reload().modified, modified)
		self.assertEqual((opportunity.next_contact_date, opportunity.to_discuss), (in_hours(48), None))

	def test_who_may_neither_write_the_opportunity_nor_is_to_contact_cannot_move_it(self):
		opportunity = self.opportunity()
		event = self.event(opportunity)
		event.event_type = "Public"
		event.save()
		with self.as_user("Purchase User"), self.assertRefused(frappe.PermissionError):
			event = frappe.get_doc("Event", event.name)
			event.starts_on = in_hours(30)
			event.save()
		self.assertEqual(opportunity.reload().next_contact_date, in_hours(48))

	def test_completing_it_is_doing_the_follow_up(self):
		opportunity = self.opportunity()
		event = self.event(opportunity)
		event.status = "Completed"
		event.save()
		opportunity.reload()
		self.assertEqual((opportunity.next_contact_date, opportunity.follow_up_event), (None, None))
		self.assertEqual(self.event(opportunity).status, "Completed")
		self.assertIn("Marked as completed in the calendar.", self.said(opportunity)[0])

	def test_calling_it_off_leaves_the_follow_up_standing(self):
		opportunity = self.opportunity()
		event = self.event(opportunity)
		event.status = "Cancelled"
		event.save()
		self.assertEqual(opportunity.reload().next_contact_date, in_hours(48))
		opportunity.snooze_follow_up(str(in_hours(50)))
		self.assertEqual((self.event(opportunity).name, self.event(opportunity).status), (event.name, "Open"))

	def test_a_deleted_event_drops_no_follow_up_and_comes_back_with_the_next_save(self):
		opportunity = self.opportunity()
		frappe.delete_doc("Event", opportunity.follow_up_event)
		opportunity.reload()
		self.assertEqual((opportunity.next_contact_date, opportunity.follow_up_event), (in_hours(48), None))
		opportunity.customer_need = "Speed"
		opportunity.save()
		self.assertEqual(self.event(opportunity).name, opportunity.follow_up_event)

	def test_an_event_that_vanished_unseen_comes_back_when_the_date_moves(self):
		opportunity = self.opportunity()
		frappe.db.delete("Event", {"name": opportunity.follow_up_event})
		opportunity.next_contact_date = in_hours(20)
		opportunity.save()
		self.assertEqual(self.event(opportunity).starts_on, in_hours(20))


class TestManyAtOnce(FollowUpCase):
	def test_what_lost_its_event_is_found_and_gets_another(self):
		sound, deleted, vanished = (
			self.opportunity(),
			self.opportunity(to_discuss="1 < 2"),
			self.opportunity(),
		)
		frappe.delete_doc("Event", deleted.follow_up_event)
		frappe.db.delete("Event", {"name": vanished.follow_up_event})
		frappe.db.delete("Event Participants", {"parent": vanished.follow_up_event})
		found = without_event("", 10_000)
		self.assertNotIn(sound.name, found)
		self.assertLessEqual({deleted.name, vanished.name}, set(found))
		restore_events([sound.name, deleted.name, vanished.name])
		for opportunity in (sound, deleted, vanished):
			event = self.event(opportunity.reload())
			self.assertEqual((event.name, event.owner), (opportunity.follow_up_event, self.user))
			self.assertEqual((event.starts_on, event.status), (in_hours(48), "Open"))
		self.assertEqual(self.event(deleted).description, "1 &lt; 2")
		self.assertEqual(self.event(deleted).subject, f"Contact {deleted.title}")

	def test_restoring_twice_makes_one(self):
		opportunity = self.opportunity()
		remove_events([opportunity.name])
		self.assertEqual((self.events(opportunity), opportunity.reload().follow_up_event), ([], None))
		self.assertEqual(opportunity.next_contact_date, in_hours(48))
		restore_events([opportunity.name])
		restore_events([opportunity.name])
		self.event(opportunity)

	def test_a_restored_event_is_as_any_other(self):
		opportunity = self.opportunity()
		remove_events([opportunity.name])
		restore_events([opportunity.name])
		opportunity.reload().snooze_follow_up(str(in_hours(60)))
		self.assertEqual(self.event(opportunity).starts_on, in_hours(60))

	def test_ended_opportunities_and_those_without_date_need_none(self):
		ended, undated = self.opportunity(), self.opportunity(next_contact_date=None)
		ended.mark_won()
		self.assertTrue({ended.name, undated.name}.isdisjoint(without_event("", 10_000)))

	def test_a_successor_gets_missed_and_coming_ones_once(self):
		missed, coming, successor = self.opportunity(hours=-72), self.opportunity(), make_user("Sales User")
		hand_over(self.user, successor)
		for opportunity in (missed, coming):
			self.assertEqual(
				(opportunity.reload().next_contact_by, self.event(opportunity).owner), (successor, successor)
			)
