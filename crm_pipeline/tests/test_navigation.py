"""What leads to the app in Desk: workspace, sidebar, icon and apps screen, for whom they are meant."""

import json
from pathlib import Path
from xml.etree import ElementTree

import frappe
import pytest

from crm_pipeline import hooks, uninstall
from crm_pipeline.boot import reachable_sidebars, shown_sidebars
from crm_pipeline.install import APP
from crm_pipeline.patches import remove_guessed_navigation
from crm_pipeline.permissions.desk_overrides import WORKSPACE, WORKSPACES
from crm_pipeline.permissions.switch import is_offered
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make, unique
from crm_pipeline.tests.limited import SELLER, as_, settings

NO_DESK = "The embedded host has no Desk, and starts no session of one."
# What the boot of Frappe 15 or 16 holds of ways to go.
WAYS = (
	"allowed_workspaces",
	"workspaces",
	"module_wise_workspaces",
	"workspace_sidebar_item",
	"desktop_icons",
	"app_data",
	"apps_data",
)


def shipped(folder: str, name: str = APP) -> dict:
	return json.loads(Path(frappe.get_app_path(APP, folder, f"{name}.json")).read_text())


class TestFiles(TestCase):
	def test_the_sidebars_lead_to_what_there_is(self):
		for workspace in WORKSPACES:
			self.assertLeads(shipped("workspace_sidebar", frappe.scrub(workspace)))

	def assertLeads(self, sidebar: dict):
		links = [row for row in sidebar["items"] if row["type"] == "Link"]
		for row in links:
			with self.subTest(sidebar["title"], row=row["label"]):
				if row["link_type"] == "URL":
					self.assertEqual(row["url"], hooks.app_home)
				elif row["link_type"] != "Workspace":
					self.assertTrue(frappe.db.exists(row["link_type"], row["link_to"]))
		self.assertEqual(links[0]["link_to"], WORKSPACE)

	def test_the_tour_leads_over_fields_that_a_form_shows(self):
		path = Path(frappe.get_app_path(APP, APP, "form_tour", "opportunity", "opportunity.json"))
		meta = frappe.get_meta("Opportunity")
		for step in json.loads(path.read_text())["steps"]:
			with self.subTest(step["fieldname"]):
				field = meta.get_field(step["fieldname"])
				self.assertEqual((step["label"], step["fieldtype"]), (field.label, field.fieldtype))
				self.assertFalse(field.hidden)

	def test_the_sidebar_has_all_that_the_workspace_has(self):
		listed = {row.get("link_to") for row in shipped("workspace_sidebar")["items"]}
		self.assertLessEqual(set(WORKSPACES), listed)
		for name in map(frappe.scrub, WORKSPACES):
			path = Path(frappe.get_app_path(APP, APP, "workspace", name, f"{name}.json"))
			linked = {
				row["link_to"] for row in json.loads(path.read_text())["links"] if row["type"] == "Link"
			}
			self.assertEqual(linked - listed, set())

	def test_icon_and_apps_screen_show_the_same(self):
		icon, (screen,) = shipped("desktop_icon"), hooks.add_to_apps_screen
		self.assertEqual(
			(icon["label"], icon["link"], icon["logo_url"]),
			(screen["title"], screen["route"], screen["logo"]),
		)
		self.assertIs(frappe.get_attr(screen["has_permission"]), is_offered)
		self.assertEqual(screen["route"], f"/app/{frappe.scrub(WORKSPACE).replace('_', '-')}")

	def test_the_logo_is_a_square_of_ours(self):
		logo = hooks.add_to_apps_screen[0]["logo"].removeprefix(f"/assets/{APP}/")
		root = ElementTree.parse(frappe.get_app_path(APP, "public", *logo.split("/"))).getroot()
		_left, _top, width, height = root.get("viewBox").split()
		self.assertEqual(width, height)


class TestWhoIsOffered(TestCase):
	def test_by_role_and_switch(self):
		stranger = make("Role", role_name=unique("Role")).name
		for role, expected in ((SELLER, True), ("Sales Manager", True), (stranger, False)):
			with self.subTest(role), self.as_user(role):
				self.assertIs(is_offered(), expected)
		settings(disabled_roles=[{"role": SELLER}])
		with self.as_user(SELLER):
			self.assertFalse(is_offered())
		self.assertTrue(is_offered())

	def test_sidebars_of_others_keep_what_is_theirs(self):
		def item(name: str, **fields) -> dict:
			return {"link_to": name, **fields}

		bars = {
			"crm pipeline": {"label": WORKSPACE, "app": None, "items": [item("Lead")]},
			"pipeline management": {"label": WORKSPACES[1], "app": None, "items": [item("Lead")]},
			"mine-ada@example.org": {"label": "Mine", "app": APP, "items": []},
			"sales": {
				"label": "Sales",
				"app": None,
				"items": [
					item("Contact"),
					item("Opportunity"),
					*map(item, WORKSPACES),
					item("Lost Opportunity", report={"ref_doctype": "Opportunity"}),
					item("ToDos", report={"ref_doctype": "ToDo"}),
					item(None),
				],
			},
		}
		shown = shown_sidebars(bars)
		self.assertEqual(list(shown), ["sales"])
		self.assertEqual([row["link_to"] for row in shown["sales"]["items"]], ["Contact", "ToDos", None])

	def test_a_sidebar_without_its_workspace_is_left_out(self):
		home = {"label": WORKSPACES[1], "app": APP, "items": [{"link_to": each} for each in WORKSPACES]}
		shut = {**home, "items": [{"link_to": WORKSPACE}, {"link_to": "Sales Team"}]}
		other = {"label": "Sales", "app": None, "items": []}
		self.assertEqual(list(reachable_sidebars({"a": home, "b": other})), ["a", "b"])
		self.assertEqual(list(reachable_sidebars({"a": shut, "b": other})), ["b"])


