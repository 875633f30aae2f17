"""A disabled user leaves the rules, and their work goes to others."""

import json
from unittest.mock import patch

import frappe
from frappe.desk.form import assign_to

from crm_pipeline.api.handover import preview_handover
from crm_pipeline.assignment.reassignment import leavers, reassign
from crm_pipeline.tasks import reassign_from_leavers
from crm_pipeline.tests.assigning import (
	AssignmentCase,
	assigned,
	disable,
	forget_rules,
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


class TestDisabledUser(AssignmentCase):
	def leave(self, user: str):
		disable(user)
		reassign(user)

	def test_the_night_does_what_a_lost_job_did_not(self):
		rule = make_rule(self.bob)
		left, lead = self.given_to(self.anna, campaign=rule.campaign), make_lead(lead_owner=self.anna)
		elsewhere, lost = self.given_to(self.anna), self.given_to(self.carl)
		lost.declare_lost([make_lost_reason().name])
		for user in (self.anna, self.carl):
			disable(user)
		self.assertIn(self.anna, leavers())
		self.assertNotIn(self.carl, leavers())
		for _night in range(2):
			reassign_from_leavers()
			self.assertEqual((owner(left), owner(elsewhere)), (self.bob, self.anna))
			self.assertEqual(len(tasks(left, status="Open")), 1)
		self.assertEqual(value(lead, "lead_owner"), self.anna)
		self.assertEqual(owner(lost), self.carl)

	def test_the_night_leaves_all_alone_while_opportunities_are_off(self):
		rule = make_rule(self.bob)
		left = self.given_to(self.anna, campaign=rule.campaign)
		disable(self.anna)
		with patch("crm_pipeline.tasks.is_off_for_all", return_value=True):
			reassign_from_leavers()
		self.assertEqual(owner(left), self.anna)

	def test_leaving_the_rules_keeps_the_rotation(self):
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
			self.assertEqual(self.owners_of_new_opportunities(rule, 1), [expected])
			frappe.db.rollback(save_point="one_case")
			forget_rules()

	def test_a_rule_without_users_is_off_and_managers_are_notified(self):
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

	def test_open_opportunities_go_round_robin_and_the_rest_stays(self):
		rule = make_rule(self.anna, self.bob, self.carl)
		opportunities = [self.given_to(self.anna, campaign=rule.campaign) for _each in range(5)]
		lost = self.given_to(self.anna, campaign=rule.campaign)
		lost.declare_lost([make_lost_reason().name])
		uncovered = self.given_to(self.anna)
		colleague = self.given_to(self.bob, campaign=rule.campaign)
		self.leave(self.anna)
		expected = [self.bob, self.carl, self.bob, self.carl, self.bob]
		self.assertEqual([owner(opportunity) for opportunity in opportunities], expected)
		self.assertEqual(
			[assigned(opportunity) for opportunity in opportunities], [[user] for user in expected]
		)
		self.assertEqual(
			[json.loads(value(opportunity, "_assign")) for opportunity in opportunities],
			[[user] for user in expected],
		)
		self.assertEqual((owner(lost), owner(uncovered), owner(colleague)), (self.anna, self.anna, self.bob))
		self.assertEqual(assigned(uncovered), [self.anna])
		self.assertEqual(value(rule, "last_user"), self.bob)

	def test_by_load_as_a_naive_model_says(self):
		rule = make_rule(self.anna, self.bob, self.carl, rule="Load Balancing")
		self.given_to(self.bob)
		self.given_to(self.bob)
		opportunities = [self.given_to(self.anna, campaign=rule.campaign) for _each in range(5)]
		self.leave(self.anna)
		self.assertEqual(
			[owner(opportunity) for opportunity in opportunities],
			[self.carl, self.carl, self.bob, self.carl, self.bob],
		)

	def test_history_tasks_and_colleagues(self):
		rule = make_rule(self.anna, self.bob)
		opportunity = self.given_to(self.anna, campaign=rule.campaign)
		assign_to.add({"doctype": opportunity.doctype, "name": opportunity.name, "assign_to": [self.carl]})
		chore = make(
			"ToDo",
			description="Send the drawing",
			allocated_to=self.anna,
			reference_type=opportunity.doctype,
			reference_name=opportunity.name,
		)
		self.leave(self.anna)
		self.assertEqual(assigned(opportunity), sorted([self.bob, self.bob, self.carl]))
		self.assertEqual(value(chore, "allocated_to"), self.bob)
		self.assertEqual(json.loads(value(opportunity, "_assign")), [self.bob, self.carl])
		last = frappe.get_all(
			"Pipeline Change",
			{"opportunity": opportunity.name},
			["change", "old_value", "new_value"],
			order_by="idx desc",
			limit=1,
		)
		self.assertEqual(tuple(last[0].values()), ("Owner", self.anna, self.bob))
		notified = {"for_user": self.bob, "document_name": opportunity.name}
		self.assertEqual(frappe.db.count("Notification Log", notified), 1)

	def test_an_opportunity_without_a_task_gets_one(self):
		rule = make_rule(self.anna, self.bob)
		opportunity = make_opportunity(campaign=rule.campaign, opportunity_owner=self.anna)
		self.leave(self.anna)
		(task,) = tasks(opportunity)
		self.assertEqual((task.allocated_to, task.assignment_rule), (self.bob, rule.name))
		self.assertEqual(task.description, f"Take on {opportunity.title}")

	def test_conditions_see_rows(self):
		rule = make_rule(self.bob, assign_condition=f"items and items[0].item_name == {self.bob!r}")
		opportunity = make_opportunity(
			opportunity_owner=self.anna, items=[{"item_name": self.bob, "qty": 1, "rate": 1}]
		)
		self.leave(self.anna)
		self.assertEqual(owner(opportunity), self.bob)
		self.assertEqual(value(rule, "last_user"), self.bob)

	def test_a_second_run_does_nothing_and_so_does_one_for_an_enabled_user(self):
		rule = make_rule(self.anna, self.bob, self.carl)
		opportunity = self.given_to(self.anna, campaign=rule.campaign)
		reassign(self.anna)
		self.assertEqual(owner(opportunity), self.anna)
		self.leave(self.anna)
		self.assertEqual(owner(opportunity), self.bob)
		before = value(opportunity, "modified")
		reassign(self.anna)
		self.assertEqual((owner(opportunity), value(opportunity, "modified")), (self.bob, before))

	def test_a_condition_that_raises_leaves_the_opportunity_where_it_is(self):
		rule = make_rule(self.bob, assign_condition="1 / (probability - probability)")
		opportunity = self.given_to(self.anna, campaign=rule.campaign)
		self.leave(self.anna)
		self.assertEqual((owner(opportunity), assigned(opportunity)), (self.anna, [self.anna]))

	def test_a_record_that_cannot_be_assigned_is_logged_and_the_others_go_on(self):
		description = "{% if to_discuss %}{{ items[0].item_name }}{% endif %}Take on"
		rule = make_rule(self.bob, description=description)
		bad, good = (
			self.given_to(self.anna, campaign=rule.campaign, to_discuss=text) for text in ("Price", None)
		)
		frappe.db.delete("ToDo", {"allocated_to": self.anna})
		about_it = {"method": ["like", f"%{bad.name}%"]}
		logged = frappe.db.count("Error Log", about_it)  # MariaDB never rolls it back
		self.leave(self.anna)
		self.assertEqual((owner(bad), owner(good)), (self.anna, self.bob))
		self.assertEqual(frappe.db.count("Error Log", about_it) - logged, 1)

	def test_statements_do_not_grow_with_the_number_of_opportunities(self):
		def statements(count: int) -> int:
			leaver = make_user("Sales User")
			for _each in range(count):
				make_opportunity(opportunity_owner=leaver, campaign=rule.campaign)
			disable(leaver)
			with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
				reassign(leaver)
			return spy.call_count

		rule = make_rule(self.bob)
		statements(1)
		self.assertEqual(statements(2), statements(9))

	def test_what_they_were_to_do_next_goes_along(self):
		rule = make_rule(self.anna, self.bob)
		opportunity = self.given_to(self.anna, campaign=rule.campaign, next_contact_date=in_days(3))
		self.assertEqual(value(opportunity, "next_contact_by"), self.anna)
		disable(self.anna)
		reassign(self.anna)
		self.assertEqual((owner(opportunity), value(opportunity, "next_contact_by")), (self.bob, self.bob))
		event = frappe.db.get_value("Event", value(opportunity, "follow_up_event"), "owner")
		self.assertEqual(event, self.bob)

	def test_leads_too(self):
		last_name = unique("Lead")
		make_rule(self.bob, document_type="Lead", assign_condition=f"last_name == {last_name!r}")
		lead, other = make_lead(last_name=last_name, lead_owner=self.anna), make_lead(lead_owner=self.anna)
		self.leave(self.anna)
		self.assertEqual((value(lead, "lead_owner"), value(other, "lead_owner")), (self.bob, self.anna))

	def test_whoever_disables_them_reads_what_happens(self):
		rule = make_rule(self.anna, self.bob)
		self.given_to(self.anna, campaign=rule.campaign)
		self.assertEqual(preview_handover(self.anna)["rules"], [rule.name])
		frappe.clear_messages()
		disable(self.anna)
		said = json.dumps(frappe.local.message_log)
		self.assertIn("reassigned", said)
		self.assertIn("Hand Over Pipeline", said)
