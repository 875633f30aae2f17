"""Whoever works with a DocType of ours can choose what it links to; what core is told for that goes with the app."""

import json
from pathlib import Path
from unittest.mock import patch

import frappe
from frappe.desk.search import search_link

from crm_pipeline.install import APP, doctypes_of
from crm_pipeline.permissions import core_grants
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make, make_opportunity, unique

# Frappe lets everybody choose a DocType: what may be chosen is the field's own matter.
FREE = ("DocType",)
MANAGER = "Sales Manager"


def links_of(doctype: str) -> set[str]:
	"""The DocTypes that people choose from in fields of a DocType, and of its rows."""
	meta = frappe.get_meta(doctype)
	metas = [meta, *(frappe.get_meta(table.options) for table in meta.get_table_fields())]
	fields = [df for each in metas for df in each.get_link_fields() if not df.read_only]
	return {df.options for df in fields} - set(FREE)


def working_roles() -> dict[str, set[str]]:
	"""By role: the DocTypes of ours that it may read or write."""
	found: dict[str, set[str]] = {}
	for doctype in doctypes_of(APP):
		for rule in frappe.get_meta(doctype).permissions:
			if rule.read or rule.write:
				found.setdefault(rule.role, set()).add(doctype)
	return found


class TestLinkRights(TestCase):
	def test_what_is_linked_to_can_be_chosen(self):
		for role, doctypes in working_roles().items():
			with self.as_user(role):
				for doctype in sorted(doctypes):
					for target in sorted(links_of(doctype)):
						with self.subTest(role=role, doctype=doctype, target=target):
							self.assertTrue(
								frappe.has_permission(target, "select")
								or frappe.has_permission(target, "read")
							)

	def test_parties_can_be_chosen(self):
		for role in ("Sales User", "Sales Manager", "Purchase User"):
			with self.as_user(role):
				for party_type in ("Lead", "Customer"):
					with self.subTest(role=role, party_type=party_type):
						self.assertTrue(
							frappe.has_permission(party_type, "select")
							or frappe.has_permission(party_type, "read")
						)

	def test_a_manager_finds_a_currency(self):
		frappe.db.set_value("Currency", "EUR", "enabled", 1)
		with self.as_user("Sales Manager"):
			self.assertIn("EUR", [row["value"] for row in search_link("Currency", "EU")])

	def test_a_manager_reads_addresses_of_others(self):
		with self.as_user("Sales User"):
			address = make(
				"Address",
				address_title=unique("Address"),
				address_line1="1 Main Street",
				city="Rome",
				country="Italy",
			)
		with self.as_user(MANAGER):
			self.assertTrue(frappe.get_doc("Address", address.name).has_permission("write"))

	def test_a_manager_saves_what_was_chosen(self):
		with self.as_user("Sales Manager"):
			rate = {"doctype": "Currency Exchange", "from_currency": "SEK", "to_currency": "USD"}
			frappe.get_doc({**rate, "exchange_rate": 0.1, "date": "2026-01-01"}).insert()
			self.assertEqual(make_opportunity(currency="SEK").currency, "SEK")

	def test_whoever_is_offered_an_import_may_make_one(self):
		importers = {rule.role for rule in frappe.get_meta("Data Import").permissions if rule.create}
		for doctype in doctypes_of(APP):
			offered = {rule.role for rule in frappe.get_meta(doctype).permissions if rule.get("import")}
			self.assertLessEqual(offered, importers, doctype)

	def test_create_menus_ask_what_the_user_may(self):
		"""Menus go through one function, which asks for permissions; none asks for the name of a role."""
		for path in Path(frappe.get_app_path(APP)).glob("**/*.js"):
			text = path.read_text()
			if path.name != "create_menu.js":
				self.assertNotIn("can_create", text, path.name)
				self.assertNotRegex(text, r'add_custom_button\([^;]*__\("Create"\)\)', path.name)
			self.assertNotRegex(text, r"has_role|user_roles\??\.", path.name)

	def test_a_supplier_quotation_can_be_filled_in_by_whom_it_is_offered_to(self):
		for role in ("Sales User", "Sales Manager", "Purchase User"):
			with self.as_user(role):
				for needed in ("Supplier", "Item"):
					self.assertTrue(frappe.has_permission(needed, "read"), f"{role}: {needed}")


