"""Assignment rules, owners and assignments go together; a disabled user's work goes to others."""

import json
import random
from unittest.mock import patch

import frappe
from frappe.automation.doctype.assignment_rule.assignment_rule import apply
from frappe.desk.form import assign_to

from crm_pipeline import exceptions
from crm_pipeline.api.assignment import disable_rule, enable_rule, get_rules
from crm_pipeline.api.handover import preview_handover
from crm_pipeline.boot import add_to_boot
from crm_pipeline.controllers.reassignment import assign_anew
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_lead,
	make_lost_reason,
	make_opportunity,
	make_user,
	unique,
)

ENDED = 'status in ("Converted", "Lost", "Closed")'
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def make_rule(*users: str, **fields):
	"""A rule that is on, among these users, for the deals of a campaign of its own only."""
	campaign = unique("Campaign")
	values = {
		"name": unique("Rule"),
		"document_type": "Opportunity",
		"rule": "Round Robin",
		"priority": 100,
		"description": "Take on {{ title }}",
		"assign_condition": f"campaign == {campaign!r} and not opportunity_owner",
		"assignment_days": [{"day": day} for day in WEEK],
		"users": [{"user": user} for user in users],
	}
	rule = make("Assignment Rule", **{**values, **fields})
	rule.campaign = campaign
	return rule


def forget_rules():
	"""Frappe remembers the enabled rules of a DocType until one of them is saved, not until it is rolled back."""
	for doctype in ("Opportunity", "Lead", "Contact"):
		frappe.get_doc({"doctype": "Assignment Rule", "document_type": doctype}).clear_cache()
	for rule in frappe.get_all("Assignment Rule", pluck="name"):
		frappe.clear_document_cache("Assignment Rule", rule)


def value(doc, field: str):
	return frappe.db.get_value(doc.doctype, doc.name, field)


def owner(doc) -> str | None:
	return value(doc, "opportunity_owner")


def tasks(doc, **filters) -> list[dict]:
	on_doc = {"reference_type": doc.doctype, "reference_name": doc.name}
	fields = ["name", "allocated_to", "status", "assignment_rule", "description"]
	return frappe.get_all("ToDo", {**on_doc, **filters}, fields, order_by="creation")


def assigned(doc) -> list[str]:
	return sorted(task.allocated_to for task in tasks(doc, status="Open"))


def disable(user: str):
	doc = frappe.get_doc("User", user)
	doc.enabled = 0
	doc.save()


class AssignmentCase(TestCase):
	def setUp(self):
		super().setUp()
		self.anna, self.bob, self.carl = (make_user("Sales User") for _each in range(3))

	def undo(self):
		super().undo()
		forget_rules()

	def given_to(self, user: str, **fields):
		"""A deal that a manager enters for somebody."""
		with self.as_user("Sales Manager"):
			return make_opportunity(opportunity_owner=user, **fields)

	def owners_of_new_deals(self, rule, count: int, **fields) -> list[str | None]:
		return [
			make_opportunity(campaign=rule.campaign, **fields).opportunity_owner for _each in range(count)
		]


class TestShippedRules(AssignmentCase):
	def test_they_are_there_and_off(self):
		for name, doctype, kind in (
			("Opportunities in Turn", "Opportunity", "Round Robin"),
			("Opportunities by Load", "Opportunity", "Load Balancing"),
			("Opportunities to Their Owner", "Opportunity", "Based on Field"),
			("Leads in Turn", "Lead", "Round Robin"),
		):
			rule = frappe.get_doc("Assignment Rule", name)
			self.assertEqual((rule.document_type, rule.rule, rule.disabled), (doctype, kind, 1))
			self.assertEqual([row.day for row in rule.assignment_days], list(WEEK))
			self.assertEqual(rule.users, [])

	def test_each_works_once_users_are_chosen(self):
		user = make_user("Sales User")
		for name, doc in (
			("Opportunities in Turn", make_opportunity),
			("Opportunities by Load", make_opportunity),
			("Opportunities to Their Owner", lambda: make_opportunity(opportunity_owner=user)),
			("Leads in Turn", make_lead),
		):
			rule = frappe.get_doc("Assignment Rule", name)
			rule.update({"disabled": 0, "users": [{"user": user}]})
			rule.save()
			made = doc()
			self.assertEqual(made.get("opportunity_owner") or made.get("lead_owner"), user, name)
			self.assertEqual(assigned(made), [user], name)
			rule.reload().disabled = 1
			rule.save()


