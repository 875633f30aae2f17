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
		deal = self.deal(to_discuss="The offer & <b>prices</b>\nand dates", title="Printers for Ada")
		(event,) = self.events(deal)
		self.assertEqual((event.owner, event.event_type, event.status), (self.user, "Private", "Open"))
		self.assertEqual(event.starts_on, deal.next_contact_date)
		self.assertEqual((event.subject, event.send_reminder), ("Contact Printers for Ada", 0))
		self.assertEqual(event.description.replace("<br/>", "<br>"), "The offer &amp; prices<br>and dates")
		self.assertEqual(deal.follow_up_event, event.name)
		self.assertEqual(frappe.db.get_value("Opportunity", deal.name, "follow_up_event"), event.name)

	def test_the_user_sees_it_in_his_calendar_and_a_colleague_does_not(self):
		event = self.event(self.deal())
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
		deal = self.deal(opportunity_from="Customer", party_name=customer.name, contact_person=first)
		self.assertEqual(self.participants(deal), {("Opportunity", deal.name), ("Contact", first)})
		deal.contact_person = second
		deal.save()
		self.assertEqual(self.participants(deal), {("Opportunity", deal.name), ("Contact", second)})

	def participants(self, deal) -> set:
		return {(row.reference_doctype, row.reference_docname) for row in self.event(deal).event_participants}

	def test_it_moves_with_the_date_and_keeps_its_length(self):
		deal = self.deal()
		event = self.event(deal)
		event.ends_on = add_to_date(event.starts_on, hours=1)
		event.save()
		deal.reload().next_contact_date = in_hours(72)
		deal.save()
		moved = self.event(deal)
		self.assertEqual((moved.name, moved.starts_on), (event.name, in_hours(72)))
		self.assertEqual(moved.ends_on, add_to_date(in_hours(72), hours=1))

	def test_handed_to_another_user_it_is_that_users(self):
		deal, successor = self.deal(), make_user("Sales User")
		name = deal.follow_up_event
		deal.next_contact_by = successor
		deal.save()
		event = self.event(deal)
		self.assertEqual((event.name, event.owner), (name, successor))

	def test_what_to_discuss_and_the_title_are_kept_in_step(self):
		deal = self.deal()
		deal.update({"to_discuss": "Delivery", "title": "Renamed"})
		deal.save()
		event = self.event(deal)
		self.assertEqual((event.subject, event.description), ("Contact Renamed", "Delivery"))

	def test_a_save_that_changes_nothing_of_it_leaves_it_alone(self):
		deal = self.deal()
		modified = self.event(deal).modified
		deal.customer_need = "Speed"
		deal.save()
		self.assertEqual(self.event(deal).modified, modified)

	def test_an_emptied_date_removes_it(self):
		deal = self.deal()
		deal.next_contact_date = None
		deal.save()
		self.assertEqual((self.events(deal), deal.reload().follow_up_event), ([], None))

	def test_without_a_date_there_is_none(self):
		deal = make_opportunity(next_contact_by=self.user)
		self.assertEqual((self.events(deal), deal.next_contact_by), ([], self.user))

	def test_a_date_alone_is_the_owners_or_else_his_who_enters_it(self):
		owned = self.deal(next_contact_by=None, opportunity_owner=self.user)
		self.assertEqual((owned.next_contact_by, self.event(owned).owner), (self.user, self.user))
		unowned = self.deal(next_contact_by=None)
		self.assertEqual(self.event(unowned).owner, "Administrator")

	def test_it_is_not_given_to_whoever_would_not_see_it(self):
		frappe.db.set_value("User", self.user, "enabled", 0)
		for user in (self.user, "Guest"):
			with self.assertRefused(NextContactByUnfit, user):
				self.deal(next_contact_by=user)
		deal = self.deal(next_contact_by=None, opportunity_owner=self.user)
		self.assertEqual(deal.next_contact_by, frappe.session.user)

	def test_a_leaver_keeps_his_until_it_is_handed_over(self):
		deal = self.deal()
		frappe.db.set_value("User", self.user, "enabled", 0)
		deal.reload().update({"to_discuss": "Prices", "next_contact_date": in_hours(9)})
		deal.save()
		self.assertEqual(deal.reload().next_contact_by, self.user)

	def test_a_past_date_may_be_entered(self):
		deal = self.deal(hours=-24)
		self.assertEqual(self.event(deal).starts_on, deal.next_contact_date)

	def test_a_date_that_does_not_exist_is_refused(self):
		with self.assertRefused(ImpossibleDate):
			self.deal(next_contact_date="2031-02-30 10:00:00")

	def test_ending_the_deal_removes_it_and_empties_the_date(self):
		lost, won, closed = self.deal(), self.deal(), self.deal()
		lost.declare_lost([make_lost_reason().name])
		won.mark_won()
		closed.status = "Closed"
		closed.save()
		for deal in (lost, won, closed):
			deal.reload()
			self.assertEqual(self.events(deal), [])
			self.assertEqual((deal.next_contact_date, deal.follow_up_event), (None, None))

	def test_it_stays_while_the_deal_is_paused(self):
		deal = self.deal()
		deal.pause(in_days(9))
		self.assertEqual(self.event(deal).status, "Open")

	def test_deleting_the_deal_removes_it(self):
		deal = self.deal()
		event = deal.follow_up_event
		deal.delete()
		self.assertFalse(frappe.db.exists("Event", event))

	def test_nobody_lays_hands_on_a_foreign_event_by_naming_it(self):
		foreign = self.event(self.deal())
		deal = make_opportunity(follow_up_event=foreign.name)
		deal.follow_up_event = foreign.name
		deal.save()
		deal.delete()
		self.assertTrue(frappe.db.exists("Event", foreign.name))

	def test_a_copy_of_a_deal_does_not_share_it(self):
		deal = self.deal()
		copy = frappe.copy_doc(deal).insert()
		self.assertEqual(self.event(copy).name, copy.follow_up_event)
		self.assertNotEqual(copy.follow_up_event, self.event(deal).name)

	def test_a_colleague_without_right_on_the_event_moves_it_with_the_deal(self):
		deal = self.deal()
		with self.as_user("Sales User"):
			mine = frappe.get_doc("Opportunity", deal.name)
			mine.next_contact_date = in_hours(5)
			mine.save()
		event = self.event(deal)
		self.assertEqual((event.starts_on, event.owner), (in_hours(5), self.user))


