"""The pulse: today, overdue, waiting for us, rotting, no next step."""

import frappe
from frappe.utils import add_days, get_datetime, get_system_timezone, now_datetime

from crm_pipeline.api.pipeline import count_rotting
from crm_pipeline.rules import time_zones
from crm_pipeline.rules.view_filters import STATES
from crm_pipeline.tests.boards import BoardCase, hence
from crm_pipeline.tests.factories import in_days, make_lost_reason, make_opportunity, make_user
from crm_pipeline.utils.time_zones import zones_of

MORNING, NOW = "2031-01-10 09:00:00", "2031-01-10 12:00:00"
NOTHING = {"count": 0, "amount": 0.0, "weighted": 0.0}


class TestPulse(BoardCase):
	def test_each_state_is_a_filter_with_the_same_figures(self):
		self.process.stages[0].rotting_days = 5
		self.process.save()
		late = self.opportunity(10, next_contact_date=hence(hours=-1))
		rotting = self.opportunity(20, transaction_date=in_days(-30))
		waiting = self.opportunity(30, sales_stage=self.second)
		frappe.db.set_value("Opportunity", waiting.name, "waiting_for", "Us")
		paused = self.opportunity(40)
		paused.pause(in_days(5))
		planned = self.opportunity(50, next_contact_date=hence(days=3))
		for state, *expected in (
			("overdue", late),
			("rotting", rotting),
			("waiting", waiting),
			("no_step", rotting, waiting),
		):
			with self.subTest(state):
				self.assertLeft(*expected, state=state)
				of_pulse = self.pulse()[state]
				self.assertEqual(of_pulse["count"], len(expected))
				self.assertEqual(of_pulse["amount"], sum(each.opportunity_amount for each in expected))
				self.assertEqual(
					of_pulse["weighted"], round(sum(each.weighted_amount for each in expected), 2)
				)
		self.assertLeft(late, rotting, waiting, paused, planned)
		self.assertEqual(self.board()["overdue"], 1)

	def test_the_pulse_obeys_the_filters_but_for_the_state(self):
		anna = make_user("Sales User")
		self.opportunity(10, opportunity_owner=anna)
		self.opportunity(20)
		alone = {"count": 1, "amount": 10, "weighted": 2}
		self.assertEqual(self.pulse(owner=[anna])["no_step"], alone)
		self.assertEqual(self.pulse(scope=f"user:{anna}")["no_step"], alone)
		self.assertEqual(self.pulse(owner=[anna], state="overdue")["no_step"], alone)
		self.assertEqual(self.board(owner=[anna], state="overdue")["totals"]["count"], 0)

	def test_only_what_is_in_play_counts(self):
		lost = self.opportunity(transaction_date=in_days(-90))
		lost.declare_lost([make_lost_reason().name])
		frappe.db.set_value(
			"Opportunity", lost.name, {"waiting_for": "Us", "next_contact_date": hence(hours=-1)}
		)
		self.assertEqual(self.pulse(), dict.fromkeys(STATES, NOTHING))
		for state in STATES:
			board = self.board(state=state)
			counts = [stage["count"] for stage in board["stages"] if stage["type"] == "Open"]
			self.assertEqual((counts, board["totals"]["count"]), ([0] * len(counts), 0))

	def test_what_ended_lately_counts_whatever_the_state(self):
		lost = self.opportunity()
		lost.declare_lost([make_lost_reason().name])
		for state, expected in (*((state, 1) for state in (None, *STATES, "lost")), ("won", 0)):
			with self.subTest(state):
				(strip,) = (each for each in self.board(state=state)["stages"] if each["type"] == "Lost")
				self.assertEqual(strip["count"], expected)
		self.assertEqual(self.board(owner=["nobody"], state="overdue")["stages"][-1]["count"], 0)

	def test_other_processes_do_not_count(self):
		make_opportunity(next_contact_date=hence(hours=-1))
		self.assertEqual(self.pulse()["overdue"], NOTHING)

	def test_nothing_at_all(self):
		self.assertEqual(self.pulse(), dict.fromkeys(STATES, NOTHING))

	def test_a_paused_one_without_a_step_has_one(self):
		paused = self.opportunity()
		paused.pause(in_days(5))
		self.assertEqual(self.pulse()["no_step"]["count"], 0)

	def test_paused_ones_have_a_state_of_their_own_and_wait_for_nobody(self):
		paused = self.opportunity(30, next_contact_date=hence(hours=1))
		paused.pause(in_days(5))
		frappe.db.set_value("Opportunity", paused.name, "waiting_for", "Us")
		self.assertLeft(paused, state="paused")
		for state in ("waiting", "today", "overdue", "no_step", "rotting"):
			self.assertLeft(state=state)
		counts = {state: found["count"] for state, found in self.pulse().items()}
		self.assertEqual(counts, {**dict.fromkeys(STATES, 0), "paused": 1})

	def test_a_contact_missed_in_a_pause_is_missed(self):
		paused = self.opportunity(next_contact_date=hence(hours=-1))
		paused.pause(in_days(5))
		self.assertLeft(paused, state="overdue")
		self.assertLeft(paused, state="paused")

	def test_what_rots_is_what_the_report_says(self):
		self.process.stages[0].rotting_days = 5
		self.process.save()
		before = count_rotting()["value"]
		self.opportunity(transaction_date=in_days(-5))
		self.opportunity(transaction_date=in_days(-6))
		self.assertEqual(self.pulse()["rotting"]["count"], 1)
		self.assertEqual(count_rotting()["value"], before + 1)

	def test_hidden_opportunities_do_not_count(self):
		frappe.db.set_single_value("Selling Settings", "opportunity_visibility", "Own, Assigned and Shared")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		self.opportunity(next_contact_date=hence(hours=-1), next_contact_by=make_user("Sales User"))
		with self.as_user("Sales User"):
			self.assertEqual(self.pulse(), dict.fromkeys(STATES, NOTHING))
			own = self.opportunity(next_contact_date=hence(hours=-1))
			self.assertEqual(self.pulse()["overdue"]["count"], 1)
			self.assertLeft(own, state="overdue")

	def test_large_amounts_add_up(self):
		for _number in range(3):
			self.opportunity(999_999_999_999)
		self.assertEqual(self.pulse()["no_step"]["amount"], 2_999_999_999_997)
		self.assertEqual(self.board()["totals"]["amount"], 2_999_999_999_997)

	def test_sums_of_foreign_amounts_nobody_has_a_rate_for(self):
		opportunity = self.opportunity(70)
		frappe.db.set_value(
			"Opportunity", opportunity.name, {"currency": "XDR", "base_opportunity_amount": 0}
		)
		self.assertEqual(self.pulse()["no_step"], {"count": 1, "amount": 0, "weighted": 14})