class TestRoundRobin(AssignmentCase):
	def test_in_turn_and_from_the_start_again(self):
		rule = make_rule(self.anna, self.bob, self.carl)
		expected = [self.anna, self.bob, self.carl, self.anna, self.bob]
		self.assertEqual(self.owners_of_new_deals(rule, 5), expected)

	def test_the_order_that_a_naive_model_gives_while_users_come_and_go(self):
		"""The model: a queue. Whoever gets a deal goes to its end; a leaver leaves it, a newcomer stands last."""
		users = [make_user("Sales User") for _each in range(5)]
		rule, queue, rng = make_rule(*users), list(users), random.Random(7)
		for _step in range(25):
			if rng.random() < 0.2 and len(queue) > 1:
				leaver = rng.choice(queue)
				queue.remove(leaver)
				disable(leaver)
			else:
				queue.append(queue.pop(0))
				self.assertEqual(self.owners_of_new_deals(rule, 1), queue[-1:])


class TestLoadBalancing(AssignmentCase):
	def test_whoever_has_least_gets_it_as_a_naive_model_says(self):
		users, rng = [self.anna, self.bob, self.carl], random.Random(3)
		rule, open_deals = make_rule(*users, rule="Load Balancing"), {user: [] for user in users}
		for _step in range(20):
			busy = [user for user in users if open_deals[user]]
			if busy and rng.random() < 0.3:
				deal = open_deals[rng.choice(busy)].pop()
				deal.reload().declare_lost([make_lost_reason().name])
			else:
				expected = min(users, key=lambda user: len(open_deals[user]))
				deal = make_opportunity(campaign=rule.campaign)
				self.assertEqual(deal.opportunity_owner, expected)
				open_deals[expected].append(deal)


class TestConditions(AssignmentCase):
	def test_territory_and_amount(self):
		north = make_rule(self.anna, assign_condition=f"territory == 'North {self.anna}'")
		big = make_rule(
			self.bob, assign_condition=f"territory == 'South {self.anna}' and opportunity_amount > 1000"
		)
		for fields, expected in (
			({"territory": f"North {self.anna}"}, north.users[0].user),
			({"territory": f"South {self.anna}", "opportunity_amount": 1001}, big.users[0].user),
			({"territory": f"South {self.anna}", "opportunity_amount": 1000}, None),
			({"territory": "East"}, None),
		):
			self.assertEqual(make_opportunity(**fields).opportunity_owner, expected)

	def test_the_rule_of_higher_priority_goes_first(self):
		first = make_rule(self.anna, priority=7)
		make_rule(self.bob, priority=8, assign_condition=first.assign_condition)
		self.assertEqual(self.owners_of_new_deals(first, 1), [self.bob])

	def test_only_on_its_days(self):
		rule = make_rule(self.anna, assignment_days=[{"day": "Tuesday"}])
		self.addCleanup(frappe.flags.pop, "assignment_day", None)
		for day, expected in (("Monday", None), ("Tuesday", self.anna)):
			frappe.flags.assignment_day = day
			self.assertEqual(self.owners_of_new_deals(rule, 1), [expected])

	def test_by_a_field_of_the_deal(self):
		rule = make_rule(rule="Based on Field", field="next_contact_by")
		deal = make_opportunity(campaign=rule.campaign, next_contact_by=self.bob)
		self.assertEqual((deal.opportunity_owner, assigned(deal)), (self.bob, [self.bob]))
		self.assertIsNone(make_opportunity(campaign=rule.campaign).opportunity_owner)

	def test_unassigning_lets_the_next_rule_assign(self):
		rule = make_rule(self.anna, unassign_condition="probability == 42", priority=90)
		field = f"campaign == {rule.campaign!r} and probability == 42"
		make_rule(self.bob, assign_condition=field, priority=80)
		deal = make_opportunity(campaign=rule.campaign)
		deal.probability = 42
		deal.save()
		self.assertEqual(assigned(deal), [self.bob])
		self.assertEqual(owner(deal), self.anna)

	def test_the_due_date_follows_a_field(self):
		rule = make_rule(self.anna, due_date_based_on="expected_closing")
		deal = make_opportunity(campaign=rule.campaign, expected_closing=in_days(5))
		self.assertEqual(str(value(frappe.get_doc("ToDo", tasks(deal)[0].name), "date")), in_days(5))
		deal.expected_closing = in_days(9)
		deal.save()
		self.assertEqual(str(value(frappe.get_doc("ToDo", tasks(deal)[0].name), "date")), in_days(9))


