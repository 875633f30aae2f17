"""Whoever leads a team sees what is its people's, where others see their own alone; on every path, and no more."""

from unittest.mock import patch

import frappe
import frappe.client
from frappe.desk.query_report import run
from pypika.terms import EmptyCriterion

from crm_pipeline.api.history import get_progress
from crm_pipeline.api.pipeline import get_board, get_list
from crm_pipeline.permissions.visibility import visible, visible_to
from crm_pipeline.tests.factories import (
	make,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
	make_team,
	make_user,
)
from crm_pipeline.tests.limited import SELLER, Limited, as_, settings


class TestTeams(Limited):
	"""`lead` manages a team in which Anna is; Ben is in none."""

	def setUp(self):
		super().setUp()
		as_("Administrator")
		self.lead, self.boss = make_user(SELLER), make_user(SELLER)
		self.above = make_team(manager=self.boss)
		self.team = make_team(self.anna, manager=self.lead, parent_team=self.above.name)
		as_(self.lead)

	def test_lists_and_documents(self):
		for user in (self.lead, self.boss):
			with self.subTest(user):
				as_(user)
				self.assertIn(self.colleagues.name, self.names())
				self.assertNotIn(self.own.name, self.names())
				for ptype in ("read", "write", "print", "email", "share"):
					self.assertTrue(frappe.has_permission("Opportunity", ptype, self.colleagues.name))
					self.assertFalse(frappe.has_permission("Opportunity", ptype, self.own.name))

	def test_members_see_neither_each_other_nor_their_lead(self):
		as_("Administrator")
		self.team.append("members", {"user": self.ben})
		self.team.save()
		of_lead = make_opportunity(opportunity_owner=self.lead)
		as_(self.ben)
		self.assertTrue({self.colleagues.name, of_lead.name}.isdisjoint(self.names()))
		as_(self.lead)
		self.assertTrue({self.colleagues.name, self.own.name, of_lead.name} <= self.names())
		as_(self.boss)
		self.assertIn(of_lead.name, self.names())

	def test_what_their_people_are_to_contact_or_are_assigned(self):
		as_("Administrator")
		contacted, assigned = (make_opportunity(opportunity_owner=self.ben) for _number in range(2))
		frappe.db.set_value("Opportunity", contacted.name, "next_contact_by", self.anna)
		about = {"reference_type": "Opportunity", "reference_name": assigned.name}
		task = make("ToDo", allocated_to=self.anna, description="Help", **about)
		as_(self.lead)
		self.assertTrue({contacted.name, assigned.name} <= self.names())
		as_("Administrator")
		frappe.db.set_value("ToDo", task.name, "status", "Closed")
		as_(self.lead)
		self.assertNotIn(assigned.name, self.names())

	def test_writing(self):
		as_("Administrator")
		opportunity = make_opportunity(opportunity_owner=self.anna)
		as_(self.lead)
		doc = frappe.get_doc("Opportunity", opportunity.name)
		doc.update({"opportunity_owner": self.lead, "to_discuss": "Mine now"}).save()
		self.assertEqual(frappe.client.get("Opportunity", doc.name)["to_discuss"], "Mine now")

	def test_rows_history_and_reports(self):
		rows = frappe.client.get_list(
			"Opportunity Item", ["parent"], parent="Opportunity", limit_page_length=0
		)
		parents = {row.parent for row in rows}
		self.assertIn(self.colleagues.name, parents)
		self.assertNotIn(self.own.name, parents)
		history = set(frappe.get_list("Pipeline Change", pluck="opportunity", limit_page_length=0))
		self.assertIn(self.colleagues.name, history)
		self.assertNotIn(self.own.name, history)
		result = run("Lost Opportunity", ignore_prepared_report=True)["result"]
		names = {row.get("name") for row in result if isinstance(row, dict)}
		self.assertIn(self.colleagues.name, names)
		self.assertNotIn(self.own.name, names)
		self.assertTrue(get_progress(self.colleagues.name))
		with self.assertRefused(frappe.PermissionError):
			get_progress(self.own.name)

	def test_board_and_counts(self):
		as_("Administrator")
		of_anna, of_ben = (make_opportunity(opportunity_owner=user) for user in (self.anna, self.ben))
		as_(self.lead)
		board = get_board(of_anna.sales_process, 200)
		cards = {card.name for stage in board["stages"] for card in stage["cards"]}
		self.assertIn(of_anna.name, cards)
		self.assertNotIn(of_ben.name, cards)
		self.assertEqual(board["totals"]["count"], len(cards))
		self.assertEqual(get_list()["count"], len(self.names(filters={"status": "Open"})))

	def test_quotations_that_name_them(self):
		as_("Administrator")
		theirs = make_quotation(make_party_opportunity(opportunity_owner=self.anna), submit=False)
		other = make_quotation(make_party_opportunity(opportunity_owner=self.ben), submit=False)
		as_(self.lead)
		self.assertIn(theirs.name, self.names("Quotation"))
		self.assertNotIn(other.name, self.names("Quotation"))
		self.assertTrue(frappe.has_permission("Quotation", "write", theirs.name))

	def test_it_ends_with_the_team(self):
		as_("Administrator")
		self.team.set("members", [])
		self.team.save()
		as_(self.lead)
		self.assertNotIn(self.colleagues.name, self.names())
		self.assertFalse(frappe.has_permission("Opportunity", "read", self.colleagues.name))
		as_("Administrator")
		self.team.append("members", {"user": self.anna})
		self.team.save()
		self.assertTrue(self.reads_by(self.lead))
		frappe.delete_doc("Sales Team", self.team.name)
		self.assertFalse(self.reads_by(self.lead))

	def reads_by(self, user: str) -> bool:
		return frappe.has_permission("Opportunity", "read", self.colleagues.name, user=user)

	def test_who_sees_all_needs_no_team(self):
		as_("Administrator")
		settings(opportunity_visibility="All")
		as_(self.lead)
		self.assertTrue({self.own.name, self.colleagues.name} <= self.names())
		self.assertIsInstance(visible_to(self.lead), EmptyCriterion)

	def test_teams_cost_one_statement_a_request_and_two_to_who_leads(self):
		for user, expected in ((self.ben, 1), (self.lead, 2)):
			with self.subTest(user):
				as_(user)
				with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as read:
					for _number in range(3):
						visible("Opportunity")
						visible("Quotation")
				asked = [str(call.args[0]) for call in read.call_args_list]
				self.assertEqual(len([each for each in asked if "tabSales Team" in each]), expected)
