"""Which rule assigns what to whom, and setting rules up."""

import json
import random

import frappe
from frappe.automation.doctype.assignment_rule.assignment_rule import apply

from crm_pipeline import exceptions
from crm_pipeline.api.assignment import disable_rule, enable_rule, get_rules
from crm_pipeline.boot import add_to_boot
from crm_pipeline.tests.assigning import (
	WEEK,
	AssignmentCase,
	assigned,
	disable,
	make_rule,
	owner,
	tasks,
	value,
)
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_lead,
	make_lost_reason,
	make_opportunity,
	make_user,
	unique,
)


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
	def test_round_robin_and_from_the_start_again(self):
		rule = make_rule(self.anna, self.bob, self.carl)
		expected = [self.anna, self.bob, self.carl, self.anna, self.bob]
		self.assertEqual(self.owners_of_new_opportunities(rule, 5), expected)

	def test_the_order_that_a_naive_model_gives_while_users_come_and_go(self):
		"""The model: a queue. Whoever gets an opportunity goes to its end; a leaver leaves it, a newcomer stands last."""
		users = [make_user("Sales User") for _each in range(5)]
		rule, queue, rng = make_rule(*users), list(users), random.Random(7)
		for _step in range(25):
			if rng.random() < 0.2 and len(queue) > 1:
				leaver = rng.choice(queue)
				queue.remove(leaver)
				disable(leaver)
			else:
				queue.append(queue.pop(0))
				self.assertEqual(self.owners_of_new_opportunities(rule, 1), queue[-1:])


class TestLoadBalancing(AssignmentCase):
	def test_whoever_has_least_gets_it_as_a_naive_model_says(self):
		users, rng = [self.anna, self.bob, self.carl], random.Random(3)
		rule, open_opportunities = make_rule(*users, rule="Load Balancing"), {user: [] for user in users}
		for _step in range(20):
			busy = [user for user in users if open_opportunities[user]]
			if busy and rng.random() < 0.3:
				opportunity = open_opportunities[rng.choice(busy)].pop()
				opportunity.reload().declare_lost([make_lost_reason().name])
			else:
				expected = min(users, key=lambda user: len(open_opportunities[user]))
				opportunity = make_opportunity(campaign=rule.campaign)
				self.assertEqual(opportunity.opportunity_owner, expected)
				open_opportunities[expected].append(opportunity)


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
		self.assertEqual(self.owners_of_new_opportunities(first, 1), [self.bob])

	def test_only_on_its_days(self):
		rule = make_rule(self.anna, assignment_days=[{"day": "Tuesday"}])
		self.addCleanup(frappe.flags.pop, "assignment_day", None)
		for day, expected in (("Monday", None), ("Tuesday", self.anna)):
			frappe.flags.assignment_day = day
			self.assertEqual(self.owners_of_new_opportunities(rule, 1), [expected])

	def test_by_a_field_of_the_opportunity(self):
		rule = make_rule(rule="Based on Field", field="next_contact_by")
		opportunity = make_opportunity(campaign=rule.campaign, next_contact_by=self.bob)
		self.assertEqual((opportunity.opportunity_owner, assigned(opportunity)), (self.bob, [self.bob]))
		self.assertIsNone(make_opportunity(campaign=rule.campaign).opportunity_owner)

	def test_unassigning_lets_the_next_rule_assign(self):
		rule = make_rule(self.anna, unassign_condition="probability == 42", priority=90)
		field = f"campaign == {rule.campaign!r} and probability == 42"
		make_rule(self.bob, assign_condition=field, priority=80)
		opportunity = make_opportunity(campaign=rule.campaign)
		opportunity.probability = 42
		opportunity.save()
		self.assertEqual(assigned(opportunity), [self.bob])
		self.assertEqual(owner(opportunity), self.anna)

	def test_the_due_date_follows_a_field(self):
		rule = make_rule(self.anna, due_date_based_on="expected_closing")
		opportunity = make_opportunity(campaign=rule.campaign, expected_closing=in_days(5))
		self.assertEqual(str(value(frappe.get_doc("ToDo", tasks(opportunity)[0].name), "date")), in_days(5))
		opportunity.expected_closing = in_days(9)
		opportunity.save()
		self.assertEqual(str(value(frappe.get_doc("ToDo", tasks(opportunity)[0].name), "date")), in_days(9))


class TestBadRules(AssignmentCase):
	def test_a_condition_that_raises_stops_no_save(self):
		rule = make_rule(self.anna, assign_condition="1 / (probability - probability)", priority=99)
		working = make_rule(self.bob, priority=1)
		frappe.clear_messages()
		opportunity = make_opportunity(campaign=working.campaign)
		self.assertIn("Auto assignment failed", json.dumps(frappe.local.message_log))
		self.assertEqual((opportunity.opportunity_owner, assigned(opportunity)), (self.bob, [self.bob]))
		with self.as_user("Sales User") as user:
			alone = make_opportunity()
		self.assertEqual((owner(alone), tasks(alone)), (user, []))
		self.assertIsNone(value(rule, "last_user"))

	def test_what_fits_no_record_is_refused(self):
		for fields in (
			{"assign_condition": "teritory == 'North'"},  # codespell:ignore teritory
			{"unassign_condition": "no_such_field"},
			{"close_condition": "no_such_field"},
			{"description": "{{ party.name.first }}"},
			{"description": "{{ title"},
		):
			with self.subTest(**fields), self.assertRefused(exceptions.AssignmentRuleBroken):
				make_rule(self.anna, **fields)

	def test_conditions_run_restricted(self):
		rule = make_rule(self.anna, assign_condition="title.__class__.__name__ == 'str'")
		self.assertEqual(self.owners_of_new_opportunities(rule, 1), [None])

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
		self.assertEqual(self.owners_of_new_opportunities(rule, 1), [self.anna])

	def test_whom_an_opportunity_is_assigned_to_sees_it(self):
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		rule = make_rule(self.anna)
		with self.as_user("Sales User"):
			opportunity = make_opportunity(campaign=rule.campaign)
			self.assertTrue(frappe.has_permission("Opportunity", "read", opportunity.name))
		for user, sees in ((self.anna, True), (self.bob, False)):
			self.assertEqual(
				bool(frappe.has_permission("Opportunity", "read", opportunity.name, user=user)), sees
			)
		frappe.set_user(self.anna)
		self.assertEqual(
			frappe.get_list("Opportunity", {"campaign": rule.campaign}, pluck="name"), [opportunity.name]
		)
		opportunity = frappe.get_doc("Opportunity", opportunity.name)
		opportunity.opportunity_owner = self.bob
		opportunity.save()
		self.assertEqual(assigned(opportunity), [self.bob])


class TestApplyingLater(AssignmentCase):
	def test_a_rule_can_be_applied_to_an_opportunity_that_was_there_before(self):
		opportunity = make_opportunity(campaign=unique("Campaign"))
		make_rule(self.anna, assign_condition=f"campaign == {opportunity.campaign!r}")
		apply(doctype=opportunity.doctype, name=opportunity.name)
		self.assertEqual((owner(opportunity), assigned(opportunity)), (self.anna, [self.anna]))


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

	def test_users_that_are_no_list_of_names_are_refused(self):
		for users in ("[abc", "[5]", [None, 5]):
			with self.subTest(users), self.assertRefused(exceptions.UnreadableList):
				enable_rule(self.RULE, users=users)
		with self.assertRefused(exceptions.AssigneesMissing):
			enable_rule(self.RULE, users=[{"name": self.bob}])

	def test_a_role_means_its_users_who_may_work_with_opportunities(self):
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