class TestOwnerFollowsAssignment(AssignmentCase):
	def test_the_document_in_hand_knows_and_the_history_too(self):
		rule = make_rule(self.anna)
		deal = make_opportunity(campaign=rule.campaign)
		self.assertEqual((deal.opportunity_owner, owner(deal)), (self.anna, self.anna))
		self.assertEqual(json.loads(value(deal, "_assign")), [self.anna])
		history = frappe.get_all(
			"Pipeline Change", {"opportunity": deal.name}, ["change", "opportunity_owner"], order_by="idx"
		)
		self.assertEqual([tuple(row.values()) for row in history], [("Created", self.anna)])
		deal.opportunity_amount = 5
		deal.save()
		self.assertEqual((owner(deal), assigned(deal)), (self.anna, [self.anna]))

	def test_a_later_save_that_a_rule_covers_gives_an_owner(self):
		rule = make_rule(self.anna)
		deal = make_opportunity()
		deal.update({"campaign": rule.campaign, "opportunity_amount": 8})
		deal.save()
		self.assertEqual((deal.opportunity_owner, owner(deal)), (self.anna, self.anna))
		changes = frappe.get_all("Pipeline Change", {"opportunity": deal.name}, ["change", "new_value"])
		self.assertEqual(
			{row.change: row.new_value for row in changes if row.change != "Created"},
			{"Owner": self.anna, "Amount": "8.0"},
		)

	def test_assigned_by_hand(self):
		deal = make_opportunity()
		assign_to.add({"doctype": deal.doctype, "name": deal.name, "assign_to": [self.anna, self.bob]})
		self.assertEqual((owner(deal), assigned(deal)), (self.anna, sorted([self.anna, self.bob])))

	def test_assigned_twice_there_is_one_task(self):
		deal = make_opportunity()
		for _each in range(2):
			assign_to.add({"doctype": deal.doctype, "name": deal.name, "assign_to": [self.anna]})
		self.assertEqual(assigned(deal), [self.anna])

	def test_a_form_that_was_open_meanwhile_does_not_empty_it(self):
		deal = make_opportunity()
		assign_to.add({"doctype": deal.doctype, "name": deal.name, "assign_to": [self.anna]})
		deal.opportunity_amount = 3
		deal.save()
		self.assertEqual(owner(deal), self.anna)

	def test_an_owner_stays_when_others_are_assigned(self):
		deal = self.given_to(self.anna)
		assign_to.add({"doctype": deal.doctype, "name": deal.name, "assign_to": [self.bob]})
		self.assertEqual((owner(deal), assigned(deal)), (self.anna, sorted([self.anna, self.bob])))

	def test_who_may_not_edit_a_deal_gives_it_no_owner(self):
		deal = make_opportunity()
		with self.as_user("Purchase User") as buyer:
			assign_to.add({"doctype": deal.doctype, "name": deal.name, "assign_to": [buyer]})
		self.assertEqual((owner(deal), assigned(deal)), (None, [buyer]))

	def test_a_task_on_a_deal_that_is_over_gives_it_no_owner(self):
		deal = make_opportunity()
		deal.declare_lost([make_lost_reason().name])
		assign_to.add({"doctype": deal.doctype, "name": deal.name, "assign_to": [self.anna]})
		self.assertIsNone(owner(deal))

	def test_whoever_enters_a_deal_that_no_rule_takes_owns_it(self):
		rule = make_rule(self.anna)
		with self.as_user("Sales User") as user:
			self.assertEqual(make_opportunity().opportunity_owner, user)
			self.assertEqual(make_lead().lead_owner, user)
			self.assertEqual(self.owners_of_new_deals(rule, 1), [self.anna])
		self.assertIsNone(make_opportunity().opportunity_owner)

	def test_a_lead_too(self):
		last_name = unique("Lead")
		make_rule(self.anna, document_type="Lead", assign_condition=f"last_name == {last_name!r}")
		lead = make_lead(last_name=last_name)
		self.assertEqual((lead.lead_owner, value(lead, "lead_owner")), (self.anna, self.anna))
		with self.as_user("Sales User"):
			self.assertEqual(make_lead(last_name=last_name).lead_owner, self.anna)