class TestBoundaries(BoardCase):
	def planned(self, *moments: str) -> list:
		with self.at(MORNING):
			return [self.opportunity(next_contact_date=moment) for moment in moments]

	def states(self) -> dict[str, set]:
		return {state: self.names(state=state) for state in ("overdue", "today")}

	def test_the_very_moment_is_today_and_a_second_before_is_overdue(self):
		before, now, after = self.planned("2031-01-10 11:59:59", NOW, "2031-01-10 12:00:01")
		with self.at(NOW):
			self.assertEqual(self.states(), {"overdue": {before.name}, "today": {now.name, after.name}})
			self.assertEqual(
				{state: figures["count"] for state, figures in self.pulse().items()},
				{**dict.fromkeys(STATES, 0), "today": 2, "overdue": 1},
			)

	def test_the_last_minute_of_the_day(self):
		last, midnight = self.planned("2031-01-10 23:59:59", "2031-01-11 00:00:00")
		with self.at(NOW):
			self.assertEqual(self.states(), {"overdue": set(), "today": {last.name}})
		with self.at("2031-01-11 00:00:00"):
			self.assertEqual(self.states(), {"overdue": {last.name}, "today": {midnight.name}})

	def test_the_day_is_the_users_own(self):
		tonight, tomorrow = self.planned("2031-01-10 18:00:00", "2031-01-11 13:00:00")
		with self.as_user("Sales User") as user, self.at(NOW):
			for zone in ("Etc/GMT+12", "Etc/GMT-14", get_system_timezone()):
				frappe.db.set_value("User", user, "time_zone", zone)
				end = time_zones.end_of_day(get_datetime(NOW), *zones_of(user))
				planned = {each.name: get_datetime(each.next_contact_date) for each in (tonight, tomorrow)}
				expected = {name for name, moment in planned.items() if moment <= end}
				with self.subTest(zone):
					self.assertEqual(self.states()["today"], expected)


class TestStatements(BoardCase):
	def test_their_number_does_not_grow(self):
		filters = {"scope": "mine", "text": "opportunity", "value": [1, None], "closing": "none"}

		def ask():
			self.board(**filters)

		self.fill()
		ask()
		before = self.statements(ask)
		for _number in range(6):
			self.fill()
		self.assertEqual(self.statements(ask), before)

	def fill(self):
		for stage in (self.first, self.second):
			self.opportunity(
				sales_stage=stage,
				next_contact_date=add_days(now_datetime(), -1),
				opportunity_owner="Administrator",
			)
