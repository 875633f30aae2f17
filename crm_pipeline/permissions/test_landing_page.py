"""Desk's landing page: one's own work first, and for buyers what they ask of suppliers."""

import json
import re
from pathlib import Path

import frappe
import pytest
from frappe.desk.query_report import run
from frappe.utils import add_to_date, get_datetime

from crm_pipeline.api.follow_ups import count_my_follow_ups
from crm_pipeline.board.states import in_state, moments
from crm_pipeline.crm_pipeline.report import utils
from crm_pipeline.crm_pipeline.report.what_moved import what_moved
from crm_pipeline.history.as_of import opportunity
from crm_pipeline.install import APP
from crm_pipeline.permissions import desk_overrides
from crm_pipeline.permissions.landing_page import has_permission
from crm_pipeline.rules.view_filters import NO_STEP, WAITING
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_lost_reason,
	make_opportunity,
	make_process,
	make_user,
)
from crm_pipeline.tests.following_up import NOON, ReminderCase

MINE = ["My Open Opportunities", "My Follow-ups", "Supplier Quotations to Use"]
FOLDERS = [frappe.scrub(name) for name in desk_overrides.WORKSPACES]
CARDS, CHARTS, BLOCKS = (
	("number_cards", "number_card", "number_card_name"),
	("charts", "chart", "chart_name"),
	("custom_blocks", "custom_block", "custom_block_name"),
)


def shipped(*path: str) -> dict:
	return json.loads(Path(frappe.get_app_path(APP, APP, *path)).read_text())


def card(name: str):
	slug = frappe.scrub(name).replace("-", "_")
	return frappe._dict(shipped("number_card", slug, f"{slug}.json"))


def workspaces() -> list[dict]:
	return [shipped("workspace", folder, f"{folder}.json") for folder in FOLDERS]


def cards() -> list[frappe._dict]:
	"""Return every card of a workspace, once."""
	names = {row["number_card_name"] for workspace in workspaces() for row in workspace["number_cards"]}
	return [card(name) for name in sorted(names)]


def charts() -> list[frappe._dict]:
	names = {row["chart_name"] for workspace in workspaces() for row in workspace["charts"]}
	slugs = {name: frappe.scrub(name) for name in sorted(names)}
	return [frappe._dict(shipped("dashboard_chart", slug, f"{slug}.json")) for slug in slugs.values()]


class TestCards(TestCase):
	def shown(self, *roles: str) -> list[str]:
		workspace = shipped("workspace", APP, f"{APP}.json")
		with self.as_user(*roles) as user:
			names = [row["number_card_name"] for row in workspace["number_cards"]]
			return [name for name in names if has_permission(card(name), "read", user)]

	def test_ones_own_come_first(self):
		workspace = shipped("workspace", APP, f"{APP}.json")
		names = {row["label"]: row["number_card_name"] for row in workspace["number_cards"]}
		blocks = [block["data"] for block in json.loads(workspace["content"])]
		self.assertEqual([names[block["number_card_name"]] for block in blocks[:3]], MINE)

	def test_a_buyer_sees_supplier_quotations_and_no_turnover(self):
		self.assertEqual(self.shown("Purchase User"), [MINE[2]])

	def test_whoever_sells_sees_all(self):
		for roles in (("Sales User",), ("Sales Manager",), ("Sales User", "Purchase User")):
			with self.subTest(roles):
				self.assertIn("Open Opportunities", self.shown(*roles))

	def test_cards_of_others_are_no_business_of_ours(self):
		with self.as_user("Purchase User") as user:
			other = frappe._dict(module="Core", document_type="User")
			self.assertTrue(has_permission(other, "read", user))

	def test_all_that_is_on_a_page_is_shipped(self):
		"""Desk finds a card, chart or block of the page by the label that its row has."""
		for workspace in workspaces():
			for row in workspace["number_cards"]:
				self.assertEqual(card(row["number_card_name"]).label, row["label"])
			for table, kind, field in (CARDS, CHARTS, BLOCKS):
				content = json.loads(workspace["content"])
				blocks = [block["data"][field] for block in content if block["type"] == kind]
				labels = [row["label"] for row in workspace[table]]
				with self.subTest(workspace["name"], kind=kind):
					self.assertEqual(sorted(blocks), sorted(labels))
			for row in workspace["custom_blocks"]:
				self.assertTrue(frappe.db.exists("Custom HTML Block", row["custom_block_name"]))

	def test_the_list_that_a_card_opens_is_of_what_it_counts(self):
		"""Frappe 15 opens it without filters that depend on user or day."""
		for shown in cards():
			with self.subTest(shown.name):
				self.assertEqual(json.loads(shown.dynamic_filters_json), [])
				if shown.type == "Custom":
					self.assertIn(frappe.get_attr(shown.method), frappe.whitelisted)
				meta = frappe.get_meta(shown.document_type)
				for doctype, field, *_condition in json.loads(shown.filters_json):
					self.assertEqual(doctype, shown.document_type)
					self.assertTrue(meta.get_field(field), field)

	def test_those_of_a_state_count_what_the_pipeline_page_does(self):
		rests = {"status": "Paused", "paused_until": in_days(9)}
		for fields in (
			{},
			{"next_contact_date": in_days(3)},
			rests,
			{"status": "Lost"},
			{"status": "Replied"},
		):
			for waiting_for in ("Us", "Them"):
				name = make_opportunity(**fields, **self.reasons(fields)).name
				frappe.db.set_value("Opportunity", name, "waiting_for", waiting_for)
		for name, state in (("Waiting for Us", WAITING), ("Without Next Step", NO_STEP)):
			filters = json.loads(card(name).filters_json)
			listed = frappe.get_list("Opportunity", filters=filters, pluck="name", limit_page_length=0)
			query = frappe.qb.from_(opportunity).select(opportunity.name)
			found = query.where(in_state(state, moments())).run(pluck=True)
			with self.subTest(name):
				self.assertTrue(listed)
				self.assertEqual(sorted(listed), sorted(found))

	def reasons(self, fields: dict) -> dict:
		lost = fields.get("status") == "Lost"
		return {"lost_reasons": [{"lost_reason": make_lost_reason().name}]} if lost else {}

	@pytest.mark.bench_only(
		"number cards are counted by Desk's own code, and only Desk has filters by a span of time"
	)
	def test_each_counts_the_list_that_it_opens(self):
		for days in (0, -40):
			won = make_opportunity(transaction_date=in_days(days))
			won.mark_won(closed_on=in_days(days))
			make_opportunity(status="Lost", closed_on=in_days(days), **self.reasons({"status": "Lost"}))
		for shown in cards():
			if shown.type == "Custom":
				continue
			filters = json.loads(shown.filters_json)
			listed = frappe.get_list(shown.document_type, filters=filters, fields=["*"], limit_page_length=0)
			summed = shown.aggregate_function_based_on
			expected = sum(row[summed] for row in listed) if shown.function == "Sum" else len(listed)
			with self.subTest(shown.name):
				self.assertAlmostEqual(desk_overrides.get_card_result(shown, filters), expected, 2)