class TestCoreGrants(TestCase):
	def setUp(self):
		super().setUp()
		self.addCleanup(self.clear)
		core_grants.withdraw_core_rights()
		self.standard = core_grants.rules_of("Currency", "DocPerm")

	def clear(self):
		for doctype in core_grants.GRANTED:
			frappe.clear_cache(doctype=doctype)

	def custom(self) -> list[dict]:
		return core_grants.rules_of("Currency", core_grants.RULE)

	def test_standard_rules_stay(self):
		core_grants.grant_core_rights()
		others = [rule for rule in self.custom() if rule["role"] != MANAGER]
		self.assertEqual(core_grants.digest(others), core_grants.digest(self.standard))
		self.assertEqual(len(self.custom()), len(self.standard) + 1)

	def test_granting_twice_changes_nothing(self):
		core_grants.grant_core_rights()
		rules = self.custom()
		core_grants.grant_core_rights()
		self.assertEqual(core_grants.digest(self.custom()), core_grants.digest(rules))

	def test_withdrawing_leaves_no_rule(self):
		core_grants.grant_core_rights()
		core_grants.withdraw_core_rights()
		self.assertEqual(self.custom(), [])
		self.assertEqual(core_grants.remembered_grants(), {})

	def test_withdrawing_leaves_what_others_changed(self):
		core_grants.grant_core_rights()
		self.change("Accounts User", read=0)
		core_grants.withdraw_core_rights()
		roles = {rule["role"] for rule in self.custom()}
		self.assertEqual(roles, {rule["role"] for rule in self.standard})

	def test_a_site_with_rules_of_its_own_keeps_them(self):
		frappe.get_doc(
			{"doctype": "Custom DocPerm", "parent": "Currency", "role": "Guest", "read": 1}
		).insert()
		core_grants.grant_core_rights()
		self.assertEqual({rule["role"] for rule in self.custom()}, {"Guest", MANAGER})
		core_grants.withdraw_core_rights()
		self.assertEqual([rule["role"] for rule in self.custom()], ["Guest"])

	def test_a_rule_for_the_role_is_left_alone(self):
		frappe.get_doc(
			{"doctype": "Custom DocPerm", "parent": "Currency", "role": MANAGER, "select": 1, "read": 0}
		).insert()
		core_grants.grant_core_rights()
		self.assertEqual([rule["read"] for rule in self.custom()], [0])

	def test_migrating_follows_core(self):
		core_grants.grant_core_rights()
		standard = {"parent": "Currency", "role": "Accounts User"}
		frappe.db.set_value("DocPerm", standard, "export", 1, update_modified=False)
		core_grants.follow_core()
		changed = {rule["role"]: rule["export"] for rule in self.custom()}
		self.assertEqual((changed["Accounts User"], changed[MANAGER]), (1, 0))

	def test_migrating_leaves_what_others_changed(self):
		core_grants.grant_core_rights()
		self.change("Sales User", export=1)
		frappe.db.set_value("DocPerm", {"parent": "Currency", "role": "Accounts User"}, "export", 1)
		core_grants.follow_core()
		exporting = {rule["role"] for rule in self.custom() if rule["export"]}
		self.assertEqual(exporting, {"Sales User", "System Manager"})

	def test_migrating_ends_what_core_gives_itself(self):
		core_grants.grant_core_rights()
		frappe.db.set_value("DocPerm", {"parent": "Currency", "role": "Accounts User"}, "role", MANAGER)
		core_grants.follow_core()
		self.assertEqual(self.custom(), [])
		self.assertNotIn("Currency", core_grants.remembered_grants())

	def test_migrating_does_not_bring_back_what_was_reset(self):
		core_grants.grant_core_rights()
		frappe.permissions.reset_perms("Currency")
		core_grants.follow_core()
		core_grants.grant_core_rights()
		self.assertEqual(self.custom(), [])

	def grant_before_frappe_knew(self, right: str) -> None:
		"""Grant on a Frappe without a right, which a newer one adds to its rules and, granting nothing, to all copies."""
		older = tuple(each for each in core_grants.rights if each != right)
		with patch.object(core_grants, "rights", older):
			core_grants.grant_core_rights()
		frappe.db.set_value(core_grants.RULE, {"parent": "Currency"}, right, 0)
		frappe.db.set_value("DocPerm", {"parent": "Currency", "role": "Accounts User"}, right, 1)

	def test_a_right_that_frappe_adds_is_no_change_of_the_sites(self):
		self.grant_before_frappe_knew("print")
		core_grants.withdraw_core_rights()
		self.assertEqual(self.custom(), [])

	def test_migrating_brings_a_right_that_frappe_adds(self):
		self.grant_before_frappe_knew("print")
		core_grants.follow_core()
		self.assertEqual({rule["role"]: rule["print"] for rule in self.custom()}["Accounts User"], 1)
		self.assertIn("print", core_grants.remembered_grants()["Currency"]["rights"])
		core_grants.withdraw_core_rights()
		self.assertEqual(self.custom(), [])

	def test_what_an_earlier_version_remembered_learns_its_rights(self):
		core_grants.grant_core_rights()
		grants = core_grants.remembered_grants()
		for grant in grants.values():
			del grant["rights"]
		frappe.db.set_global(core_grants.REMEMBERED, json.dumps(grants))
		core_grants.follow_core()
		self.assertIn("print", core_grants.remembered_grants()["Currency"]["rights"])

	def change(self, role: str, **values) -> None:
		frappe.db.set_value(core_grants.RULE, {"parent": "Currency", "role": role}, values)