class TestAssignmentFollowsOwner(AssignmentCase):
	def test_the_owner_whom_somebody_else_sets_gets_a_task(self):
		deal = self.given_to(self.anna)
		(task,) = tasks(deal)
		self.assertEqual((task.allocated_to, task.status), (self.anna, "Open"))
		self.assertIn(deal.title, task.description)
		notified = {"for_user": self.anna, "document_name": deal.name, "type": "Assignment"}
		self.assertEqual(frappe.db.count("Notification Log", notified), 1)

	def test_who_enters_an_own_deal_needs_none(self):
		with self.as_user("Sales User"):
			self.assertEqual(tasks(make_opportunity()), [])

	def test_nor_does_what_the_software_enters(self):
		self.assertEqual(tasks(make_opportunity(opportunity_owner=self.anna)), [])

	def test_nor_does_an_import(self):
		frappe.flags.in_import = True
		self.addCleanup(frappe.flags.pop, "in_import")
		deal = self.given_to(self.anna, status="Open", transaction_date=in_days(0))
		self.assertEqual(tasks(deal), [])

	def test_a_change_of_owner_moves_the_assignment(self):
		deal = self.given_to(self.anna)
		assign_to.add({"doctype": deal.doctype, "name": deal.name, "assign_to": [self.carl]})
		deal.reload().opportunity_owner = self.bob
		deal.save()
		self.assertEqual(assigned(deal), sorted([self.bob, self.carl]))
		self.assertEqual([task.status for task in tasks(deal, allocated_to=self.anna)], ["Cancelled"])

	def test_a_rule_leaves_the_new_owner_alone(self):
		rule = make_rule(self.anna)
		deal = make_opportunity(campaign=rule.campaign)
		deal.opportunity_owner = self.bob
		deal.save()
		deal.save()
		self.assertEqual((owner(deal), assigned(deal)), (self.bob, [self.bob]))

	def test_a_disabled_owner_gets_none(self):
		disable(self.anna)
		self.assertEqual(tasks(self.given_to(self.anna)), [])


class TestClosing(AssignmentCase):
	def end(self, deal, how: str):
		deal.reload()
		if how == "Lost":
			deal.declare_lost([make_lost_reason().name])
		elif how == "Converted":
			deal.mark_won()
		else:
			deal.status = "Closed"
			deal.save()

	def test_every_ending_closes_every_assignment(self):
		rule = make_rule(self.anna, assign_condition="False")
		for how in ("Lost", "Converted", "Closed"):
			deal = self.given_to(self.anna, campaign=rule.campaign)
			assign_to.add({"doctype": deal.doctype, "name": deal.name, "assign_to": [self.bob]})
			self.end(deal, how)
			self.assertEqual([task.status for task in tasks(deal)], ["Closed", "Closed"])
			self.assertFalse(json.loads(value(deal, "_assign") or "[]"))
			deal.reload().to_discuss = "The party"
			deal.save()
			self.assertEqual(assigned(deal), [])

	def test_a_rule_without_a_close_condition_gets_one(self):
		self.assertEqual(make_rule(self.anna).close_condition, ENDED)
		self.assertEqual(
			make_rule(self.anna, close_condition="status == 'Lost'").close_condition, "status == 'Lost'"
		)

	def test_reopening_gives_it_back_to_whom_the_rule_had_assigned_it(self):
		rule = make_rule(self.anna, self.bob)
		deal = make_opportunity(campaign=rule.campaign)
		self.end(deal, "Lost")
		deal.reload().reopen()
		self.assertEqual((owner(deal), assigned(deal)), (self.anna, [self.anna]))

	def test_a_finished_task_stays_finished(self):
		rule = make_rule(self.anna)
		deal = make_opportunity(campaign=rule.campaign)
		chore = make(
			"ToDo",
			description="Call",
			reference_type=deal.doctype,
			reference_name=deal.name,
			allocated_to=self.bob,
		)
		chore.update({"status": "Closed"}).save()
		deal.reload().opportunity_amount = 4
		deal.save()
		self.assertEqual(value(chore, "status"), "Closed")
		chore.reload().update({"status": "Open"}).save()
		self.assertEqual(value(chore, "status"), "Open")