class TestMyFollowUps(ReminderCase):
	def test_it_counts_ones_own_of_today_and_before(self):
		now = get_datetime(NOON)
		with self.at(now):
			for hours in (-48, -1, 1):
				self.opportunity(next_contact_date=add_to_date(now, hours=hours))
			self.opportunity(next_contact_date=add_to_date(now, hours=36))
			self.opportunity(
				next_contact_date=add_to_date(now, hours=-1), next_contact_by=make_user("Sales User")
			)
			frappe.set_user(self.user)
			shown = count_my_follow_ups()
		self.assertEqual(shown["value"], 3)
		self.assertEqual(shown["route_options"]["next_contact_by"], self.user)

	def test_strangers_are_refused(self):
		with self.as_user(), self.assertRefused(frappe.PermissionError):
			count_my_follow_ups()


class TestCharts(TestCase):
	def test_reports_and_sources_are_there_and_draw_in_the_colors_of_reports(self):
		for chart in charts():
			with self.subTest(chart.name):
				drawn = json.loads(chart.custom_options or "{}").get("colors", [chart.color])
				self.assertLessEqual(
					set(drawn), {utils.BLUE, utils.GREEN, utils.ORANGE, what_moved.COLORS[0]}
				)
				if chart.chart_type == "Report":
					self.assertTrue(frappe.db.exists("Report", chart.report_name))
					self.assertEqual(drawn, self.colors_of(chart.report_name) or drawn)
				elif chart.chart_type == "Custom":
					self.assertTrue(frappe.db.exists("Dashboard Chart Source", chart.source))
					slug = frappe.scrub(chart.source)
					script = Path(
						frappe.get_app_path(APP, APP, "dashboard_chart_source", slug, f"{slug}.js")
					).read_text()
					self.assertIn(f'chart_sources["{chart.source}"]', script)
					method = re.search(r'method: "([^"]+)"', script)[1]
					self.assertIn(frappe.get_attr(method), frappe.whitelisted)

	def colors_of(self, report: str) -> list[str] | None:
		shown = run(report, filters={})["chart"]
		return shown and shown["colors"]


class TestManagers(TestCase):
	def test_their_page_is_for_managers(self):
		page = shipped("workspace", FOLDERS[1], f"{FOLDERS[1]}.json")
		self.assertEqual({row["role"] for row in page["roles"]}, {"Sales Manager", "System Manager"})

	def test_links_and_shortcuts_lead_to_what_there_is(self):
		for workspace in workspaces():
			rows = [*(row for row in workspace["links"] if row["type"] == "Link"), *workspace["shortcuts"]]
			for row in rows:
				kind = row.get("link_type") or row["type"]
				with self.subTest(workspace["name"], to=row["label"]):
					self.assertTrue(kind == "URL" or frappe.db.exists(kind, row["link_to"]))
			groups = [row["link_count"] for row in workspace["links"] if row["type"] == "Card Break"]
			self.assertEqual(sum(groups), len(workspace["links"]) - len(groups))


class TestChart(TestCase):
	def test_stages_come_in_the_order_of_their_process(self):
		process = make_process(10, 50, 90)
		first, second, third, *_ended = [row.sales_stage for row in process.stages]
		shown = {
			"labels": [third, "Gone", first, second],
			"datasets": [{"name": "x", "values": [3, 9, 1, 2]}],
		}
		chart = desk_overrides.by_stage(shown)
		self.assertEqual(chart["labels"], [first, second, third, "Gone"])
		self.assertEqual(chart["datasets"], [{"name": "x", "values": [1, 2, 3, 9]}])