@pytest.mark.bench_only(NO_DESK)
class TestStartOfASession(TestCase):
	def setUp(self):
		super().setUp()
		frappe.local.request = None  # which Frappe looks for, also where there is none
		self.addCleanup(delattr, frappe.local, "request")

	def start(self) -> dict:
		from frappe.sessions import get

		return json.loads(frappe.as_json(get()))

	def assertOffered(self, expected: bool):
		boot = self.start()
		boot["module_wise_workspaces"] = [*boot["module_wise_workspaces"].values()]
		managed = self.managers_page(boot)
		self.assertEqual(managed, expected and "Sales Manager" in frappe.get_roles())
		leading = [way for way in WAYS if f'"{WORKSPACE}"' in json.dumps(boot.get(way))]
		self.assertEqual(bool(leading), expected, leading)
		self.assertEqual("Opportunity" in boot["user"]["can_read"], expected)
		if not expected:
			self.assertNotIn("Lost Opportunity", boot["user"]["all_reports"])
			ways = json.dumps([boot.get(way) for way in WAYS])
			self.assertNotIn(f'"{WORKSPACES[1]}"', ways)
			self.assertNotIn(f'"{APP}"', ways)
			self.assertNotIn('"Opportunity"', ways)

	def managers_page(self, boot: dict) -> bool:
		"""Tell whether any way leads to the page of the managers, but what lists all pages of a module for everybody."""
		ways = set(WAYS) - {"module_wise_workspaces"}
		return any(f'"{WORKSPACES[1]}"' in json.dumps(boot.get(way)) for way in ways)

	def test_on_and_off_and_on_again(self):
		for role in (SELLER, "Sales Manager", "Purchase User"):
			with self.subTest(role), self.as_user(role) as user:
				self.addCleanup(frappe.clear_cache, user=user)
				self.assertOffered(True)
				for off in (1, 0):
					as_("Administrator")
					settings(disable_opportunities=off)
					as_(user)
					self.assertOffered(not off)

	def test_off_for_a_role(self):
		settings(disabled_roles=[{"role": SELLER}])
		with self.as_user(SELLER) as user:
			self.addCleanup(frappe.clear_cache, user=user)
			self.assertOffered(False)
		self.assertOffered(True)

	def test_what_was_synced(self):
		if not frappe.db.exists(
			"DocType", "Workspace Sidebar"
		):  # a Desk that has its workspaces in the sidebar
			return
		ours = {"app": APP, "standard": 1}
		self.assertTrue(frappe.db.exists("Desktop Icon", {"name": WORKSPACE, **ours}))
		for workspace in WORKSPACES:
			self.assertTrue(frappe.db.exists("Workspace Sidebar", {"name": workspace, **ours}), workspace)


class TestPatch(TestCase):
	def test_what_core_guessed_goes_and_what_is_ours_stays(self):
		for doctype in filter(lambda name: frappe.db.exists("DocType", name), uninstall.NAVIGATION):
			for standard in (1, 0):
				with self.subTest(doctype, standard=standard):
					frappe.db.set_value(doctype, {"name": WORKSPACE}, "standard", standard)
					there = bool(frappe.db.exists(doctype, WORKSPACE))
					remove_guessed_navigation.execute()
					self.assertEqual(bool(frappe.db.exists(doctype, WORKSPACE)), there and bool(standard))


class TestUninstallation(TestCase):
	def test_ways_to_us_go(self):
		uninstall.delete_navigation(["Opportunity"])
		for doctype in uninstall.NAVIGATION:
			if frappe.db.exists("DocType", doctype):
				self.assertFalse(frappe.db.exists(doctype, {"app": APP}), doctype)
				self.assertFalse(frappe.db.exists(doctype, {"name": ["in", WORKSPACES]}), doctype)
		if frappe.db.exists("DocType", "Workspace Sidebar Item"):
			for link in ("Opportunity", "Lost Opportunity", *WORKSPACES):
				self.assertFalse(frappe.db.exists("Workspace Sidebar Item", {"link_to": link}), link)
