"""No statement of the page's first views goes through the whole table: most of it ended long ago."""

from typing import Any
from unittest.mock import patch

import frappe
from pypika.terms import ValueWrapper

from crm_pipeline.api import number_cards, pipeline
from crm_pipeline.api.my_day import get_my_day
from crm_pipeline.board import opportunities
from crm_pipeline.history.rotting import opportunity as table
from crm_pipeline.tests.boards import BoardCase, hence
from crm_pipeline.tests.factories import make_user
from crm_pipeline.utils.bulk_sql import fill

DOUBLINGS, ENDED = 8, 8  # so many opportunities in play, and so many times as many that ended
EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN "}
IN_PLAY = "opportunity_in_play_index"


class TestPlans(BoardCase):
	def setUp(self):
		super().setUp()
		self.seller = make_user("Sales User")
		planned = {"next_contact_date": hence(hours=-1), "next_contact_by": self.seller}
		first = self.opportunity(opportunity_owner=self.seller, **planned)
		for number in range(DOUBLINGS):
			self.copy(f"PLAN-{number}-#", table.name.like("PLAN-%") | (table.name == first.name))
		other = make_user("Sales User")
		ended = {"status": "Lost", "sales_stage": self.lost, "closed_on": "2019-01-01"}
		ended |= {"opportunity_owner": other, "next_contact_by": other}
		for number in range(ENDED):
			self.copy(f"ENDED-{number}-#", table.name.like("PLAN-%"), **ended)

	def copy(self, name: str, which: Any, **values: Any) -> None:
		columns = [each for each in frappe.get_meta("Opportunity").get_valid_columns() if each != "name"]
		query = frappe.qb.into(table).columns("name", *columns).from_(table).where(which)
		copied = (ValueWrapper(values[each]) if each in values else table[each] for each in columns)
		query.select(fill(name, table.name), *copied).run()

	def statements_of(self, ask: Any) -> list[tuple]:
		"""Return what is asked of opportunities."""
		ask()
		with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as spy:
			ask()
		return [call.args[:2] for call in spy.call_args_list if "tabOpportunity" in str(call.args[0])]

	def plan_of(self, statement: tuple) -> list[dict]:
		text, *values = statement
		explained = EXPLAIN.get(frappe.db.db_type, "EXPLAIN ") + str(text)
		return frappe.db.sql(explained, *values, as_dict=True)

	def scans(self, plan: list[dict]) -> bool:
		"""Tell whether a plan reads the table of opportunities from its first to its last row, or an index of it."""
		if frappe.db.db_type == "sqlite":
			return any(step["detail"].startswith("SCAN tabOpportunity") for step in plan)
		if frappe.db.db_type == "postgres":
			return 'Seq Scan on "tabOpportunity"' in str(plan)
		return any(step["table"] == "tabOpportunity" and step["type"] in ("ALL", "index") for step in plan)

	def assert_not_scanned(self, ask: Any) -> list[str]:
		statements = self.statements_of(ask)
		self.assertTrue(statements)
		plans = []
		for statement in statements:
			plan = self.plan_of(statement)
			self.assertFalse(self.scans(plan), (statement, plan))
			plans.append(str(plan))
		return plans

	def test_what_ended_long_ago_is_not_looked_at(self):
		views = {
			"board": lambda: pipeline.get_board(self.process.name, 10),
			"overdue": lambda: pipeline.get_board(self.process.name, 10, {"state": "overdue"}),
			"cards": lambda: pipeline.get_cards(self.process.name, self.first, 50, 50),
			"far cards": self.far_cards,
			"list": lambda: pipeline.get_list({}, self.process.name),
			"forecast": lambda: pipeline.get_forecast(self.process.name, 10),
			"past closing": number_cards.count_past_closing,
			"rotting": pipeline.count_rotting,
			"overdue ones": pipeline.count_overdue,
		}
		for name, ask in views.items():
			with self.subTest(name):
				self.assert_not_scanned(ask)

	def far_cards(self) -> None:
		with patch.object(opportunities, "FAR", 50):
			self.assertEqual(len(pipeline.get_cards(self.process.name, self.first, 50, 50)["cards"]), 50)

	def test_the_sums_of_the_board_are_read_from_an_index_alone(self):
		plans = self.assert_not_scanned(lambda: pipeline.get_board(self.process.name, 10))
		covered = [plan for plan in plans if IN_PLAY in plan]
		self.assertTrue(covered, plans)
		if frappe.db.db_type == "sqlite":
			self.assertTrue(any(f"USING COVERING INDEX {IN_PLAY}" in plan for plan in covered))
		elif frappe.db.db_type == "mariadb":
			self.assertTrue(any("Using index" in plan for plan in covered))

	def test_what_is_one_user_s_is_found_by_its_names(self):
		frappe.set_user(self.seller)
		mine = {"scope": "mine"}
		for name, ask in {
			"board": lambda: pipeline.get_board(self.process.name, 10, mine),
			"list": lambda: pipeline.get_list(mine, self.process.name),
			"my day": get_my_day,
		}.items():
			with self.subTest(name):
				self.assert_not_scanned(ask)

	def test_the_check_knows_a_scan(self):
		everything = frappe.qb.from_(table).select(table.name).where(table.to_discuss.like("%x%"))
		self.assertTrue(self.scans(self.plan_of((everything.get_sql(),))))