class TestBadRules(AssignmentCase):
	def test_a_condition_that_raises_stops_no_save(self):
		rule = make_rule(self.anna, assign_condition="1 / (probability - probability)", priority=99)
		working = make_rule(self.bob, priority=1)
		frappe.clear_messages()
		deal = make_opportunity(campaign=working.campaign)
		self.assertIn("Auto assignment failed", json.dumps(frappe.local.message_log))
		self.assertEqual((deal.opportunity_owner, assigned(deal)), (self.bob, [self.bob]))
		with self.as_user("Sales User") as user:
			alone = make_opportunity()
		self.assertEqual((owner(alone), tasks(alone)), (user, []))
		self.assertIsNone(value(rule, "last_user"))

	def test_what_fits_no_record_is_refused(self):
		for fields in (
			{"assign_condition": "teritory == 'North'"},
			{"unassign_condition": "no_such_field"},
			{"close_condition": "no_such_field"},
			{"description": "{{ party.name.first }}"},
			{"description": "{{ title"},
		):
			with self.subTest(**fields), self.assertRefused(exceptions.AssignmentRuleBroken):
				make_rule(self.anna, **fields)

	def test_conditions_run_restricted(self):
		rule = make_rule(self.anna, assign_condition="title.__class__.__name__ == 'str'")
		self.assertEqual(self.owners_of_new_deals(rule, 1), [None])

	def test_users_who_would_not_be_reached_are_refused(self):
		stranger, leaver = make_user("Purchase User"), make_user("Sales User")
		disable(leaver)
		for users, refusal in (
			((), exceptions.AssigneesMissing),
			((self.anna, leaver), exceptions.AssigneeDisabled),
			((self.anna, stranger), exceptions.AssigneeNotInSales),
		):
			with self.assertRefused(refusal):
				make_rule(*users)
			self.assertEqual(make_rule(*users, disabled=1).disabled, 1)

	def test_a_user_without_mail_is_assigned_all_the_same(self):
		frappe.db.set_value("User", self.anna, "email", "")
		rule = make_rule(self.anna)
		self.assertEqual(self.owners_of_new_deals(rule, 1), [self.anna])

	def test_whom_a_deal_is_assigned_to_sees_it(self):
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		rule = make_rule(self.anna)
		with self.as_user("Sales User"):
			deal = make_opportunity(campaign=rule.campaign)
			self.assertTrue(frappe.has_permission("Opportunity", "read", deal.name))
		for user, sees in ((self.anna, True), (self.bob, False)):
			self.assertEqual(bool(frappe.has_permission("Opportunity", "read", deal.name, user=user)), sees)
		frappe.set_user(self.anna)
		self.assertEqual(
			frappe.get_list("Opportunity", {"campaign": rule.campaign}, pluck="name"), [deal.name]
		)
		deal = frappe.get_doc("Opportunity", deal.name)
		deal.opportunity_owner = self.bob
		deal.save()
		self.assertEqual(assigned(deal), [self.bob])


