"""My Day: each opportunity once, in the first section that has it, the most urgent first."""

from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import add_to_date, get_datetime, get_system_timezone, getdate, now_datetime

from crm_pipeline.api.my_day import get_my_day
from crm_pipeline.api.pipeline import get_board
from crm_pipeline.board.my_day import rank_of
from crm_pipeline.history.rotting import opportunity as table
from crm_pipeline.rules import inactivity, ranking
from crm_pipeline.tests.boards import BoardCase, hence
from crm_pipeline.tests.factories import in_days, make_lost_reason, make_opportunity, make_process, make_user

MORNING, NOW = "2031-01-09 09:00:00", "2031-01-10 12:00:00"
KEYS = ["overdue", "today", "tomorrow", "waiting", "no_step"]


class MyDayCase(BoardCase):
	def setUp(self):
		super().setUp()
		self.user = make_user("Sales User")

	def mine(self, amount: float = 100, **fields):
		waiting_for = fields.pop("waiting_for", None)
		opportunity = self.opportunity(amount, opportunity_owner=self.user, **fields)
		if waiting_for:
			frappe.db.set_value("Opportunity", opportunity.name, "waiting_for", waiting_for)
		return opportunity

	def day(self, **arguments) -> dict[str, dict]:
		answer = get_my_day(**{"scope": f"user:{self.user}", **arguments})
		self.assertEqual([section["key"] for section in answer["sections"]], KEYS)
		return {section["key"]: section for section in answer["sections"]}

	def names(self, **arguments) -> dict[str, list[str]]:
		return {key: [row["name"] for row in each["rows"]] for key, each in self.day(**arguments).items()}


