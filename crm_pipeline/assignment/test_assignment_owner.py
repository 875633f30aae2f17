"""Owners and assignments of opportunities and leads go together."""

import json

import frappe
from frappe.desk.form import assign_to

from crm_pipeline.tests.assigning import (
	ENDED,
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
	unique,
)


class TestOwnerFollowsAssignment(AssignmentCase):
	def test_the_document_in_hand_knows_and_the_history_too(self):
		rule = make_rule(self.anna)
		opportunity = make_opportunity(campaign=rule.campaign)
		self.assertEqual((opportunity.opportunity_owner, owner(opportunity)), (self.anna, self.anna))
		self.assertEqual(json.loads(value(opportunity, "_assign")), [self.anna])
		history = frappe.get_all(
			"Pipeline Change",
			{"opportunity": opportunity.name},
			["change", "opportunity_owner"],
			order_by="idx",
		)
		self.assertEqual([tuple(row.values()) for row in history], [("Created", self.anna)])
		opportunity.opportunity_amount = 5
		opportunity.save()
		self.assertEqual((owner(opportunity), assigned(opportunity)), (self.anna, [self.anna]))

	def test_a_later_save_that_a_rule_covers_gives_an_owner(self):
		rule = make_rule(self.anna)
		opportunity = make_opportunity()
		opportunity.update({"campaign": rule.campaign, "opportunity_amount": 8})
		opportunity.save()
		self.assertEqual((opportunity.opportunity_owner, owner(opportunity)), (self.anna, self.anna))
		changes = frappe.get_all(
			"Pipeline Change", {"opportunity": opportunity.name}, ["change", "new_value"]
		)
		self.assertEqual(
			{row.change: row.new_value for row in changes if row.change != "Created"},
			{"Owner": self.anna, "Amount": "8.0"},
		)

	def test_assigned_by_hand(self):
		opportunity = make_opportunity()
		assign_to.add(
			{"doctype": opportunity.doctype, "name": opportunity.name, "assign_to": [self.anna, self.bob]}
		)
		self.assertEqual(
			(owner(opportunity), assigned(opportunity)), (self.anna, sorted([self.anna, self.bob]))
		)

	def test_assigned_twice_there_is_one_task(self):
		opportunity = make_opportunity()
		for _each in range(2):
			assign_to.add(
				{"doctype": opportunity.doctype, "name": opportunity.name, "assign_to": [self.anna]}
			)
		self.assertEqual(assigned(opportunity), [self.anna])

	def test_a_form_that_was_open_meanwhile_does_not_empty_it(self):
		opportunity = make_opportunity()
		assign_to.add({"doctype": opportunity.doctype, "name": opportunity.name, "assign_to": [self.anna]})
		opportunity.opportunity_amount = 3
		opportunity.save()
		self.assertEqual(owner(opportunity), self.anna)

	def test_an_owner_stays_when_others_are_assigned(self):
		opportunity = self.given_to(self.anna)
		assign_to.add({"doctype": opportunity.doctype, "name": opportunity.name, "assign_to": [self.bob]})
		self.assertEqual(
			(owner(opportunity), assigned(opportunity)), (self.anna, sorted([self.anna, self.bob]))
		)

	def test_who_may_not_edit_an_opportunity_gives_it_no_owner(self):
		opportunity = make_opportunity()
		with self.as_user("Purchase User") as buyer:
			assign_to.add({"doctype": opportunity.doctype, "name": opportunity.name, "assign_to": [buyer]})
		self.assertEqual((owner(opportunity), assigned(opportunity)), (None, [buyer]))

	def test_a_task_on_an_opportunity_that_is_over_gives_it_no_owner(self):
		opportunity = make_opportunity()
		opportunity.declare_lost([make_lost_reason().name])
		assign_to.add({"doctype": opportunity.doctype, "name": opportunity.name, "assign_to": [self.anna]})
		self.assertIsNone(owner(opportunity))

	def test_whoever_enters_an_opportunity_that_no_rule_takes_owns_it(self):
		rule = make_rule(self.anna)
		with self.as_user("Sales User") as user:
			self.assertEqual(make_opportunity().opportunity_owner, user)
			self.assertEqual(make_lead().lead_owner, user)
			self.assertEqual(self.owners_of_new_opportunities(rule, 1), [self.anna])
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
		opportunity = self.given_to(self.anna)
		(task,) = tasks(opportunity)
		self.assertEqual((task.allocated_to, task.status), (self.anna, "Open"))
		self.assertIn(opportunity.title, task.description)
		notified = {"for_user": self.anna, "document_name": opportunity.name, "type": "Assignment"}
		self.assertEqual(frappe.db.count("Notification Log", notified), 1)

	def test_who_enters_an_own_opportunity_needs_none(self):
		with self.as_user("Sales User"):
			self.assertEqual(tasks(make_opportunity()), [])

	def test_nor_does_what_the_software_enters(self):
		self.assertEqual(tasks(make_opportunity(opportunity_owner=self.anna)), [])

	def test_nor_does_an_import(self):
		frappe.flags.in_import = True
		self.addCleanup(frappe.flags.pop, "in_import")
		opportunity = self.given_to(self.anna, status="Open", transaction_date=in_days(0))
		self.assertEqual(tasks(opportunity), [])

	def test_a_change_of_owner_moves_the_assignment(self):
		opportunity = self.given_to(self.anna)
		assign_to.add({"doctype": opportunity.doctype, "name": opportunity.name, "assign_to": [self.carl]})
		opportunity.reload().opportunity_owner = self.bob
		opportunity.save()
		self.assertEqual(assigned(opportunity), sorted([self.bob, self.carl]))
		self.assertEqual([task.status for task in tasks(opportunity, allocated_to=self.anna)], ["Cancelled"])

	def test_a_rule_leaves_the_new_owner_alone(self):
		rule = make_rule(self.anna)
		opportunity = make_opportunity(campaign=rule.campaign)
		opportunity.opportunity_owner = self.bob
		opportunity.save()
		opportunity.save()
		self.assertEqual((owner(opportunity), assigned(opportunity)), (self.bob, [self.bob]))

	def test_a_disabled_owner_gets_none(self):
		disable(self.anna)
		self.assertEqual(tasks(self.given_to(self.anna)), [])


