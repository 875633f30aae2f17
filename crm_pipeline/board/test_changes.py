"""What changed since the page was last asked."""

import json

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.utils import add_to_date, get_datetime, now_datetime

from crm_pipeline.api.pipeline import changes_since
from crm_pipeline.exceptions import ImpossibleDate, TooManyRecords, UnreadableList
from crm_pipeline.tests.boards import BoardCase, hence
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_lost_reason,
	make_opportunity,
	make_process,
	make_user,
)

LONG_AGO = "2020-01-01 00:00:00"


class TestChanges(BoardCase):
	def settle(self, *opportunities) -> None:
		"""Let everything about them have happened an hour ago."""
		then = add_to_date(now_datetime(), hours=-1)
		for each in opportunities:
			frappe.db.set_value("Opportunity", each.name, "modified", then, update_modified=False)
			frappe.db.set_value(
				"Pipeline Change", {"opportunity": each.name}, "at", then, update_modified=False
			)
			frappe.db.set_value(
				"ToDo", {"reference_name": each.name}, "modified", then, update_modified=False
			)

	def changes(self, since: str | None = None, shown=None, **filters) -> dict:
		return changes_since(since or hence(minutes=-10), self.process.name, json.dumps(filters), shown)

	def changed(self, *args, **filters) -> set[str]:
		return {card.name for card in self.changes(*args, **filters)["changed"]}

	def test_only_what_changed_comes(self):
		saved = self.opportunity(opportunity_owner=make_user("Sales User"))
		left = self.opportunity()
		self.settle(saved, left)
		self.assertEqual(self.changed(), set())
		frappe.get_doc("Opportunity", saved.name).update({"campaign": "New"}).save()
		answer = self.changes()
		self.assertEqual([card.name for card in answer["changed"]], [saved.name])
		self.assertEqual((answer["gone"], answer["reload"]), ([], 0))
		self.assertIn(saved.opportunity_owner, answer["people"])
		self.assertIn(saved.currency, answer["decimals"])

	def test_now_is_where_to_go_on_and_nothing_between_is_lost(self):
		with self.at("2031-01-10 12:00:00"):
			opportunity = self.opportunity()
			now = self.changes()["now"]
			self.assertEqual(now, "2031-01-10 12:00:00")
			self.assertEqual(self.changed(now), {opportunity.name})  # a save may have ended later
		with self.at("2031-01-10 12:00:30"):
			again = self.changes(now)["now"]
		with self.at("2031-01-10 12:01:00"):
			self.assertEqual(self.changed(again), set())

	def test_what_matches_no_longer_is_gone(self):
		anna, ben = make_user("Sales User"), make_user("Sales User")
		given, kept = self.opportunity(opportunity_owner=anna), self.opportunity(opportunity_owner=anna)
		self.settle(given, kept)
		frappe.get_doc("Opportunity", given.name).update({"opportunity_owner": ben}).save()
		answer = self.changes(owner=[anna])
		self.assertEqual((answer["changed"], answer["gone"]), ([], [given.name]))

	def test_what_moved_to_another_process_is_gone(self):
		opportunity = self.opportunity()
		other = make_process(10)
		opportunity.change_process(other.name, other.stages[0].sales_stage)
		answer = self.changes()
		self.assertEqual((answer["changed"], answer["gone"]), ([], [opportunity.name]))

	def test_what_was_lost_lately_stands_on_the_board_still(self):
		opportunity = self.opportunity()
		opportunity.declare_lost([make_lost_reason().name])
		self.assertEqual([card.status for card in self.changes()["changed"]], ["Lost"])

	def test_what_was_lost_says_why_to_who_may_read_it(self):
		opportunity, left = self.opportunity(), self.opportunity()
		reasons = [make_lost_reason().name for _number in range(2)]
		opportunity.declare_lost(reasons)
		cards = {card.name: card for card in self.changes()["changed"]}
		self.assertEqual(cards[opportunity.name].lost_reasons, reasons)
		self.assertNotIn("lost_reasons", cards[left.name])
		make_property_setter("Opportunity", "lost_reasons", "permlevel", 1, "Int")
		self.addCleanup(frappe.clear_cache, doctype="Opportunity")
		frappe.clear_cache(doctype="Opportunity")
		with self.as_user("Sales User"):
			cards = {card.name: card for card in self.changes()["changed"]}
		self.assertNotIn("lost_reasons", cards[opportunity.name])

	def test_assignments_and_bulk_statements_are_changes(self):
		assigned, revalued = self.opportunity(), self.opportunity()
		self.settle(assigned, revalued)
		make(
			"ToDo",
			reference_type="Opportunity",
			reference_name=assigned.name,
			allocated_to=make_user("Sales User"),
			description="Help",
		)
		newest = {"opportunity": revalued.name, "change": "Created"}
		frappe.db.set_value("Pipeline Change", newest, "at", now_datetime())
		self.settled_again(assigned)
		self.assertEqual(self.changed(), {assigned.name, revalued.name})

	def settled_again(self, opportunity) -> None:
		then = add_to_date(now_datetime(), hours=-1)
		frappe.db.set_value("Opportunity", opportunity.name, "modified", then, update_modified=False)

	def test_what_became_overdue_meanwhile(self):
		opportunity = self.opportunity(next_contact_date=hence(minutes=-5))
		self.settle(opportunity)
		self.assertEqual(self.changed(state="overdue"), {opportunity.name})
		self.assertEqual(self.changed(hence(minutes=-3), state="overdue"), set())

	def test_hidden_ones_are_never_named(self):
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		hidden = self.opportunity(opportunity_owner=make_user("Sales User"))
		with self.as_user("Sales User"):
			self.assertNotIn(hidden.name, frappe.as_json(self.changes()))

	def test_what_the_page_shows_and_is_hidden_or_deleted_by_now_is_gone(self):
		here, deleted, filtered = self.opportunity(), self.opportunity(), self.opportunity(5)
		self.settle(here, deleted, filtered)
		frappe.delete_doc("Opportunity", deleted.name)
		shown = [here.name, deleted.name, filtered.name]
		for sent in (shown, json.dumps(shown)):
			answer = self.changes(shown=sent, value=[50, None])
			self.assertEqual((answer["changed"], answer["gone"]), ([], [deleted.name, filtered.name]))

	def test_too_many_changes_ask_to_reload(self):
		from crm_pipeline.board import changes

		self.addCleanup(setattr, changes, "MOST_CHANGES", changes.MOST_CHANGES)
		changes.MOST_CHANGES = 2
		first, second = self.opportunity(), self.opportunity()
		for each in (first, second):
			frappe.db.set_value("Opportunity", each.name, "modified", in_days(900), update_modified=False)
		beyond = str(get_datetime(in_days(899)))
		self.assertEqual((len(self.changes(beyond)["changed"]), self.changes(beyond)["reload"]), (2, 0))
		third = make_opportunity()
		frappe.db.set_value("Opportunity", third.name, "modified", in_days(900), update_modified=False)
		answer = self.changes(beyond, shown=[first.name])
		self.assertEqual((answer["changed"], answer["gone"], answer["reload"]), ([], [], 1))

	def test_bad_input(self):
		for since in ("yesterday", "", "2031-02-30 00:00:00", "2031-01-01T00:00:00+02:00"):
			with self.assertRefused(ImpossibleDate):
				changes_since(since, self.process.name)
		with self.assertRefused(UnreadableList):
			self.changes(shown="{")
		with self.assertRefused(UnreadableList):
			self.changes(shown=[7])
		with self.assertRefused(TooManyRecords):
			self.changes(shown=["x"] * 2501)
		with self.assertRefused(frappe.DoesNotExistError):
			changes_since(LONG_AGO, "No such process")

	def test_a_moment_to_come(self):
		self.opportunity()
		self.assertEqual(self.changed(hence(days=5000)), set())

	def test_the_number_of_statements_does_not_grow(self):
		self.opportunity()
		self.changes()
		before = self.statements(self.changes)
		for _number in range(5):
			self.opportunity()
		self.assertEqual(self.statements(self.changes), before)