class TestSections(MyDayCase):
	def test_each_once_in_the_first_that_has_it(self):
		with self.at(MORNING):
			late = self.mine(next_contact_date="2031-01-10 11:59:59", waiting_for="Us")
			now = self.mine(next_contact_date=NOW)
			tonight = self.mine(next_contact_date="2031-01-10 23:59:59")
			midnight = self.mine(next_contact_date="2031-01-11 00:00:00", waiting_for="Us")
			day_after = self.mine(next_contact_date="2031-01-12 00:00:00")
			waiting = self.mine(next_contact_date="2031-01-12 08:00:00", waiting_for="Us")
			asked = self.mine(waiting_for="Us")
			idle = self.mine()
		with self.at(NOW):
			names = self.names()
		self.assertEqual(names["overdue"], [late.name])
		self.assertEqual(names["today"], [now.name, tonight.name])
		self.assertEqual(names["tomorrow"], [midnight.name])
		self.assertEqual(set(names["waiting"]), {waiting.name, asked.name})
		self.assertEqual(names["no_step"], [idle.name])
		self.assertNotIn(day_after.name, [name for found in names.values() for name in found])

	def test_all_processes_and_only_mine(self):
		other = make_process(10)
		here, there = self.mine(), make_opportunity(sales_process=other.name, opportunity_owner=self.user)
		self.opportunity()
		self.assertEqual(set(self.names()["no_step"]), {here.name, there.name})
		frappe.set_user(self.user)
		self.assertEqual(set(self.names(scope="mine")["no_step"]), {here.name, there.name})
		self.assertEqual(get_my_day()["sections"], get_my_day("mine")["sections"])
		self.assertGreater(self.day(scope="all")["no_step"]["count"], 2)

	def test_filters_leave_what_they_leave_elsewhere(self):
		other = make_process(10)
		fields = {"opportunity_owner": self.user, "title": "A crane to find"}
		found = make_opportunity(sales_process=other.name, **fields)
		late = make_opportunity(sales_process=other.name, next_contact_date=hence(days=-1), **fields)
		self.mine()
		filters = {"scope": f"user:{self.user}", "text": "crane find"}
		names = self.names(filters=filters)
		self.assertEqual((names["no_step"], names["overdue"]), ([found.name], [late.name]))
		names = self.names(scope="all", filters={**filters, "state": "overdue"})
		self.assertEqual((names["no_step"], names["overdue"]), ([], [late.name]))

	def test_it_counts_what_the_pulse_of_all_processes_counts(self):
		other = make_process(10)
		for process in (self.process.name, other.name):
			for amount, moment in ((10, hence(days=-1)), (200, None)):
				make_opportunity(
					sales_process=process,
					opportunity_amount=amount,
					next_contact_date=moment,
					opportunity_owner=self.user,
				)
		filters = {"scope": f"user:{self.user}"}
		of_one, whole = (get_board(self.process.name, 1, filters, each) for each in (0, 1))
		for key, count in (("overdue", 2), ("no_step", 2)):
			section = self.day()[key]
			self.assertEqual((section["count"], section["amount"]), (count, whole["pulse"][key]["amount"]))
			self.assertEqual((of_one["pulse"][key]["count"], whole["pulse"][key]["count"]), (1, count))
		self.assertEqual((of_one["overdue"], whole["overdue"]), (1, 2))
		self.assertEqual((of_one["totals"]["count"], of_one["totals"]["amount"]), (2, 210))
		self.assertEqual((whole["totals"]["count"], whole["totals"]["amount"]), (4, 420))
		self.assertEqual(whole["stages"], of_one["stages"])
		left = get_board(self.process.name, 1, {**filters, "state": "overdue"}, 1)
		self.assertEqual((left["totals"]["count"], left["pulse"]["no_step"]["count"]), (2, 2))

	def test_what_ended_counts_in_no_total_of_all_processes(self):
		filters = {"scope": f"user:{self.user}"}
		self.mine(transaction_date=in_days(-9)).mark_won()
		self.mine().declare_lost([make_lost_reason().name])
		self.assertEqual(get_board(self.process.name, 1, filters, 1)["totals"]["count"], 0)

	def test_what_ended_or_rests_asks_for_nothing(self):
		self.mine(transaction_date=in_days(-9)).mark_won()
		self.mine().pause(in_days(3))
		self.assertEqual(self.names(), {key: [] for key in KEYS})
		self.assertEqual({each["count"] for each in self.day().values()}, {0})
		self.assertEqual({each["amount"] for each in self.day().values()}, {0})

	def test_what_is_planned_in_a_pause_is_not_asked_for_before_it_is_missed(self):
		with self.at(MORNING):
			for moment in ("2031-01-10 13:00:00", "2031-01-11 09:00:00"):
				self.mine(next_contact_date=moment, waiting_for="Us").reload().pause("2031-02-01")
		with self.at(NOW):
			self.assertEqual(self.names(), {key: [] for key in KEYS})
		with self.at("2031-01-10 13:00:01"):
			self.assertEqual([len(found) for found in self.names().values()], [1, 0, 0, 0, 0])

	def test_counts_and_amounts_are_of_all_whatever_is_shown(self):
		for _number in range(3):
			self.mine(10)
		section = self.day(limit=2)["no_step"]
		self.assertEqual((len(section["rows"]), section["count"], section["amount"]), (2, 3, 30))
		self.assertEqual(len(self.day(limit=-3)["no_step"]["rows"]), 1)

	def test_a_row_is_a_card_with_its_owner(self):
		opportunity = self.mine(title="Roof")
		answer = get_my_day(f"user:{self.user}")
		row = answer["sections"][4]["rows"][0]
		self.assertEqual((row["name"], row["title"], row["days_in_stage"]), (opportunity.name, "Roof", 0))
		self.assertIn(self.user, answer["people"])
		self.assertIn(opportunity.currency, answer["decimals"])
		self.assertTrue(get_datetime(answer["now"]))

	def test_tomorrow_is_the_users_own(self):
		with self.at(MORNING):
			hours = [
				self.mine(next_contact_date=f"2031-01-{day} {hour}:30:00")
				for day in (10, 11, 12)
				for hour in (13, 22)
			]
		frappe.set_user(self.user)
		with self.at(NOW):
			for zone in ("Etc/GMT+12", "Etc/GMT-14", get_system_timezone()):
				frappe.db.set_value("User", self.user, "time_zone", zone)
				today = self.clock(NOW, zone).date()
				expected = [
					each.name
					for each in hours
					if (self.clock(each.next_contact_date, zone).date() - today).days == 1
				]
				with self.subTest(zone):
					self.assertTrue(expected)
					self.assertEqual(self.names(scope="mine")["tomorrow"], expected)

	def clock(self, moment: str, zone: str) -> datetime:
		"""What a clock in a zone shows at a moment of the site."""
		return get_datetime(moment).replace(tzinfo=ZoneInfo(get_system_timezone())).astimezone(ZoneInfo(zone))

	def test_hidden_ones_are_nowhere(self):
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		hidden = self.opportunity(opportunity_owner=make_user("Sales User"))
		frappe.set_user(self.user)
		own = self.opportunity()
		answer = get_my_day("all")
		self.assertNotIn(hidden.name, frappe.as_json(answer))
		self.assertEqual({s["key"]: s["count"] for s in answer["sections"]}["no_step"], 1)
		self.assertIn(own.name, frappe.as_json(answer))

	def test_the_number_of_statements_does_not_grow(self):
		def fill():
			self.mine(next_contact_date=hence(hours=-1))
			self.mine(waiting_for="Us")
			self.mine()

		fill()
		self.day()
		before = self.statements(self.day)
		for _number in range(4):
			fill()
		self.assertEqual(self.statements(self.day), before)