class TestDisabledUser(AssignmentCase):
	def leave(self, user: str):
		disable(user)
		assign_anew(user)

	def test_he_leaves_the_rules_and_the_turn_stays(self):
		for last, leaver, expected in (
			(self.anna, self.anna, self.bob),
			(self.bob, self.bob, self.carl),
			(self.carl, self.carl, self.anna),
			(self.anna, self.carl, self.bob),
		):
			frappe.db.savepoint("one_case")
			rule = make_rule(self.anna, self.bob, self.carl, last_user=last)
			disable(leaver)
			rule.reload()
			self.assertNotIn(leaver, [row.user for row in rule.users])
			self.assertEqual(self.owners_of_new_deals(rule, 1), [expected])
			frappe.db.rollback(save_point="one_case")
			forget_rules()

	def test_a_rule_without_users_is_off_and_managers_are_told(self):
		manager, rule = make_user("Sales Manager"), make_rule(self.anna)
		kept = make_rule(self.anna, rule="Based on Field", field="next_contact_by")
		disable(self.anna)
		self.assertEqual((value(rule, "disabled"), value(kept, "disabled")), (1, 0))
		told = {"for_user": manager, "document_name": rule.name}
		self.assertEqual(frappe.db.count("Notification Log", told), 1)
		self.assertIsNone(make_opportunity(campaign=rule.campaign).opportunity_owner)

	def test_rules_on_other_doctypes_are_not_ours(self):
		rule = make_rule(self.anna, document_type="Contact", assign_condition="False")
		disable(self.anna)
		self.assertEqual([row.user for row in rule.reload().users], [self.anna])

	def test_open_deals_go_in_turn_and_the_rest_stays(self):
		rule = make_rule(self.anna, self.bob, self.carl)
		deals = [self.given_to(self.anna, campaign=rule.campaign) for _each in range(5)]
		lost = self.given_to(self.anna, campaign=rule.campaign)
		lost.declare_lost([make_lost_reason().name])
		uncovered = self.given_to(self.anna)
		colleague = self.given_to(self.bob, campaign=rule.campaign)
		self.leave(self.anna)
		expected = [self.bob, self.carl, self.bob, self.carl, self.bob]
		self.assertEqual([owner(deal) for deal in deals], expected)
		self.assertEqual([assigned(deal) for deal in deals], [[user] for user in expected])
		self.assertEqual(
			[json.loads(value(deal, "_assign")) for deal in deals], [[user] for user in expected]
		)
		self.assertEqual((owner(lost), owner(uncovered), owner(colleague)), (self.anna, self.anna, self.bob))
		self.assertEqual(assigned(uncovered), [self.anna])
		self.assertEqual(value(rule, "last_user"), self.bob)

	def test_by_load_as_a_naive_model_says(self):
		rule = make_rule(self.anna, self.bob, self.carl, rule="Load Balancing")
		self.given_to(self.bob)
		self.given_to(self.bob)
		deals = [self.given_to(self.anna, campaign=rule.campaign) for _each in range(5)]
		self.leave(self.anna)
		self.assertEqual(
			[owner(deal) for deal in deals], [self.carl, self.carl, self.bob, self.carl, self.bob]
		)

	def test_history_tasks_and_colleagues(self):
		rule = make_rule(self.anna, self.bob)
		deal = self.given_to(self.anna, campaign=rule.campaign)
		assign_to.add({"doctype": deal.doctype, "name": deal.name, "assign_to": [self.carl]})
		chore = make(
			"ToDo",
			description="Send the drawing",
			allocated_to=self.anna,
			reference_type=deal.doctype,
			reference_name=deal.name,
		)
		self.leave(self.anna)
		self.assertEqual(assigned(deal), sorted([self.bob, self.bob, self.carl]))
		self.assertEqual(value(chore, "allocated_to"), self.bob)
		self.assertEqual(json.loads(value(deal, "_assign")), [self.bob, self.carl])
		last = frappe.get_all(
			"Pipeline Change",
			{"opportunity": deal.name},
			["change", "old_value", "new_value"],
			order_by="idx desc",
			limit=1,
		)
		self.assertEqual(tuple(last[0].values()), ("Owner", self.anna, self.bob))
		notified = {"for_user": self.bob, "document_name": deal.name}
		self.assertEqual(frappe.db.count("Notification Log", notified), 1)

	def test_a_deal_without_a_task_gets_one(self):
		rule = make_rule(self.anna, self.bob)
		deal = make_opportunity(campaign=rule.campaign, opportunity_owner=self.anna)
		self.leave(self.anna)
		(task,) = tasks(deal)
		self.assertEqual((task.allocated_to, task.assignment_rule), (self.bob, rule.name))
		self.assertEqual(task.description, f"Take on {deal.title}")

	def test_conditions_see_rows(self):
		rule = make_rule(self.bob, assign_condition=f"items and items[0].item_name == {self.bob!r}")
		deal = make_opportunity(
			opportunity_owner=self.anna, items=[{"item_name": self.bob, "qty": 1, "rate": 1}]
		)
		self.leave(self.anna)
		self.assertEqual(owner(deal), self.bob)
		self.assertEqual(value(rule, "last_user"), self.bob)

	def test_a_second_run_does_nothing_and_so_does_one_for_an_enabled_user(self):
		rule = make_rule(self.anna, self.bob, self.carl)
		deal = self.given_to(self.anna, campaign=rule.campaign)
		assign_anew(self.anna)
		self.assertEqual(owner(deal), self.anna)
		self.leave(self.anna)
		self.assertEqual(owner(deal), self.bob)
		before = value(deal, "modified")
		assign_anew(self.anna)
		self.assertEqual((owner(deal), value(deal, "modified")), (self.bob, before))

	def test_a_condition_that_raises_leaves_the_deal_where_it_is(self):
		rule = make_rule(self.bob, assign_condition="1 / (probability - probability)")
		deal = self.given_to(self.anna, campaign=rule.campaign)
		self.leave(self.anna)
		self.assertEqual((owner(deal), assigned(deal)), (self.anna, [self.anna]))

	def test_a_record_that_cannot_be_assigned_is_logged_and_the_others_go_on(self):
		description = "{% if to_discuss %}{{ items[0].item_name }}{% endif %}Take on"
		rule = make_rule(self.bob, description=description)
		bad, good = (
			self.given_to(self.anna, campaign=rule.campaign, to_discuss=text) for text in ("Price", None)
		)
		frappe.db.delete("ToDo", {"allocated_to": self.anna})
		logged = frappe.db.count("Error Log", {"reference_name": bad.name})  # MariaDB never rolls it back
		self.leave(self.anna)
		self.assertEqual((owner(bad), owner(good)), (self.anna, self.bob))
		self.assertEqual(frappe.db.count("Error Log", {"reference_name": bad.name}) - logged, 1)

	def test_statements_do_not_grow_with_the_number_of_deals(self):
		def statements(count: int) -> int:
			leaver = make_user("Sales User")
			for _each in range(count):
				make_opportunity(opportunity_owner=leaver, campaign=rule.campaign)
			disable(leaver)
			with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
				assign_anew(leaver)
			return spy.call_count

		rule = make_rule(self.bob)
		statements(1)
		self.assertEqual(statements(2), statements(9))

	def test_leads_too(self):
		last_name = unique("Lead")
		make_rule(self.bob, document_type="Lead", assign_condition=f"last_name == {last_name!r}")
		lead, other = make_lead(last_name=last_name, lead_owner=self.anna), make_lead(lead_owner=self.anna)
		self.leave(self.anna)
		self.assertEqual((value(lead, "lead_owner"), value(other, "lead_owner")), (self.bob, self.anna))

	def test_whoever_disables_him_reads_what_happens(self):
		rule = make_rule(self.anna, self.bob)
		self.given_to(self.anna, campaign=rule.campaign)
		self.assertEqual(preview_handover(self.anna)["rules"], [rule.name])
		frappe.clear_messages()
		disable(self.anna)
		said = json.dumps(frappe.local.message_log)
		self.assertIn("assigned anew", said)
		self.assertIn("Hand Over Pipeline", said)


