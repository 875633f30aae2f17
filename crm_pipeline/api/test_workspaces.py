"""What cards, charts and gaps of the workspaces tell: the same as the lists that they open, of what their reader may see."""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.utils import add_to_date, getdate

from crm_pipeline import exceptions
from crm_pipeline.api import charts
from crm_pipeline.api.gaps import get_gaps
from crm_pipeline.api.number_cards import count_my_open, count_past_closing
from crm_pipeline.history.as_of import in_play_on, state
from crm_pipeline.permissions import desk_overrides
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_lost_reason,
	make_opportunity,
	make_process,
	make_team,
	make_user,
)
from crm_pipeline.tests.limited import as_, settings

TODAY = "2026-05-20"


class WorkspaceCase(TestCase):
	"""What a seller is told who sees only what is theirs."""

	def setUp(self):
		super().setUp()
		settings(opportunity_visibility=OWN)
		self.process = make_process(10, 50)
		self.seller, self.other = make_user("Sales User"), make_user("Sales User")

	def make(self, owner: str | None = None, **fields):
		fields = {"sales_process": self.process.name, "opportunity_amount": 1000, **fields}
		return make_opportunity(opportunity_owner=owner or self.seller, **fields)

	def assertListed(self, shown: dict, figure: str = "value"):
		"""Expect a figure to be the length of the list that is opened."""
		doctype = shown["route"][1]
		filters = [
			[field, *condition] if isinstance(condition, list) else [field, "=", condition]
			for field, condition in shown["route_options"].items()
		]
		names = frappe.get_list(doctype, filters=filters, pluck="name", limit_page_length=0)
		self.assertEqual(shown[figure], len(names))
		self.assertEqual(shown[figure], desk_overrides.get_count(doctype, filters))


class TestNumberCards(WorkspaceCase):
	def test_my_open(self):
		self.make()
		self.make(status="Paused", paused_until=in_days(9))
		self.make(status="Lost", lost_reasons=[{"lost_reason": make_lost_reason().name}])
		self.make(self.other)
		as_(self.seller)
		shown = count_my_open()
		self.assertEqual(shown["value"], 2)
		self.assertListed(shown)

	def test_past_closing_is_before_today_and_known(self):
		for closing in (in_days(-1), in_days(-400), in_days(0), in_days(3), None):
			self.make(expected_closing=closing)
		self.make(
			expected_closing=in_days(-1),
			status="Lost",
			lost_reasons=[{"lost_reason": make_lost_reason().name}],
		)
		self.make(self.other, expected_closing=in_days(-1))
		as_(self.seller)
		shown = count_past_closing()
		self.assertEqual(shown["value"], 2)
		self.assertListed(shown)

	def test_strangers_and_who_may_not_read_the_field_are_refused(self):
		with self.as_user(), self.assertRefused(frappe.PermissionError):
			count_my_open()
		make_property_setter("Opportunity", "expected_closing", "permlevel", 1, "Int")
		frappe.clear_cache(doctype="Opportunity")
		self.addCleanup(frappe.clear_cache, doctype="Opportunity")
		as_(self.seller)
		with self.assertRefused(exceptions.FieldOutOfReach):
			count_past_closing()


class TestGaps(WorkspaceCase):
	def gaps(self, user: str | None = None) -> dict[str, dict]:
		as_(user or self.seller)
		return {gap["key"]: gap for gap in get_gaps()}

	def test_whoever_sees_none_is_told_so_alone(self):
		self.make(self.other)
		self.assertEqual(list(self.gaps()), ["none"])

	def test_what_is_in_play_and_lacks_something(self):
		self.make(expected_closing=in_days(9))
		self.make()
		self.make(opportunity_amount=0)
		self.make(self.other, opportunity_amount=0)
		gaps = self.gaps()
		self.assertEqual(
			{key: gap["count"] for key, gap in gaps.items()},
			{"base_opportunity_amount": 1, "expected_closing": 2, "undecided": None},
		)
		for key in ("base_opportunity_amount", "expected_closing"):
			self.assertListed(gaps[key], "count")

	def test_without_an_owner(self):
		opportunity = self.make(expected_closing=in_days(9))
		before = self.gaps("Administrator").get("opportunity_owner", {"count": 0})["count"]
		frappe.db.set_value("Opportunity", opportunity.name, "opportunity_owner", None)
		gap = self.gaps("Administrator")["opportunity_owner"]
		self.assertEqual(gap["count"], before + 1)
		self.assertListed(gap, "count")

	def test_nothing_is_said_where_nothing_is_missing(self):
		self.make(expected_closing=in_days(9))
		self.make(status="Lost", lost_reasons=[{"lost_reason": make_lost_reason().name}])
		self.assertEqual(self.gaps(), {})

	def test_nothing_in_play(self):
		self.make(status="Lost", lost_reasons=[{"lost_reason": make_lost_reason().name}])
		self.assertEqual(list(self.gaps()), ["nothing_in_play"])

	def test_teams_are_missed_by_who_may_make_one(self):
		manager = make_user("Sales Manager")
		self.make()
		frappe.db.delete("Sales Team")
		self.assertIn("no_team", self.gaps(manager))
		self.assertNotIn("no_team", self.gaps())
		as_("Administrator")
		make_team(manager=manager)
		self.assertNotIn("no_team", self.gaps(manager))

	def test_of_fields_that_are_out_of_reach_nothing_is_told(self):
		self.make()
		self.assertIn("expected_closing", self.gaps())
		as_("Administrator")
		make_property_setter("Opportunity", "expected_closing", "permlevel", 1, "Int")
		frappe.clear_cache(doctype="Opportunity")
		self.addCleanup(frappe.clear_cache, doctype="Opportunity")
		self.assertNotIn("expected_closing", self.gaps())

	def test_of_a_status_out_of_reach_nothing_is_told(self):
		lost = {"status": "Lost", "lost_reasons": [{"lost_reason": make_lost_reason().name}]}
		self.make(**lost)
		self.assertIn("nothing_in_play", self.gaps())
		as_("Administrator")
		make_property_setter("Opportunity", "status", "permlevel", 1, "Int")
		frappe.clear_cache(doctype="Opportunity")
		self.addCleanup(frappe.clear_cache, doctype="Opportunity")
		self.assertFalse({"nothing_in_play", "undecided"}.intersection(self.gaps()))

	def test_strangers_are_refused(self):
		with self.as_user(), self.assertRefused(frappe.PermissionError):
			get_gaps()


