"""What Desk counts, finds and draws is what the user may see."""

import frappe
import frappe.client
import frappe.share
import pytest

from crm_pipeline.permissions import desk_overrides, desk_search
from crm_pipeline.tests.factories import (
	in_days,
	make,
	make_opportunity,
)
from crm_pipeline.tests.limited import SELLER, Limited, as_, settings
from crm_pipeline.tests.versions import AS_15


class TestCountsAndSearches(Limited):
	def test_counts(self):
		for opportunity, count in ((self.own, 1), (self.colleagues, 0)):
			self.assertEqual(desk_overrides.get_count("Opportunity", {"name": opportunity.name}), count)
			self.assertEqual(
				desk_overrides.get_count("Opportunity Item", {"parent": opportunity.name}), count
			)
			self.assertEqual(
				desk_overrides.get_count("Pipeline Change", {"opportunity": opportunity.name}) > 0,
				bool(count),
			)

	def test_counts_are_the_lengths_of_lists(self):
		as_("Administrator")
		with_source = make_opportunity(opportunity_owner=self.ben, source="Website", campaign="A")
		make_opportunity(opportunity_owner=self.anna, source="Website")
		as_(self.ben)
		for filters in (
			None,
			{"source": "Website"},
			{"source": ""},
			{"source": ["!=", "Website"]},
			{"source": ["not in", ["Website"]]},
			{"campaign": ["like", "%"]},
			{"campaign": ["is", "not set"]},
			{"expected_closing": ["<", in_days(9)]},
			{"creation": ["between", [in_days(0), in_days(0)]]},
			[["Opportunity", "name", "=", with_source.name]],
			[["status", "in", ["Open", "Lost"]], ["source", "=", "Website"]],
		):
			with self.subTest(filters):
				count = desk_overrides.get_count("Opportunity", frappe.as_json(filters))
				self.assertEqual(count, len(self.names(filters=filters)))
				self.assertEqual(desk_overrides.get_count("Opportunity", filters), count)
		self.assertEqual(desk_overrides.get_count("Opportunity"), 2)

	def test_nested_filters_count_what_they_list(self):
		as_("Administrator")
		make_opportunity(opportunity_owner=self.ben, source="Website")
		make_opportunity(opportunity_owner=self.anna, source="Website")
		as_(self.ben)
		lost, website = ["status", "=", "Lost"], ["source", "=", "Website"]
		for filters, count in (
			([lost, "or", website], 2),
			([lost, "and", website], 0),
			([[lost, "and", ["name", "=", self.own.name]], "or", website], 2),
			([lost, "or", ["name", "=", self.colleagues.name]], 1),
		):
			with self.subTest(filters):
				if AS_15:  # whose lists do not know them
					with self.assertRaises(Exception) as refused:
						self.names(filters=filters)
					with self.assertRaises(type(refused.exception)):
						desk_overrides.get_count("Opportunity", filters)
					continue
				self.assertEqual(len(self.names(filters=filters)), count)
				self.assertEqual(desk_overrides.get_count("Opportunity", frappe.as_json(filters)), count)

	def test_counts_of_what_a_role_may_not_list(self):
		with self.assertRefused(frappe.PermissionError):
			desk_overrides.get_count("Comment", {"reference_name": self.colleagues.name})

	def test_link_search_never_ignores_permissions(self):
		for ignoring in (0, 1):
			for opportunity, found in ((self.own, True), (self.colleagues, False)):
				results = desk_search.search_link(
					"Opportunity", opportunity.name, ignore_user_permissions=ignoring
				)
				self.assertEqual(opportunity.name in {result["value"] for result in results}, found)

	def test_search_results(self):
		results = [
			{"doctype": "Opportunity", "name": self.own.name},
			{"doctype": "Opportunity", "name": self.colleagues.name},
			{"doctype": "Note", "name": "any"},
		]
		self.assertEqual(desk_search.keep_visible(results), [results[0], results[2]])
		with self.as_user():
			self.assertEqual(desk_search.keep_visible(results), [results[2]])
		as_("Administrator")
		self.assertEqual(desk_search.keep_visible(results), results)


@pytest.mark.bench_only("Desk, its charts and connections are drawn by a bench")
class TestDesk(Limited):
	def connections(self) -> dict[str, int]:
		answer = desk_overrides.get_open_count("Customer", self.colleagues.party_name)["count"][
			"external_links_found"
		]
		return {entry["doctype"]: entry["count"] for entry in answer}

	def test_connections(self):
		self.assertEqual(self.connections()["Opportunity"], 0)
		as_(self.anna)
		self.assertEqual(self.connections()["Opportunity"], 1)

	def test_link_titles(self):
		self.assertEqual(
			desk_search.get_link_title("Opportunity", self.colleagues.name), self.colleagues.name
		)
		self.assertEqual(desk_search.get_link_title("Opportunity", self.own.name), self.own.title)

	def test_charts_do_not_mix_users(self):
		as_("Administrator")
		make_opportunity(opportunity_owner=self.anna, opportunity_amount=1_000_000)
		for user, seen in ((self.anna, True), (self.ben, False), (self.anna, True)):
			as_(user)
			chart = desk_overrides.get_chart(chart_name="Pipeline by Stage")
			self.assertEqual(bool(chart and max(chart["datasets"][0]["values"]) >= 1_000_000), seen)

	def test_counts_by_assignee(self):
		as_("Administrator")
		for opportunity in (self.own, self.colleagues):
			make(
				"ToDo",
				description="Look",
				allocated_to=self.anna,
				reference_type="Opportunity",
				reference_name=opportunity.name,
			)
		as_(self.ben)
		filters = [["Opportunity", "name", "in", [self.own.name, self.colleagues.name]]]
		counts = desk_overrides.get_group_by_count("Opportunity", frappe.as_json(filters), "assigned_to")
		self.assertEqual(counts, [{"name": self.anna, "count": 1}])

	def test_start_of_a_session(self):
		self.assertTrue(self.offers())
		as_("Administrator")
		settings(disabled_roles=[{"role": SELLER}])
		as_(self.ben)
		self.assertFalse(self.offers())

	def offers(self) -> bool:
		"""Whether Desk offers opportunities and our workspace, both or neither."""
		from crm_pipeline.boot import hide_opportunities
		from crm_pipeline.permissions.switch import is_switched_off

		boot = frappe._dict(user=frappe.get_user().load_user())
		boot.allowed_workspaces = desk_overrides.get_workspace_sidebar_items()["pages"]
		if is_switched_off(self.ben):
			hide_opportunities(boot)
		readable = "Opportunity" in boot.user.can_read
		self.assertEqual(readable, "CRM Pipeline" in {page["name"] for page in boot.allowed_workspaces})
		return readable
