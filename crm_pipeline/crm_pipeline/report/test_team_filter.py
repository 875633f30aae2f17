"""The filter *Sales Team*, which reports that know of owners have in common."""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.desk.query_report import run

from crm_pipeline.exceptions import FieldOutOfReach, TeamUnknown
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.costing import make_offer, offered
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_team,
	make_user,
)
from crm_pipeline.tests.inactive_opportunities import AutoCloseCase
from crm_pipeline.tests.limited import settings

RESPONSE = "Minutes to First Response for Opportunity"
LOST = "Lost Opportunity"
SUMMARY = "Opportunity Summary by Sales Stage"
ANALYTICS = "Sales Pipeline Analytics"
FORECAST, MOVED, AGEING, DUE = "Forecast", "What Moved", "Ageing Opportunities", "Follow-ups Due"
MARGIN, PREVIEW, ROTTING = "Quotation Margin", "Auto-close Preview", "Rotting Opportunities"
REPORTS = (FORECAST, MOVED, RESPONSE, LOST, SUMMARY, ANALYTICS, MARGIN, PREVIEW, ROTTING, AGEING, DUE)


def rows(report: str, **filters) -> list[dict]:
	return [row for row in run(report, filters=filters)["result"] if isinstance(row, dict)]


class TestTeamFilter(TestCase):
	"""A team above, one below it in which Anna sells, and Ben, who is in none."""

	def setUp(self):
		super().setUp()
		self.lead, self.anna, self.ben = (make_user("Sales User") for _number in range(3))
		self.above = make_team(manager=self.lead)
		self.team = make_team(self.anna, parent_team=self.above.name)

	def names(self, report: str, **filters) -> set[str]:
		return {row["name"] for row in rows(report, **filters)}

	def test_what_is_added_up_of_a_team(self):
		for user, amount in ((self.lead, 1), (self.anna, 20), (self.ben, 300)):
			make_opportunity(opportunity_owner=user, opportunity_amount=amount)
		for team, amount in ((self.team, 20), (self.above, 21)):
			moved = rows(MOVED, sales_team=team.name)[-1]
			self.assertEqual((moved["movement"], moved["amount"]), ("Closing", amount))
			undated = next(
				row for row in rows(FORECAST, sales_team=team.name) if row.get("kind") == "Without Date"
			)
			self.assertEqual(undated["best_case"], amount)
			self.assertEqual(
				set(undated["owners"]) & {self.lead, self.anna, self.ben},
				{self.anna} if team is self.team else {self.lead, self.anna},
			)

	def test_owners_of_the_team_and_of_those_below(self):
		reason = make_lost_reason().name
		of_lead, of_anna, of_ben = (
			make_opportunity(opportunity_owner=user) for user in (self.lead, self.anna, self.ben)
		)
		for opportunity in (of_lead, of_anna, of_ben):
			opportunity.declare_lost([reason])
		self.assertEqual(self.names(LOST, sales_team=self.team.name), {of_anna.name})
		self.assertEqual(self.names(LOST, sales_team=self.above.name), {of_lead.name, of_anna.name})
		self.assertFalse(self.names(LOST, sales_team=make_team().name))
		both = {"sales_team": self.above.name, "opportunity_owner": [self.lead, self.ben]}
		self.assertEqual(self.names(LOST, **both), {of_lead.name})
		self.assertTrue({of_lead.name, of_anna.name, of_ben.name} <= self.names(LOST, sales_team=""))

	def test_counts(self):
		for user in (self.lead, self.anna, self.ben):
			opportunity = make_opportunity(opportunity_owner=user, expected_closing=in_days(3))
			make_mail(opportunity)
		for team, owners in ((self.team, {self.anna}), (self.above, {self.anna, self.lead})):
			with self.subTest(len(owners)):
				filters = {"sales_team": team.name}
				self.assertEqual({row["row"] for row in rows(SUMMARY, **filters) if "row" in row}, owners)
				self.assertEqual(rows(ANALYTICS, **filters)[-1]["total"], len(owners))
				self.assertEqual(sum(row["responded"] for row in rows(RESPONSE, **filters)), len(owners))

	def test_margins(self):
		for user in (self.anna, self.ben):
			opportunity = make_party_opportunity(
				opportunity_owner=user, items=[{"item_name": "Advice", "qty": 1, "rate": 1}]
			)
			offer = make_offer(opportunity, 90)
			offered(opportunity, [(opportunity.items[0], offer, 1)], {"percentage": 10}).insert().submit()
		found = rows(MARGIN, sales_team=self.above.name)
		self.assertEqual([row["quotations"] for row in found], [1, 1])  # and the total

	def test_what_is_hidden_stays_so(self):
		opportunity = make_opportunity(opportunity_owner=self.anna)
		opportunity.declare_lost([make_lost_reason().name])
		settings(opportunity_visibility=OWN)
		for user, seen in (
			(self.ben, set()),
			(self.lead, {opportunity.name}),
			(self.anna, {opportunity.name}),
		):
			with self.subTest(user):
				frappe.set_user(user)
				self.assertEqual(self.names(LOST, sales_team=self.above.name), seen)

	def test_a_team_that_is_not_there_or_not_to_be_read(self):
		for report in REPORTS:
			for team in ("No Such Team", 7, ["a", "b"]):
				with self.subTest(report, team=team), self.assertRefused(TeamUnknown):
					run(report, filters={"sales_team": team})
		make("User Permission", user=self.anna, allow="Sales Team", for_value=self.team.name)
		frappe.set_user(self.anna)
		self.assertFalse(self.names(LOST, sales_team=self.team.name))
		with self.assertRefused(TeamUnknown, self.above.name):
			run(LOST, filters={"sales_team": self.above.name})

	def test_owners_out_of_reach(self):
		make_property_setter("Opportunity", "opportunity_owner", "permlevel", 1, "Int")
		self.addCleanup(frappe.clear_cache)
		frappe.clear_cache()
		frappe.set_user(self.ben)
		for report in (LOST, ROTTING, PREVIEW):
			with self.subTest(report), self.assertRefused(FieldOutOfReach):
				run(report, filters={"sales_team": self.team.name})


class TestPreview(AutoCloseCase):
	def test_what_auto_close_would_close(self):
		lead, anna, ben = (make_user("Sales User") for _number in range(3))
		team = make_team(anna, manager=lead).name
		of_anna, of_ben = (self.inactive_opportunity(opportunity_owner=user) for user in (anna, ben))
		for filters, expected in (
			({"sales_team": team}, {of_anna.name}),
			({"opportunity_owner": ben}, {of_ben.name}),
			({"sales_team": team, "opportunity_owner": [ben, lead]}, set()),
			({"sales_team": team, "opportunity_owner": [ben, anna]}, {of_anna.name}),
			({"sales_team": make_team().name}, set()),
		):
			with self.subTest(filters):
				self.assertEqual({row["name"] for row in rows(PREVIEW, **filters)}, expected)
