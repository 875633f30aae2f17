"""Thousands of random steps over methods, hand edits, mails, quotations and nightly jobs never reach a contradiction."""

import frappe
from frappe.utils import add_days, flt, get_datetime, getdate, now_datetime
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from crm_pipeline.api.auto_close import undo_auto_close
from crm_pipeline.history.changes import WATCHED, last_state
from crm_pipeline.processes.sales_processes import stages_of
from crm_pipeline.quoting.quotations import quotations_of
from crm_pipeline.rules import money, stages, status
from crm_pipeline.tasks import auto_close_opportunities, expire_quotations, wake_paused_opportunities
from crm_pipeline.tests.base import TestCase
from crm_pipeline.tests.factories import (
	in_days,
	make_lost_reason,
	make_mail,
	make_opportunity,
	make_party_opportunity,
	make_quotation,
)

DAYS = 15  # of silence until auto-close
METHODS = ("mark_won", "resume", "reopen", "advance", "step_back")
STATUSES = ("Open", "Replied", "Quotation", "Paused", "Converted", "Lost", "Closed")
STAGES = ("Lead", "Pitching", "Quoting", "Closing", "Won", "Lost")


class OpportunityMachine(RuleBasedStateMachine):
	"""One opportunity, of a party, with or without items, to which anything may happen."""

	def __init__(self):
		super().__init__()
		frappe.db.savepoint("before_opportunity")
		frappe.db.set_single_value("Selling Settings", "close_opportunity_after_days", DAYS)
		frappe.clear_document_cache("Selling Settings", "Selling Settings")
		self.reason = make_lost_reason().name
		self.quotations = []
		self.opportunity = make_party_opportunity()

	def teardown(self):
		frappe.db.rollback(save_point="before_opportunity")
		frappe.clear_document_cache("Selling Settings", "Selling Settings")

	def attempt(self, act):
		"""Do something that may be refused; a refusal leaves the opportunity, its log and its quotations as they were."""
		before = self.picture()
		frappe.db.savepoint("before_step")
		try:
			act()
		except frappe.ValidationError:
			frappe.db.rollback(save_point="before_step")
			assert self.picture() == before
		self.opportunity = frappe.get_doc("Opportunity", self.opportunity.name)

	def picture(self) -> tuple:
		log = frappe.db.count("Pipeline Change", {"opportunity": self.opportunity.name})
		return (
			frappe.get_doc("Opportunity", self.opportunity.name).as_dict(),
			log,
			quotations_of(self.opportunity.name),
		)

	def edit(self, **values):
		self.opportunity.update(values)
		self.opportunity.save()

	@rule(method=st.sampled_from(METHODS))
	def call(self, method):
		self.attempt(getattr(self.opportunity, method))

	@rule(reasons=st.booleans())
	def declare_lost(self, reasons):
		self.attempt(lambda: self.opportunity.declare_lost([self.reason] if reasons else []))

	@rule(days=st.integers(-1, 3))
	def pause(self, days):
		self.attempt(lambda: self.opportunity.pause(in_days(days)))

	@rule(asked=st.sampled_from(STATUSES), reasons=st.booleans())
	def set_status_by_hand(self, asked, reasons):
		rows = [{"lost_reason": self.reason}] if reasons else []
		self.attempt(lambda: self.edit(status=asked, lost_reasons=rows, paused_until=in_days(2)))

	@rule(stage=st.sampled_from(STAGES))
	def set_stage_by_hand(self, stage):
		self.attempt(lambda: self.edit(sales_stage=stage))

	@rule(asked=st.sampled_from(STATUSES), stage=st.sampled_from(STAGES))
	def set_both_by_hand(self, asked, stage):
		self.attempt(lambda: self.edit(status=asked, sales_stage=stage))

	@rule(probability=st.sampled_from([-5, 0, 10, 33.3, 50, 100, 120]))
	def set_probability(self, probability):
		self.attempt(lambda: self.edit(probability=probability))

	@rule(rate=st.sampled_from([0, 12.345, 99999]))
	def set_rate(self, rate):
		self.opportunity.items[0].rate = rate
		self.attempt(self.opportunity.save)

	@rule(direction=st.sampled_from(["Sent", "Received"]))
	def mail(self, direction):
		self.attempt(lambda: make_mail(self.opportunity, direction))

	@rule()
	def quote(self):
		self.attempt(lambda: self.quotations.append(make_quotation(self.opportunity).name))

	@rule(data=st.data(), outcome=st.sampled_from(["cancel", "mark_ordered", "declare_lost", "expire"]))
	def settle_quotation(self, data, outcome):
		if not self.quotations:
			return
		quotation = frappe.get_doc("Quotation", data.draw(st.sampled_from(self.quotations)))
		if outcome == "declare_lost":
			self.attempt(lambda: quotation.declare_lost([self.reason]))
		elif outcome == "expire":
			self.attempt(lambda: self.expire(quotation))
		else:
			self.attempt(getattr(quotation, outcome))

	def expire(self, quotation):
		frappe.db.set_value("Quotation", quotation.name, "valid_till", in_days(-1))
		self.opportunity.reload().save()

	@rule(over=st.booleans())
	def wake_at_night(self, over):
		"""The nightly job, on a day after the end of the pause or before it."""
		paused = self.opportunity.own_status == status.PAUSED
		if paused:
			frappe.db.set_value(
				"Opportunity", self.opportunity.name, "paused_until", in_days(-1 if over else 2)
			)
		self.attempt(wake_paused_opportunities)
		# Under an order a pause does not show, and does not end.
		assert not over or self.opportunity.status != status.PAUSED
		assert over or (self.opportunity.own_status == status.PAUSED) == paused

	@rule(data=st.data())
	def expire_at_night(self, data):
		"""The nightly job, on a day after the last valid one of a quotation."""
		if not self.quotations:
			return
		name = data.draw(st.sampled_from(self.quotations))
		frappe.db.set_value("Quotation", name, "valid_till", in_days(-1))
		self.attempt(expire_quotations)
		stored = frappe.db.get_value("Quotation", name, ["docstatus", "status"])
		assert stored != (1, "Open")

	@rule(days=st.sampled_from([0, 14, 15, 40]))
	def close_at_night(self, days):
		"""The nightly job, after that many days without contact."""
		long_ago = add_days(now_datetime(), -days)
		moments = {"status_since": long_ago, "last_contacted_on": long_ago, "last_response_on": None}
		frappe.db.set_value("Opportunity", self.opportunity.name, moments)
		undone = frappe.db.exists(
			"Auto Closed Opportunity", {"opportunity": self.opportunity.name, "result": "Undone"}
		)
		due = (
			self.opportunity.status == status.REPLIED
			and days >= DAYS
			and not self.is_planned()
			and not undone
		)
		self.attempt(auto_close_opportunities)
		assert (self.opportunity.status == status.CLOSED and bool(self.opportunity.auto_closed)) or not due

	def is_planned(self) -> bool:
		at = self.opportunity.next_contact_date
		return bool(at) and get_datetime(at) > now_datetime()

	@rule(touched=st.booleans())
	def undo_the_night(self, touched):
		batch = frappe.db.get_value(
			"Auto Closed Opportunity", {"opportunity": self.opportunity.name, "result": "Closed"}, "batch"
		)
		if not batch:
			return
		closed = bool(self.opportunity.auto_closed)
		if touched:
			self.attempt(lambda: self.edit(to_discuss="Somebody was here"))
		self.attempt(lambda: undo_auto_close(batch))
		assert not (touched and closed) or self.opportunity.status == status.CLOSED

	@rule(days=st.integers(-2, 20))
	def plan_next_contact(self, days):
		self.attempt(lambda: self.edit(next_contact_date=f"{in_days(days)} 10:00:00"))

	@rule()
	def finish_next_contact(self):
		self.attempt(lambda: self.opportunity.complete_follow_up("They think about it"))

	@invariant()
	def one_calendar_entry_for_one_next_contact(self):
		in_play = self.opportunity.status in status.IN_PLAY
		entry = self.opportunity.follow_up_event and frappe.db.exists(
			"Event", self.opportunity.follow_up_event
		)
		assert bool(entry) == bool(in_play and self.opportunity.next_contact_date)

	@invariant()
	def status_is_what_it_says(self):
		states = [quotation.state for quotation in quotations_of(self.opportunity.name)]
		assert self.opportunity.status == status.derive(self.opportunity.own_status, states)

	@invariant()
	def stage_and_probability_agree_with_it(self):
		stage = stages.find(stages_of(self.opportunity.sales_process), self.opportunity.sales_stage)
		assert stage.type == stages.type_for_status(self.opportunity.status)
		fixed = stages.FIXED_PROBABILITY.get(stage.type, self.opportunity.probability)
		assert flt(self.opportunity.probability) == fixed
		assert 0 <= flt(self.opportunity.probability) <= 100

	@invariant()
	def endings_and_pauses_have_their_data_and_nothing_else_has(self):
		assert bool(self.opportunity.closed_on) == (self.opportunity.status in status.ENDED)
		assert bool(self.opportunity.paused_until) == (self.opportunity.own_status == status.PAUSED)
		assert self.opportunity.status != status.LOST or self.opportunity.lost_reasons
		assert not self.opportunity.close_revenue or self.opportunity.status == status.CONVERTED

	@invariant()
	def amounts_add_up(self):
		opportunity = self.opportunity
		assert (
			opportunity.opportunity_amount
			== opportunity.total
			== money.total([row.amount for row in opportunity.items], 2)
		)
		assert opportunity.weighted_amount == money.weighted(
			opportunity.base_opportunity_amount, opportunity.probability, 2
		)

	@invariant()
	def the_log_tells_the_whole_story(self):
		last = last_state(self.opportunity.name)
		for field in WATCHED.values():
			if field == "expected_closing":
				assert (last[field] and getdate(last[field])) == (
					self.opportunity.get(field) and getdate(self.opportunity.get(field))
				)
			elif isinstance(last[field], float):
				assert flt(last[field]) == flt(self.opportunity.get(field))
			else:
				assert last[field] == self.opportunity.get(field), field


class TestAnyOrderOfEvents(TestCase):
	def test_no_contradiction_is_ever_reached(self):
		run_state_machine_as_test(
			OpportunityMachine,
			settings=settings(
				max_examples=50,
				stateful_step_count=50,
				deadline=None,
				derandomize=True,
				database=None,
				phases=[Phase.generate],
				suppress_health_check=list(HealthCheck),
			),
		)

	def test_an_opportunity_without_party_or_items_takes_part(self):
		opportunity = make_opportunity()
		opportunity.advance()
		self.assertEqual(last_state(opportunity.name).sales_stage, opportunity.sales_stage)