class TestClosing(AssignmentCase):
	def end(self, opportunity, how: str):
		opportunity.reload()
		if how == "Lost":
			opportunity.declare_lost([make_lost_reason().name])
		elif how == "Converted":
			opportunity.mark_won()
		else:
			opportunity.status = "Closed"
			opportunity.save()

	def test_every_ending_closes_every_assignment(self):
		rule = make_rule(self.anna, assign_condition="False")
		for how in ("Lost", "Converted", "Closed"):
			opportunity = self.given_to(self.anna, campaign=rule.campaign)
			assign_to.add({"doctype": opportunity.doctype, "name": opportunity.name, "assign_to": [self.bob]})
			self.end(opportunity, how)
			self.assertEqual([task.status for task in tasks(opportunity)], ["Closed", "Closed"])
			self.assertFalse(json.loads(value(opportunity, "_assign") or "[]"))
			opportunity.reload().to_discuss = "The party"
			opportunity.save()
			self.assertEqual(assigned(opportunity), [])

	def test_a_rule_without_a_close_condition_gets_one(self):
		self.assertEqual(make_rule(self.anna).close_condition, ENDED)
		self.assertEqual(
			make_rule(self.anna, close_condition="status == 'Lost'").close_condition, "status == 'Lost'"
		)

	def test_reopening_gives_it_back_to_whom_the_rule_had_assigned_it(self):
		rule = make_rule(self.anna, self.bob)
		opportunity = make_opportunity(campaign=rule.campaign)
		self.end(opportunity, "Lost")
		opportunity.reload().reopen()
		self.assertEqual((owner(opportunity), assigned(opportunity)), (self.anna, [self.anna]))

	def test_a_finished_task_stays_finished(self):
		rule = make_rule(self.anna)
		opportunity = make_opportunity(campaign=rule.campaign)
		chore = make(
			"ToDo",
			description="Call",
			reference_type=opportunity.doctype,
			reference_name=opportunity.name,
			allocated_to=self.bob,
		)
		chore.update({"status": "Closed"}).save()
		opportunity.reload().opportunity_amount = 4
		opportunity.save()
		self.assertEqual(value(chore, "status"), "Closed")
		chore.reload().update({"status": "Open"}).save()
		self.assertEqual(value(chore, "status"), "Open")
