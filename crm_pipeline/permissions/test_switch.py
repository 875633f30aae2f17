"""Switching opportunities off, for all or for roles, and on again."""

import frappe
import frappe.client
import frappe.share
from frappe.desk.query_report import run

from crm_pipeline.api.activity_list import get_activities
from crm_pipeline.api.auto_close import preview_auto_close
from crm_pipeline.api.calendar import get_next_contacts
from crm_pipeline.api.charts import get_weighted_trend
from crm_pipeline.api.gaps import get_gaps
from crm_pipeline.api.my_day import get_my_day
from crm_pipeline.api.number_cards import count_my_open, count_past_closing
from crm_pipeline.api.pipeline import (
	changes_since,
	count_overdue,
	count_rotting,
	get_board,
	get_cards,
	get_forecast,
	get_forecast_cards,
	get_list,
	get_postponed,
)
from crm_pipeline.api.search import search_opportunities
from crm_pipeline.crm_pipeline.doctype.opportunity.mapping import make_quotation as map_quotation
from crm_pipeline.exceptions import OpportunitiesSwitchedOff
from crm_pipeline.permissions import desk_overrides
from crm_pipeline.permissions.visibility import query_conditions
from crm_pipeline.tests.factories import (
	make,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)
from crm_pipeline.tests.limited import SELLER, Limited, as_, settings


class TestSwitch(Limited):
	def setUp(self):
		super().setUp()
		as_("Administrator")
		settings(opportunity_visibility="All")

	def assertOff(self):
		for read in (
			lambda: frappe.get_list("Opportunity"),
			lambda: frappe.client.get("Opportunity", self.own.name),
			lambda: frappe.client.get_value("Opportunity", "title", self.own.name),
			lambda: frappe.client.get_list("Opportunity Item", parent="Opportunity"),
			lambda: frappe.get_list("Pipeline Change"),
			lambda: desk_overrides.get_count("Opportunity"),
			lambda: run("Lost Opportunity", ignore_prepared_report=True),
			lambda: map_quotation(self.own.name),
			get_board,
			lambda: make_opportunity(),
		):
			with self.assertRefused(OpportunitiesSwitchedOff, "Selling Settings"):
				read()
		rows = frappe.client.get_list("Lost Reason Detail", ["parent"], parent="Quotation")
		self.assertNotIn(self.own.name, {row.parent for row in rows})

	def assertOn(self):
		self.assertIn(self.own.name, self.names())
		self.assertTrue(self.own.has_permission("write"))
		make_opportunity()

	def test_off_for_all_but_the_administrator(self):
		settings(disable_opportunities=1)
		for role in (SELLER, "Sales Manager", "System Manager", "Purchase User"):
			with self.subTest(role), self.as_user(role):
				if role != "Purchase User":
					self.assertOff()
				with self.assertRefused(OpportunitiesSwitchedOff):
					frappe.get_list("Opportunity")
		self.assertOn()

	def test_whoever_may_not_read_them_anyway_is_not_notified_of_the_switch(self):
		settings(disable_opportunities=1)
		reads = (
			get_board,
			lambda: get_cards("Standard", "Lead"),
			get_forecast,
			get_postponed,
			lambda: get_forecast_cards("Standard", "none"),
			get_list,
			get_my_day,
			get_activities,
			lambda: changes_since("2031-01-01 00:00:00"),
			lambda: search_opportunities("roof"),
			count_rotting,
			count_overdue,
			count_my_open,
			count_past_closing,
			get_gaps,
			get_weighted_trend,
			preview_auto_close,
			lambda: get_next_contacts("2031-01-01", "2031-02-01"),
		)
		for roles, refusal in (((), frappe.PermissionError), ((SELLER,), OpportunitiesSwitchedOff)):
			with self.as_user(*roles):
				for read in reads:
					with self.assertRefused(refusal):
						read()

	def test_off_for_a_role(self):
		settings(disabled_roles=[{"role": SELLER}])
		as_(self.ben)
		self.assertOff()
		with self.as_user("Sales Manager"):
			self.assertOn()

	def test_a_managers_role_keeps_access_unless_listed(self):
		settings(disabled_roles=[{"role": SELLER}])
		with self.as_user(SELLER, "Sales Manager"):
			self.assertOn()
		settings(disabled_roles=[{"role": SELLER}, {"role": "Sales Manager"}])
		with self.as_user(SELLER, "Sales Manager"):
			self.assertOff()

	def test_back_on_restores_all(self):
		def counts():
			return [
				frappe.db.count(doctype) for doctype in ("Opportunity", "Opportunity Item", "Pipeline Change")
			]

		before = counts()
		settings(disable_opportunities=1)
		as_(self.ben)
		self.assertOff()
		as_("Administrator")
		self.assertEqual(counts(), before)
		settings(disable_opportunities=0)
		as_(self.ben)
		self.assertOn()

	def test_a_share_does_not_get_around_it(self):
		frappe.share.add("Opportunity", self.colleagues.name, self.ben, write=1)
		settings(disable_opportunities=1)
		as_(self.ben)
		with self.assertRefused(OpportunitiesSwitchedOff):
			frappe.client.get("Opportunity", self.colleagues.name)
		with self.assertRefused(OpportunitiesSwitchedOff):
			frappe.client.set_value("Opportunity", self.colleagues.name, "title", "Taken")

	def test_asked_about_somebody_else_it_is_a_mere_no(self):
		settings(disable_opportunities=1)
		for user, other in ((self.anna, self.ben), (self.ben, self.anna)):
			as_(user)
			self.assertFalse(frappe.has_permission("Opportunity", "read", self.own.name, user=other))
			self.assertIn("IS NULL", query_conditions(other))

	def test_naming_one_elsewhere_tells_nothing_of_the_switch(self):
		settings(disable_opportunities=1)
		as_(self.ben)
		for name in (self.own.name, "CRM-OPP-1999-99999"):
			about = {"reference_doctype": "Opportunity", "reference_docname": name}
			with self.assertRefused(
				frappe.LinkValidationError, f"Could not find Row #1: Reference Name: {name}"
			):
				make("Event", subject="Visit", starts_on="2031-05-14 09:00:00", event_participants=[about])

	def test_quotations_without_opportunity_go_on(self):
		plain, naming = make_quotation(submit=False), make_quotation(make_party_opportunity(), submit=False)
		settings(disable_opportunities=1)
		as_(self.ben)
		self.assertIn(plain.name, self.names("Quotation"))
		self.assertTrue(plain.has_permission("write"))
		self.assertNotIn(naming.name, self.names("Quotation"))
		with self.assertRefused(OpportunitiesSwitchedOff):
			frappe.client.get("Quotation", naming.name)

	def test_workspace_hides(self):
		pages = [{"name": "CRM Pipeline"}, {"name": "Tools"}, {"name": "Build"}]
		as_(self.ben)
		self.assertEqual(desk_overrides.shown_workspaces(pages), pages)
		as_("Administrator")
		settings(disabled_roles=[{"role": SELLER}])
		as_(self.ben)
		self.assertEqual(desk_overrides.shown_workspaces(pages), pages[1:])
