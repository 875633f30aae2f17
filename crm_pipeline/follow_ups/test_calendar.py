"""The calendar of next contacts."""

from unittest.mock import patch

import frappe
from frappe.utils import get_datetime

from crm_pipeline.api import calendar
from crm_pipeline.api.calendar import get_next_contacts
from crm_pipeline.exceptions import (
	FollowUpMissing,
	ImpossibleDate,
	OpportunitiesSwitchedOff,
	UnreadableFilters,
)
from crm_pipeline.tests.factories import in_days, make_lead, make_lost_reason, make_opportunity
from crm_pipeline.tests.following_up import FollowUpCase, in_hours
from crm_pipeline.tests.limited import SELLER, Limited, as_, settings
from crm_pipeline.tests.rest import RestTestCase


def shown(start=None, end=None, **options) -> dict[str, dict]:
	"""The entries from ten days ago to ten days ahead, unless said otherwise, by their names."""
	entries = get_next_contacts(str(start or in_hours(-240)), str(end or in_hours(240)), **options)
	return {entry["name"]: entry for entry in entries}


class TestNextContacts(FollowUpCase):
	def test_an_entry_says_whom_when_and_by_whom(self):
		opportunity = self.opportunity(title="Printers & more")
		entry = shown()[opportunity.name]
		self.assertEqual((entry["title"], entry["next_contact_by"]), ("Printers & more", self.user))
		self.assertEqual(get_datetime(entry["next_contact_date"]), in_hours(48))
		self.assertEqual(entry["end"], entry["next_contact_date"])
		self.assertEqual(entry["tooltip"], "Printers & more · Next contact by Test")

	def test_what_is_past_is_overdue_and_what_comes_is_not(self):
		missed, coming = self.opportunity(hours=-1), self.opportunity(hours=1)
		entries = shown()
		self.assertEqual(
			[entries[opportunity.name]["overdue"] for opportunity in (missed, coming)], [True, False]
		)

	def test_the_span_has_its_start_and_not_its_end(self):
		before, first, last, after = (self.opportunity(hours=hours).name for hours in (9, 10, 11, 12))
		found = shown(in_hours(10), in_hours(12)).keys() & {before, first, last, after}
		self.assertEqual(found, {first, last})

	def test_entries_come_in_order(self):
		late, early = self.opportunity(hours=20).name, self.opportunity(hours=10).name
		self.assertEqual([name for name in shown() if name in (late, early)], [early, late])

	def test_opportunities_without_a_next_contact_and_ended_ones_are_not_shown(self):
		none, won, lost, closed = (
			self.opportunity(next_contact_date=None),
			self.opportunity(),
			self.opportunity(),
			self.opportunity(),
		)
		won.mark_won()
		lost.declare_lost([make_lost_reason().name])
		# As auto-close leaves it: the date of a missed contact stays.
		frappe.db.set_value("Opportunity", closed.name, {"status": "Closed", "own_status": "Closed"})
		self.assertTrue(
			shown().keys().isdisjoint(opportunity.name for opportunity in (none, won, lost, closed))
		)

	def test_a_paused_opportunity_is_still_to_be_contacted(self):
		opportunity = self.opportunity()
		opportunity.pause(in_days(9))
		self.assertIn(opportunity.name, shown())

	def test_the_filters_of_the_list_hold(self):
		mine, other = self.opportunity(opportunity_amount=77.25), self.opportunity()
		filters = frappe.as_json([["Opportunity", "opportunity_amount", "=", 77.25, False]])
		self.assertEqual(shown(filters=filters).keys() & {mine.name, other.name}, {mine.name})

	def test_filters_by_field_hold_too(self):
		mine, other = self.opportunity(opportunity_amount=77.25), self.opportunity()
		for by_field in ({"opportunity_amount": 77.25}, {"opportunity_amount": [">", 77]}):
			for filters in (by_field, frappe.as_json(by_field)):
				with self.subTest(filters=filters):
					self.assertEqual(shown(filters=filters).keys() & {mine.name, other.name}, {mine.name})

	def test_no_filters_are_no_conditions(self):
		opportunity = self.opportunity()
		for filters in (None, "", "[]", "{}", "null", [], {}):
			with self.subTest(filters=filters):
				self.assertIn(opportunity.name, shown(filters=filters))

	def test_what_is_no_filter_is_refused(self):
		for filters in (
			"5",
			"0",
			"{",
			'"status"',
			"[5]",
			'["status"]',
			'[["status"]]',
			'{"status": []}',
			[7],
		):
			with (
				self.subTest(filters=filters),
				self.assertRefused(UnreadableFilters, "JSON list of conditions"),
			):
				shown(filters=filters)

	def test_a_filter_lets_no_ended_opportunity_in(self):
		opportunity = self.opportunity()
		frappe.db.set_value("Opportunity", opportunity.name, {"status": "Closed", "own_status": "Closed"})
		self.assertNotIn(opportunity.name, shown(filters={"status": "Closed"}))

	def test_no_more_come_than_a_calendar_shows(self):
		late, early = self.opportunity(hours=-200).name, self.opportunity(hours=-230).name
		with patch.object(calendar, "MOST_ENTRIES", 1):
			found = shown(filters={"name": ["in", [late, early]]})
		self.assertEqual(list(found), [early])

	def test_a_span_that_is_none_is_refused(self):
		with self.assertRefused(ImpossibleDate):
			get_next_contacts("2031-02-30", "2031-03-30")