class TestRanks(MyDayCase):
	def test_value_probability_and_lateness(self):
		with self.at(MORNING):
			large = self.mine(1000, next_contact_date="2031-01-10 11:00:00")
			old = self.mine(300, next_contact_date="2031-01-03 11:00:00")
			likely = self.mine(1000, probability=90, next_contact_date="2031-01-10 10:00:00")
			nothing = self.mine(0, next_contact_date="2030-11-01 11:00:00")
		with self.at(NOW):
			rows = self.day()["overdue"]["rows"]
		self.assertEqual([row["name"] for row in rows], [each.name for each in (likely, old, large, nothing)])
		self.assertEqual([row["rank"] for row in rows], [900, 60 * 8, 200, 0])

	def test_equal_ranks_by_what_waits_longer_and_then_by_name(self):
		with self.at(MORNING):
			first, second = sorted(
				self.mine(50, next_contact_date="2031-01-10 11:00:00").name for _number in range(2)
			)
			earlier = self.mine(50, next_contact_date="2031-01-10 10:00:00").name
		with self.at(NOW):
			self.assertEqual(self.names()["overdue"], [earlier, first, second])

	def test_today_goes_by_the_hour(self):
		with self.at(MORNING):
			late = self.mine(10**6, next_contact_date="2031-01-10 18:00:00")
			early = self.mine(1, next_contact_date="2031-01-10 13:00:00")
		with self.at(NOW):
			rows = self.day()["today"]["rows"]
		self.assertEqual([row["name"] for row in rows], [early.name, late.name])
		self.assertEqual([row["rank"] for row in rows], [None, None])

	def test_waiting_counts_from_when_it_is_our_turn(self):
		old, new = self.mine(100, waiting_for="Us"), self.mine(100, waiting_for="Us")
		for opportunity, days in ((old, -40), (new, -1)):
			moment = add_to_date(now_datetime(), days=days)
			frappe.db.set_value("Opportunity", opportunity.name, "waiting_since", moment)
		never = self.mine(100, waiting_for="Us")
		frappe.db.set_value("Opportunity", never.name, "waiting_since", None)
		rows = self.day()["waiting"]["rows"]
		self.assertEqual([row["rank"] for row in rows], [20 * 21, 20 * 2, 20])
		self.assertEqual([row["name"] for row in rows], [old.name, new.name, never.name])

	def test_without_a_step_counts_from_the_last_contact(self):
		silent, spoken = self.mine(), self.mine()
		long_ago = add_to_date(now_datetime(), days=-100)
		for each in (silent, spoken):
			frappe.db.set_value("Opportunity", each.name, "creation", long_ago, update_modified=False)
		frappe.db.set_value(
			"Opportunity", spoken.name, "last_response_on", add_to_date(now_datetime(), days=-3)
		)
		rows = self.day()["no_step"]["rows"]
		self.assertEqual(
			[(row["name"], row["rank"]) for row in rows], [(silent.name, 20 * 34), (spoken.name, 20 * 5)]
		)

	def test_the_rule_and_the_statement_say_the_same(self):
		with self.at("2031-06-15 00:00:00"):
			today, opportunity = getdate(), self.opportunity(100)
			for days in range(-2, 100):
				for hour in ("00:00:00", "23:59:59"):
					moment = get_datetime(f"{add_to_date(str(today), days=-days)} {hour}")
					frappe.db.set_value("Opportunity", opportunity.name, "waiting_since", moment)
					query = frappe.qb.from_(table).select(rank_of(table.waiting_since, today))
					said = query.where(table.name == opportunity.name).run()[0][0]
					days_late = inactivity.days_inactive(moment, today)
					self.assertEqual(float(said), ranking.rank(20, days_late), moment)