class TestTheCalendar(FollowUpCase):
	def test_moving_the_event_moves_the_next_contact(self):
		deal = self.deal()
		frappe.set_user(self.user)
		event = self.event(deal)
		event.starts_on = in_hours(30)
		event.save()
		deal.reload()
		self.assertEqual(deal.next_contact_date, in_hours(30))
		self.assertEqual(self.event(deal).starts_on, in_hours(30))

	def test_an_ended_length_or_text_changes_nothing_of_the_deal(self):
		deal = self.deal()
		modified = deal.reload().modified
		event = self.event(deal)
		event.update({"ends_on": in_hours(60), "description": "Bring samples"})
		event.save()
		self.assertEqual(deal.reload().modified, modified)
		self.assertEqual((deal.next_contact_date, deal.to_discuss), (in_hours(48), None))

	def test_who_may_neither_write_the_deal_nor_is_to_contact_cannot_move_it(self):
		deal = self.deal()
		event = self.event(deal)
		event.event_type = "Public"
		event.save()
		with self.as_user("Purchase User"), self.assertRefused(frappe.PermissionError):
			event = frappe.get_doc("Event", event.name)
			event.starts_on = in_hours(30)
			event.save()
		self.assertEqual(deal.reload().next_contact_date, in_hours(48))

	def test_completing_it_is_doing_the_follow_up(self):
		deal = self.deal()
		event = self.event(deal)
		event.status = "Completed"
		event.save()
		deal.reload()
		self.assertEqual((deal.next_contact_date, deal.follow_up_event), (None, None))
		self.assertEqual(self.event(deal).status, "Completed")
		self.assertIn("Marked as completed in the calendar.", self.said(deal)[0])

	def test_calling_it_off_leaves_the_follow_up_standing(self):
		deal = self.deal()
		event = self.event(deal)
		event.status = "Cancelled"
		event.save()
		self.assertEqual(deal.reload().next_contact_date, in_hours(48))
		deal.snooze_follow_up(str(in_hours(50)))
		self.assertEqual((self.event(deal).name, self.event(deal).status), (event.name, "Open"))

	def test_a_deleted_event_drops_no_follow_up_and_comes_back_with_the_next_save(self):
		deal = self.deal()
		frappe.delete_doc("Event", deal.follow_up_event)
		deal.reload()
		self.assertEqual((deal.next_contact_date, deal.follow_up_event), (in_hours(48), None))
		deal.customer_need = "Speed"
		deal.save()
		self.assertEqual(self.event(deal).name, deal.follow_up_event)

	def test_an_event_that_vanished_unseen_comes_back_when_the_date_moves(self):
		deal = self.deal()
		frappe.db.delete("Event", {"name": deal.follow_up_event})
		deal.next_contact_date = in_hours(20)
		deal.save()
		self.assertEqual(self.event(deal).starts_on, in_hours(20))


class TestManyAtOnce(FollowUpCase):
	def test_what_lost_its_event_is_found_and_gets_another(self):
		sound, deleted, vanished = self.deal(), self.deal(to_discuss="1 < 2"), self.deal()
		frappe.delete_doc("Event", deleted.follow_up_event)
		frappe.db.delete("Event", {"name": vanished.follow_up_event})
		frappe.db.delete("Event Participants", {"parent": vanished.follow_up_event})
		found = without_event("", 10_000)
		self.assertNotIn(sound.name, found)
		self.assertLessEqual({deleted.name, vanished.name}, set(found))
		restore_events([sound.name, deleted.name, vanished.name])
		for deal in (sound, deleted, vanished):
			event = self.event(deal.reload())
			self.assertEqual((event.name, event.owner), (deal.follow_up_event, self.user))
			self.assertEqual((event.starts_on, event.status), (in_hours(48), "Open"))
		self.assertEqual(self.event(deleted).description, "1 &lt; 2")
		self.assertEqual(self.event(deleted).subject, f"Contact {deleted.title}")

	def test_restoring_twice_makes_one(self):
		deal = self.deal()
		remove_events([deal.name])
		self.assertEqual((self.events(deal), deal.reload().follow_up_event), ([], None))
		self.assertEqual(deal.next_contact_date, in_hours(48))
		restore_events([deal.name])
		restore_events([deal.name])
		self.event(deal)

	def test_a_restored_event_is_as_any_other(self):
		deal = self.deal()
		remove_events([deal.name])
		restore_events([deal.name])
		deal.reload().snooze_follow_up(str(in_hours(60)))
		self.assertEqual(self.event(deal).starts_on, in_hours(60))

	def test_ended_deals_and_those_without_date_need_none(self):
		ended, undated = self.deal(), self.deal(next_contact_date=None)
		ended.mark_won()
		self.assertTrue({ended.name, undated.name}.isdisjoint(without_event("", 10_000)))

	def test_a_successor_gets_missed_and_coming_ones_once(self):
		missed, coming, successor = self.deal(hours=-72), self.deal(), make_user("Sales User")
		hand_over(self.user, successor)
		for deal in (missed, coming):
			self.assertEqual((deal.reload().next_contact_by, self.event(deal).owner), (successor, successor))