class TestTrend(WorkspaceCase):
	def make_on(self, day: str, owner: str | None = None, **fields):
		with self.at(f"{day} 09:00:00"):
			return self.make(owner, transaction_date=day, **fields)

	def trend(self, **filters) -> dict[str, float]:
		filters = {"sales_process": [self.process.name], **filters}
		with self.at(f"{TODAY} 12:00:00"):
			shown = charts.get_weighted_trend(frappe.as_json(filters))
		(dataset,) = shown["datasets"]
		return dict(zip(shown["labels"], dataset["values"], strict=True))

	def test_each_point_is_the_pipeline_of_its_day(self):
		won = self.make_on("2026-01-07")
		self.make_on("2026-05-13")
		self.make_on("2026-05-14")
		with self.at("2026-05-06 10:00:00"):
			frappe.get_doc("Opportunity", won.name).mark_won()
		points = self.trend()
		self.assertEqual(len(points), charts.WEEKS + 1)
		days = [getdate(add_to_date(TODAY, days=-7 * weeks)) for weeks in range(charts.WEEKS, -1, -1)]
		self.assertEqual(list(points), [frappe.utils.format_date(day, "d MMM") for day in days])
		for day, value in zip(days, points.values(), strict=True):
			query = in_play_on(day).where(state.sales_process == self.process.name)
			rows = query.select(state.base_opportunity_amount, state.probability).run()
			self.assertEqual(value, sum(round(amount * chance / 100, 2) for amount, chance in rows), day)
		self.assertEqual([*points.values()], [0.0] * 7 + [100.0] * 17 + [0.0] + [100.0] + [200.0])

	def test_hidden_opportunities_are_told_of_nowhere(self):
		self.make_on("2026-05-01")
		self.make_on("2026-05-01", self.other)
		as_(self.seller)
		self.assertEqual(list(self.trend().values())[-1], 100.0)
		as_("Administrator")
		self.assertEqual(list(self.trend().values())[-1], 200.0)
		self.assertEqual(list(self.trend(opportunity_owner=[self.other]).values())[-1], 100.0)

	def test_statements_do_not_depend_on_weeks_or_opportunities(self):
		self.make_on("2026-05-01")
		few = self.statements(self.trend)
		for day in range(1, 9):
			self.make_on(f"2026-03-0{day}")
		self.assertEqual(self.statements(self.trend), few)

	def test_nothing_there_is_no_chart(self):
		self.assertIsNone(charts.get_weighted_trend({"sales_process": [self.process.name]}))

	def test_strangers_and_nonsense_are_refused(self):
		with self.as_user(), self.assertRefused(frappe.PermissionError):
			charts.get_weighted_trend()
		for nonsense in ("[1]", "{", "no object"):
			with self.subTest(nonsense), self.assertRefused(exceptions.UnreadableFilters):
				charts.get_weighted_trend(nonsense)
		with self.assertRefused(exceptions.TeamUnknown):
			charts.get_weighted_trend({"sales_team": "None of Ours"})
		make_property_setter("Opportunity", "probability", "permlevel", 1, "Int")
		frappe.clear_cache(doctype="Opportunity")
		self.addCleanup(frappe.clear_cache, doctype="Opportunity")
		as_(self.seller)
		with self.assertRefused(exceptions.FieldOutOfReach):
			charts.get_weighted_trend()