class TestWhoSeesThem(Limited):
	def setUp(self):
		super().setUp()
		as_("Administrator")
		self.contacts = {
			user: make_opportunity(opportunity_owner=user, next_contact_date=in_hours(5)).name
			for user in (self.anna, self.ben)
		}

	def test_a_seller_sees_their_own_and_what_they_are_to_contact(self):
		handed_over = make_opportunity(
			opportunity_owner=self.anna, next_contact_by=self.ben, next_contact_date=in_hours(6)
		)
		as_(self.ben)
		self.assertEqual(set(shown()), {self.contacts[self.ben], handed_over.name})

	def test_a_filter_widens_nothing(self):
		as_(self.ben)
		filters = frappe.as_json([["Opportunity", "opportunity_owner", "=", self.anna]])
		self.assertEqual(shown(filters=filters), {})

	def test_a_manager_sees_all(self):
		with self.as_user("Sales Manager"):
			self.assertLessEqual(set(self.contacts.values()), set(shown()))

	def test_without_a_role_or_with_opportunities_off_it_is_refused(self):
		with self.as_user(), self.assertRefused(frappe.PermissionError):
			shown()
		settings(disabled_roles=[{"role": SELLER}])
		as_(self.ben)
		with self.assertRefused(OpportunitiesSwitchedOff):
			shown()


class TestMoving(FollowUpCase):
	def test_the_event_and_the_reminder_go_along(self):
		opportunity = self.opportunity()
		frappe.db.set_value(
			"Opportunity", opportunity.name, "follow_up_reminded_for", opportunity.next_contact_date
		)
		opportunity.reload().move_follow_up(str(in_hours(72)))
		self.assertEqual(
			(opportunity.reload().next_contact_date, opportunity.follow_up_reminded_for), (in_hours(72), None)
		)
		self.assertEqual(self.event(opportunity).starts_on, in_hours(72))

	def test_into_the_past_it_is_overdue(self):
		opportunity = self.opportunity()
		opportunity.move_follow_up(str(in_hours(-5)))
		self.assertTrue(shown()[opportunity.name]["overdue"])

	def test_what_is_not_there_cannot_be_moved_nor_to_a_date_that_is_none(self):
		opportunity = self.opportunity(next_contact_date=None)
		with self.assertRefused(FollowUpMissing):
			opportunity.move_follow_up(str(in_hours(5)))
		with self.assertRefused(ImpossibleDate):
			self.opportunity().move_follow_up("tomorrow")

	def test_who_may_only_look_cannot_move_it(self):
		opportunity = self.opportunity()
		with self.as_user("Purchase User"), self.assertRefused(frappe.PermissionError):
			frappe.get_doc("Opportunity", opportunity.name).move_follow_up(str(in_hours(5)))


class TestOverRest(RestTestCase):
	roles = (SELLER,)

	def test_the_calendar_reads_and_moves(self):
		opportunity = make_opportunity(opportunity_owner=self.api.user, next_contact_date=in_hours(5))
		self.made.append(("Opportunity", opportunity.name))
		frappe.db.commit()
		path = "/api/method/crm_pipeline.api.calendar.get_next_contacts"
		span = {"start": str(in_hours(0)), "end": str(in_hours(24))}
		# Frappe's calendar sends what ours has no use for, too.
		answer = self.api.get(path, doctype="Opportunity", field_map="{}", filters="[]", **span)
		self.assertIn(opportunity.name, [entry["name"] for entry in answer.json["message"]])
		self.assertEqual(self.api.post(path, **span).status_code, 403)
		refused = self.api.get(path, filters="5", **span)
		self.assertAnswer(refused, 417, "UnreadableFilters")
		moved = self.api.run("Opportunity", opportunity.name, "move_follow_up", to=str(in_hours(9)))
		self.assertEqual(moved.status_code, 200, moved.get_data(as_text=True))
		self.assertEqual(get_datetime(moved.json["docs"][0]["next_contact_date"]), in_hours(9))


class TestHeadings(FollowUpCase):
	def test_an_entry_is_headed_by_what_and_whom(self):
		lead = make_lead(first_name="Ada", last_name="Lovelace", company_name="Engines")
		for party, expected in (
			({"opportunity_from": "Lead", "party_name": lead.name}, "Printers · Engines"),
			({}, "Printers"),
		):
			with self.subTest(expected):
				opportunity = self.opportunity(title="Printers", **party)
				self.assertEqual(shown()[opportunity.name]["heading"], expected)