class TestApplyingLater(AssignmentCase):
	def test_a_rule_can_be_applied_to_a_deal_that_was_there_before(self):
		deal = make_opportunity(campaign=unique("Campaign"))
		make_rule(self.anna, assign_condition=f"campaign == {deal.campaign!r}")
		apply(doctype=deal.doctype, name=deal.name)
		self.assertEqual((owner(deal), assigned(deal)), (self.anna, [self.anna]))


class TestSettingUp(AssignmentCase):
	RULE = "Opportunities in Turn"

	def rule(self, name: str = RULE) -> dict:
		return next(rule for rule in get_rules() if rule["name"] == name)

	def test_a_manager_switches_a_rule_on_and_off(self):
		with self.as_user("Sales Manager"):
			self.assertFalse(self.rule()["enabled"])
			enable_rule(self.RULE, users=[self.bob, self.anna, self.bob])
			self.assertTrue(self.rule()["enabled"])
			self.assertEqual([row["user"] for row in self.rule()["users"]], [self.bob, self.anna])
			owners = [make_opportunity().opportunity_owner for _each in range(3)]
			self.assertEqual(owners, [self.bob, self.anna, self.bob])
			self.assertFalse(disable_rule(self.RULE)["enabled"])
			self.assertEqual([row["user"] for row in self.rule()["users"]], [self.bob, self.anna])
			self.assertTrue(enable_rule(self.RULE)["enabled"])

	def test_a_role_means_its_users_who_may_work_with_deals(self):
		role = make("Role", role_name=unique("Team"), desk_access=1).name
		team = sorted(make_user(role, "Sales User") for _each in range(2))
		make_user(role)
		disable(make_user(role, "Sales User"))
		users = [row["user"] for row in enable_rule(self.RULE, role=role)["users"]]
		self.assertEqual(users, team)

	def test_by_a_field_no_users_are_needed(self):
		self.assertTrue(enable_rule("Opportunities to Their Owner")["enabled"])

	def test_the_form_leaves_the_owner_to_the_rules(self):
		def chosen_by_rules() -> list[str]:
			boot = frappe._dict(user={})
			add_to_boot(boot)
			return boot.crm_pipeline["assigned_by_rules"]

		self.assertEqual(chosen_by_rules(), [])
		enable_rule("Opportunities to Their Owner")
		self.assertEqual(chosen_by_rules(), [])
		enable_rule(self.RULE, users=[self.anna])
		self.assertEqual(chosen_by_rules(), ["Opportunity"])

	def test_refusals(self):
		stranger, leaver = make_user("Purchase User"), make_user("Sales User")
		disable(leaver)
		empty = make("Role", role_name=unique("Team"), desk_access=1).name
		other = make_rule(self.anna, document_type="Contact", assign_condition="False", disabled=1).name
		for arguments, refusal in (
			({"rule": self.RULE}, exceptions.AssigneesMissing),
			({"rule": self.RULE, "users": []}, exceptions.AssigneesMissing),
			({"rule": self.RULE, "role": empty}, exceptions.AssigneesMissing),
			({"rule": self.RULE, "users": [self.anna, leaver]}, exceptions.AssigneeDisabled),
			({"rule": self.RULE, "users": [stranger]}, exceptions.AssigneeNotInSales),
			({"rule": self.RULE, "users": ["nobody@example.com"]}, frappe.LinkValidationError),
			({"rule": other}, exceptions.NoPipelineRule),
			({"rule": "Nobody's Rule"}, frappe.DoesNotExistError),
		):
			with self.subTest(**arguments), self.assertRefused(refusal):
				enable_rule(**arguments)
		self.assertFalse(self.rule()["enabled"])
		with self.assertRefused(exceptions.NoPipelineRule):
			disable_rule(other)

	def test_only_managers(self):
		with self.as_user("Sales User"):
			for attempt in (
				get_rules,
				lambda: enable_rule(self.RULE, users=[self.anna]),
				lambda: disable_rule(self.RULE),
			):
				with self.assertRefused(frappe.PermissionError):
					attempt()
