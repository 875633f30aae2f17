"""Desk's landing page: one's own work first, and for buyers what they ask of suppliers."""

import json
from pathlib import Path

import frappe
from frappe.utils import add_to_date, get_datetime

from crm_pipeline.api.follow_ups import count_my_follow_ups
from crm_pipeline.install import APP
from crm_pipeline.permissions import desk_overrides
from crm_pipeline.permissions.landing_page import has_permission
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import make_process, make_user
from crm_pipeline.tests.following_up import NOON, ReminderCase

MINE = ["My Open Opportunities", "My Follow-ups", "Supplier Quotations to Use"]


def shipped(*path: str) -> dict:
	return json.loads(Path(frappe.get_app_path(APP, APP, *path)).read_text())


def card(name: str):
	slug = frappe.scrub(name).replace("-", "_")
	return frappe._dict(shipped("number_card", slug, f"{slug}.json"))


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

	def test_those_of_the_session_are_counted_for_its_user(self):
		self.assertIn("frappe.session.user", card(MINE[0]).dynamic_filters_json)

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

	def test_all_that_is_on_the_page_is_shipped(self):
		"""Desk finds a card of the page by the label that its row has."""
		workspace = shipped("workspace", APP, f"{APP}.json")
		for row in workspace["number_cards"]:
			self.assertEqual(card(row["number_card_name"]).label, row["label"])
		blocks = [
			block["data"] for block in json.loads(workspace["content"]) if block["type"] == "number_card"
		]
		labels = [row["label"] for row in workspace["number_cards"]]
		self.assertEqual(sorted(block["number_card_name"] for block in blocks), sorted(labels))


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
