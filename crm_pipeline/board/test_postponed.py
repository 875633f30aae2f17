"""Who postponed the most of what the list shows, and the list of these: nobody is blamed for what they did not own."""

from typing import Any

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.utils import add_to_date, getdate, now_datetime

from crm_pipeline.api.pipeline import get_list, get_postponed
from crm_pipeline.exceptions import FieldOutOfReach, UnreadableFilters
from crm_pipeline.permissions.visibility import OWN
from crm_pipeline.tests.boards import BoardCase
from crm_pipeline.tests.factories import in_days, make_lost_reason, make_team, make_user
from crm_pipeline.tests.limited import settings


class TestPostponed(BoardCase):
	def setUp(self):
		super().setUp()
		self.ann, self.ben = make_user("Sales User"), make_user("Sales User")

	def postponed(self, owner: str | None, *days: int, **fields: Any):
		"""Make an opportunity whose expected closing was on each of some days from today, one after the other."""
		opportunity = self.opportunity(opportunity_owner=owner, expected_closing=in_days(days[0]), **fields)
		for day in days[1:]:
			opportunity.reload().update({"expected_closing": in_days(day)}).save()
		return opportunity.reload()

	def ranking(self, **filters: Any) -> list[tuple]:
		"""Return user, times, days and opportunities; the list of each has as many, and is what the board shows."""
		rows = get_postponed(filters, self.process.name)["rows"]
		for row in rows:
			listed = get_list({**filters, "postponed": [row.user]}, self.process.name)
			self.assertEqual(listed["count"], row.opportunities)
		return [(row.user, row.times, row.days, row.opportunities) for row in rows]

	def test_nothing_was_postponed(self):
		self.opportunity()
		self.postponed(self.ann, 9, 3)  # brought forward
		self.postponed(self.ann, 3, 3)
		self.assertEqual(self.ranking(), [])

	def test_times_then_days_then_the_user(self):
		self.postponed(self.ann, 1, 2, 5, 3, 4)
		self.postponed(self.ann, 1, 8)
		few, much = (make_user("Sales User") for _number in range(2))
		self.postponed(few, 1, 2)
		self.postponed(much, 1, 200)
		ties = sorted(make_user("Sales User") for _number in range(2))
		for user in reversed(ties):
			self.postponed(user, 1, 3)
		self.assertEqual(
			self.ranking(),
			[
				(self.ann, 4, 12, 2),
				(much, 1, 199, 1),
				*((user, 1, 2, 1) for user in ties),
				(few, 1, 1, 1),
			],
		)

	def test_it_counts_for_who_owned_it_then(self):
		opportunity = self.postponed(self.ann, 1, 2)
		opportunity.update({"opportunity_owner": self.ben}).save()
		opportunity.reload().update({"expected_closing": in_days(9)}).save()
		nobodys = self.postponed(None, 1, 3)
		nobodys.db_set("opportunity_owner", None)
		frappe.db.set_value("Pipeline Change", {"opportunity": nobodys.name}, "opportunity_owner", None)
		self.assertEqual(self.ranking(), [(self.ben, 1, 7, 1), ("", 1, 2, 1), (self.ann, 1, 1, 1)])
		self.assertEqual(self.names(postponed=[self.ann]), {opportunity.name})
		self.assertEqual(self.names(postponed=[""]), {nobodys.name})
		self.assertEqual(self.names(postponed=[self.ann, self.ben, ""]), {opportunity.name, nobodys.name})
		self.assertEqual(self.names(postponed=["nobody@example.com"]), set())

	def test_the_last_365_days_the_first_of_them_whole(self):
		day = getdate(in_days(-365))
		opportunity = self.postponed(self.ann, 1, 2)
		for at, found in (
			(f"{day} 00:00:00", 1),
			(add_to_date(f"{day} 00:00:00", seconds=-1), 0),
			(now_datetime(), 1),
		):
			which = {"opportunity": opportunity.name, "change": "Expected Closing"}
			frappe.db.set_value("Pipeline Change", which, "at", at)
			with self.subTest(at):
				self.assertEqual(len(self.ranking()), found)
				self.assertEqual(len(self.names(postponed=[self.ann])), found)

	def test_scope_filters_and_state_narrow_it(self):
		mine = self.postponed(self.ann, 1, 2, 3, title="Roof")
		self.postponed(self.ben, 1, 3, title="Door")
		lost = self.postponed(self.ben, 1, 4, title="Gate")
		lost.declare_lost([make_lost_reason().name])
		self.assertEqual(self.ranking(), [(self.ann, 2, 2, 1), (self.ben, 1, 2, 1)])
		self.assertEqual(self.ranking(text="door"), [(self.ben, 1, 2, 1)])
		self.assertEqual(self.ranking(owner=[self.ann]), [(self.ann, 2, 2, 1)])
		self.assertEqual(self.ranking(scope=f"user:{self.ben}"), [(self.ben, 1, 2, 1)])
		self.assertEqual(self.ranking(state="lost"), [(self.ben, 1, 3, 1)])
		self.assertEqual(self.ranking(state="paused"), [])
		mine.pause(in_days(3))
		self.assertEqual(self.ranking(state="paused"), [(self.ann, 2, 2, 1)])
		make_team(manager=self.ben)
		frappe.set_user(self.ben)
		self.assertEqual(self.ranking(scope="mine"), [(self.ben, 1, 2, 1)])
		self.assertEqual(self.ranking(scope="team"), [(self.ben, 1, 2, 1)])

	def test_by_whom_it_was_postponed_narrows_no_ranking(self):
		self.postponed(self.ann, 1, 2)
		self.postponed(self.ben, 1, 2)
		rows = get_postponed({"postponed": [self.ann]}, self.process.name)["rows"]
		self.assertEqual({row.user for row in rows}, {self.ann, self.ben})

	def test_other_processes_only_where_none_is_named(self):
		self.postponed(self.ann, 1, 2)
		self.assertEqual(get_postponed({"owner": [self.ann]}, "Standard")["rows"], [])
		self.assertEqual(len(get_postponed({"owner": [self.ann]})["rows"]), 1)

	def test_hidden_ones_count_for_nobody(self):
		self.postponed(self.ann, 1, 2)
		own = self.postponed(self.ben, 1, 9)
		settings(opportunity_visibility=OWN)
		frappe.set_user(self.ben)
		self.assertEqual(self.ranking(scope="all"), [(self.ben, 1, 8, 1)])
		self.assertEqual(self.names(postponed=[self.ann, self.ben]), {own.name})

	def test_fields_out_of_reach(self):
		self.postponed(self.ann, 1, 2)
		make_property_setter("Opportunity", "expected_closing", "permlevel", 1, "Int")
		self.addCleanup(frappe.clear_cache, doctype="Opportunity")
		frappe.clear_cache(doctype="Opportunity")
		with self.as_user("Sales User"):
			for ask in (get_postponed, lambda: get_list({"postponed": [self.ann]})):
				with self.assertRefused(FieldOutOfReach, "Expected Closing"):
					ask()

	def test_who_may_not_read_opportunities_gets_nothing(self):
		with self.as_user(), self.assertRefused(frappe.PermissionError):
			get_postponed()

	def test_unreadable_filters(self):
		for filters in ({"postponed": "x"}, {"postponed": [1]}, {"postponed": ["x"] * 101}):
			with self.assertRefused(UnreadableFilters):
				get_postponed(filters)

	def test_names_and_how_many(self):
		self.postponed(self.ann, 1, 2, 3)
		self.postponed(self.ben, 1, 2)
		answer = get_postponed({}, self.process.name, limit=1)
		self.assertEqual([row.user for row in answer["rows"]], [self.ann])
		self.assertEqual(list(answer["people"]), [self.ann])

	def test_one_statement_whatever_there_is(self):
		self.postponed(self.ann, 1, 2)
		ask = lambda: get_postponed({}, self.process.name)  # noqa: E731
		ask()
		before = self.statements(ask)
		for user in (self.ann, self.ben, make_user("Sales User")):
			self.postponed(user, 1, 2, 3)
		ask()  # what a new user and a save took out of the cache
		self.assertEqual(self.statements(ask), before)
